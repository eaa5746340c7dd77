/* Numbers that differ from one run to the next as far as the clock does: this
 * machine has no better source. */
#pragma once

#include <stdint.h>

uint64_t random_number(void);
