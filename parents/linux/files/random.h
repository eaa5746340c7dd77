/* Numbers that differ from one run to the next as far as the clock does: this
 * machine has no better source. */
#pragma once

#include <stdint.h>

/* Takes the clock into account; once before each series of numbers. */
void random_stir(void);

uint64_t random_number(void);

/* Fills what there is room for, up to 16 MiB; how much, or -LINUX_EFAULT. */
struct transfer;
long random_fill(struct transfer *to);
