/*
 * The areas of a space: what a program may have at its addresses.  They ascend,
 * and none overlaps another.
 *
 * A skip list (Pugh, 1990): all are in the list of level 0, and about a quarter
 * of those of a level in that of the next one.  So one of many is found soon,
 * and a few are nothing but a list.
 *
 *   E1  an area holds one use of its file
 *   E2  areas are of whole pages, not empty, and below SPACE_END
 *   E3  an area is in the lists of the levels below its `levels`; `previous` is
 *       the one before it in that of level 0
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <memory/regions.h>
#include <stdbool.h>

#define AREAS_MOST 65530 /* of a space, as Linux has it */
#define AREA_LEVELS 8

struct node;

struct area {
    uint64_t first, last;
    uint32_t rights;   /* KERNE_READ and so on, which are Linux's, too */
    bool is_shared;    /* what is written, others with the same file have */
    bool is_read_only; /* shared, with a file that is open for reading only */
    bool is_heap, is_stack;
    uint8_t levels;
    struct node *file; /* null: zeros */
    uint64_t offset;   /* in the file, of its first byte */
    struct area *previous;
    struct area *next[]; /* for each of its levels */
};

struct areas {
    struct area *first[AREA_LEVELS];
    unsigned count;
    unsigned levels;    /* that are in use */
    struct area *found; /* last; null: none */
    uint64_t full[2];   /* no address in [0] to [1] is free */
};

/* Which page of its file stands at an address of the area. */
static inline uint64_t area_page(const struct area *area, uint64_t address)
{
    return (area->offset + (address - area->first)) / KERNE_PAGE;
}

/* The area that has an address; null: none has. */
struct area *area_at(struct areas *areas, uint64_t address);

/* The first area that ends behind an address; null: none does. */
struct area *area_after(const struct areas *areas, uint64_t address);

/* Puts a copy of an area in its place, where there is none; joins it to the one
 * before it if the two are alike.  False: no frame is left, or there are as
 * many as there may be. */
bool area_insert(struct areas *areas, const struct area *area);

/* Cuts an area into two at an address, so that none lies on both sides of it.
 * False: as above. */
bool area_cut(struct areas *areas, uint64_t at);

/* Joins the areas of [first, last), and those beside it, that are alike. */
void area_join(struct areas *areas, uint64_t first, uint64_t last);

/* Takes away what is in [first, last), at whose ends no area is cut in two. */
void area_remove(struct areas *areas, uint64_t first, uint64_t last);

/* The highest address with `bytes` free bytes behind it, from `low` on and up
 * to `high`; 0: there is none.  Costs a look at each area above it, but for
 * those that fill all up to `high`. */
uint64_t area_room(struct areas *areas, uint64_t bytes, uint64_t low,
                   uint64_t high);

/* False: no frame is left; what is there then is to be ended. */
bool areas_copy(struct areas *to, const struct areas *from);

void areas_end(struct areas *areas);
