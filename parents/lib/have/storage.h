/*
 * A parent's own storage, given out to its children in runs of pages.
 *
 * The list of free runs is kept apart from the pages, so that nothing that a
 * child writes can disturb it.  First fit; a run that comes back is joined to
 * its neighbours.  Whoever takes a run clears it before a child sees it.
 *
 *   S1  free runs ascend, are page-aligned, not empty, and never touch
 *   S2  pages free + pages lent = pages given to the allocator
 *
 * No nucleus is needed: this file runs natively, too.  No pointer argument may
 * be null, unless its comment says so.
 */
#pragma once

#include <kerne.h>
#include <stdbool.h>
#include <stdint.h>

/* Free runs; there are never more than runs lent and ranges given, plus 1. */
#define STORAGE_RUNS 128

struct storage_run {
    uint64_t first; /* address of the first page */
    uint64_t pages; /* 0: no run */
};

struct storage {
    struct storage_run free[STORAGE_RUNS + 1]; /* of which one is spare */
    unsigned count;
    uint64_t pages; /* given to the allocator, all together */
};

/* Begins with all the whole pages of free storage that a start record tells of,
 * but those that hold the image and the device tree. */
void storage_begin(struct storage *storage, const struct kerne_start *start);

/* A run of `pages` pages (at least 1); from 2 MiB on it is aligned to 2 MiB,
 * if such a run is free, so that large windows can be used.  A run of no
 * pages: there is none so long. */
struct storage_run storage_take(struct storage *storage, uint64_t pages);

/* Takes a run back, if it has pages and a place.  False: the list is full, the
 * run stays lent. */
bool storage_return(struct storage *storage, struct storage_run run);

/* Pages of the longest free run, and of all free runs. */
uint64_t storage_longest(const struct storage *storage);
uint64_t storage_free(const struct storage *storage);
