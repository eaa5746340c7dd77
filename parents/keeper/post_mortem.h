/*
 * What a dead process has left: its registers, and its storage, which its
 * keeper has not given to anybody since.
 */
#pragma once

#include <skeleton.h>

struct post_mortem {
    char how[PARENT_ENDING_BYTES]; /* it died; empty: there is nobody */
    struct storage_run run;        /* no pages: its storage was not kept */
    uint64_t base;                 /* what it had at run.first */
    struct kerne_register_file registers;
};

/* Gives the storage back, and forgets. */
void post_mortem_drop(struct post_mortem *post_mortem);

/* Notes how a child died that is stopped, and with its storage takes it away
 * from it; the child is removed next. */
void post_mortem_take(struct post_mortem *post_mortem, struct child *child,
                      const char *how, bool with_storage);

/* Prints `bytes` bytes from an address on, as the dead one had it; 0 bytes:
 * how it died, and what its pc points at. */
void post_mortem_print(const struct post_mortem *post_mortem, const char *name,
                       uint64_t address, uint64_t bytes);
