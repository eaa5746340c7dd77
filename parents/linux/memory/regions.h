/*
 * The page map of a space: for each page of the program's, which page of this
 * parent's it is, and whether the program has a window there.  In regions of
 * 64 pages; a fork shares their leaves until one of the two changes something.
 *
 *   R1  a leaf that has more than one user is not changed
 *   R2  an entry with ENTRY_OWN is a page of private storage, of which the leaf
 *       is one user; without, one of a file, of which it is one user, too; with
 *       ENTRY_OUT it names a slot instead, and has no window
 *   R3  bits of `readable` and `writable` say which pages have windows;
 *       writable ones are among the readable ones; a page has a writable window
 *       only while it may be written in place
 *
 * No pointer argument may be null.
 */
#pragma once

#include <kerne.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGION_PAGES 64
#define REGION_BYTES (REGION_PAGES * (uint64_t)KERNE_PAGE)
#define SPACE_END (UINT64_C(1) << 38) /* programs lie below */

#define ENTRY_OWN 1u
#define ENTRY_OUT 2u /* memory/swap.h */
#define ENTRY_ADDRESS (~(uint64_t)(KERNE_PAGE - 1))

struct leaf {
    uint64_t users;
    uint64_t
        entry[REGION_PAGES]; /* own address or slot, and bits; 0: no page */
};

struct region {
    struct region *next, *previous; /* in the list of all of the space */
    uint64_t first;                 /* its address */
    struct leaf *leaf;
    uint64_t readable, writable; /* bit n: page n has a window */
};

#define REGION_STEP 64  /* regions of 16 MiB, and those of a GiB */
#define REGION_ROOT 256 /* GiB */

/* With each level, how many there are below: without any it is not there. */
struct chunk {
    struct region *region[REGION_STEP];
    unsigned count;
};

struct gigabyte {
    struct chunk *chunk[REGION_STEP];
    unsigned count;
};

/* Programs mostly lie in the first and the last GiB. */
struct regions {
    struct region *first;
    struct gigabyte *lowest, *highest;
    struct gigabyte **other; /* null: there are none */
    unsigned other_count;
};

static inline struct gigabyte *region_gigabyte(const struct regions *regions,
                                               uint64_t address)
{
    uint64_t number = address >> 30;
    return number == 0                 ? regions->lowest
           : number == REGION_ROOT - 1 ? regions->highest
           : regions->other == NULL    ? NULL
                                       : regions->other[number];
}

/* The region that has an address below SPACE_END; null: there is none. */
static inline struct region *region_find(const struct regions *regions,
                                         uint64_t address)
{
    const struct gigabyte *gigabyte = region_gigabyte(regions, address);
    if (gigabyte == NULL) { return NULL; }
    const struct chunk *chunk = gigabyte->chunk[address >> 24 & 63];
    return chunk == NULL ? NULL : chunk->region[address >> 18 & 63];
}

/* The same, and makes it.  Null: no frame is left. */
struct region *region_make(struct regions *regions, uint64_t address);

/* The first region that has a page at or behind `address`, and before `last`;
 * null: none. */
struct region *region_after(const struct regions *regions, uint64_t address,
                            uint64_t last);

/* Makes the leaf the region's alone (R1).  Null: no frame is left. */
struct leaf *region_own_leaf(struct region *region);

/* All regions of `from`, with leaves shared, but without windows.  False: no
 * frame is left; what is there then is to be ended. */
bool regions_share(struct regions *to, const struct regions *from);

/* Takes a region away, with its pages. */
void region_remove(struct regions *regions, struct region *region);

/* Drops all. */
void regions_end(struct regions *regions);

static inline unsigned region_index(uint64_t address)
{
    return (unsigned)(address / KERNE_PAGE % REGION_PAGES);
}
