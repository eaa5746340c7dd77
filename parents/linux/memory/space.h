/*
 * Spaces: what a program has at its addresses, and the windows with which it
 * has it.  Threads share one, and so does a vforked child with its parent.
 *
 *   S1  windows are those of the nucleus's process `reference` and of all that
 *       share them; without one there are none
 *   S2  what the page map calls a window is one, and nothing else is
 *
 * No pointer argument may be null.
 */
#pragma once

#include <memory/areas.h>

/* The stack's GiB, which also has what is mapped where the program leaves the
 * place to us: so few tables do. */
#define SPACE_TRAMPOLINE (SPACE_END - KERNE_PAGE)
#define SPACE_STACK_LAST (SPACE_TRAMPOLINE - KERNE_PAGE)
#define SPACE_STACK_BYTES (UINT64_C(8) << 20)
#define SPACE_MAP_LAST (SPACE_STACK_LAST - SPACE_STACK_BYTES - (1 << 20))
#define SPACE_PROGRAM \
    (SPACE_END - (UINT64_C(1) << 30))   /* position-independent */
#define SPACE_FIRST (UINT64_C(1) << 16) /* nothing is mapped below, unasked */

struct carrier;
struct kept;

struct space {
    unsigned users;
    struct space *next_space, *previous_space; /* of all; by memory/hands.c */
    uint64_t reference;   /* of the oldest process with its windows; 0: none */
    uint64_t tables;      /* of windows, which that process may have */
    struct carrier *idle; /* of its carriers, those that have no thread */
    unsigned idle_count;
    const void *key;   /* of its program; null: none; see kept.h */
    struct kept *kept; /* windows that are to be its; null: none */
    struct areas areas;
    struct regions regions;
    uint64_t heap_first, heap_last;        /* of brk */
    uint64_t arguments[2], environment[2]; /* where they stand, for /proc */
};

/* An empty space with one user; null: no frame is left. */
struct space *space_make(void);

/* Another one with the same areas and the same pages, each of which the first
 * of the two that writes it copies.  Null: no frame is left. */
struct space *space_fork(struct space *space);

static inline void space_use(struct space *space) { space->users++; }
void space_drop(struct space *space);

/* Takes everything away. */
void space_clear(struct space *space);

/* How many pages of its own it has, out in the store or not, and its areas; of
 * those that a fork shares, its part.
 * Costs a look at each. */
uint64_t space_pages(const struct space *space);

/* Opens windows on pages that lie in a row here and there, within a region.
 * False: there are no tables. */
bool space_open(struct space *space, struct region *region, uint64_t address,
                uint64_t own, uint64_t pages, uint64_t rights);

/* The pages of a region that lie in [first, last), which it meets, as bits. */
uint64_t space_bits(const struct region *region, uint64_t first, uint64_t last);

/* Closes the windows of a set of the region's pages: bit n is page n. */
void space_close_pages(struct space *space, struct region *region,
                       uint64_t set);

/* Closes all windows; or those of some pages from `first` on, whosever they
 * are; or those in [first, last). */
void space_close_all(struct space *space);
void space_close_set(uint64_t reference, uint64_t first, uint64_t set);
void space_close(struct space *space, uint64_t first, uint64_t last);

/* Drops the pages in [first, last), and closes their windows: what is there is
 * as it was before it was touched.  False: no frame is left, and some are still
 * there. */
bool space_empty(struct space *space, uint64_t first, uint64_t last);
