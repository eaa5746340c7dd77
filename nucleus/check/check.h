/* The invariants as code, for checking builds and host tests. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The first rule that is broken, in words; null: all hold.  Cost: grows with
 * the processes that live and the buffers in use. */
const char *check_rules(void);

/* The same of the rules about who runs, which hold at the end of a trap. */
const char *check_current(void);

/* Frame and rights of a page of the root; false: it has it not. */
bool check_root_page(uint64_t page, uint64_t *ret_frame, uint64_t *ret_rights);

/* check_rules after each trap, in checking builds; a broken rule is a panic. */
#if KERNE_CHECKS
void check_all(void);
#else
static inline void check_all(void) {}
#endif
