/*
 * This system's own records, out of frames: of each size, those that are free
 * are in a list.  A frame that holds records stays what it is.
 *
 *   L1  who returns a record says the size with which it was taken
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define POOL_BYTES 4096 /* of the largest record */

/* A record of zeros, aligned to 64 bytes; null: no frame is left for it. */
void *pool_take(size_t bytes);

/* `record` may be null. */
void pool_return(void *record, size_t bytes);

/* Records in use, and the frames that all records are in. */
struct pool_counts {
    uint64_t records, frames;
};
struct pool_counts pool_counts(void);
