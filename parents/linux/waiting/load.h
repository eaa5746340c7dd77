/*
 * The load: how many threads compute, or are about to, on the average of the
 * last 1, 5 and 15 minutes.  They are counted every 5 seconds, as Linux does.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <stdint.h>

#define LOAD_ONE 2048 /* an average of 1 */

/* Begins to count. */
void load_begin(void);

/* The three averages, in parts of LOAD_ONE. */
void load_get(uint64_t ret_average[3]);

/* How many threads there are, and how many of them compute now. */
void load_count(unsigned *ret_threads, unsigned *ret_busy);
