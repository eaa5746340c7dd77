/*
 * The areas of a space: what a program may have at its addresses.  They ascend,
 * and none overlaps another.
 *
 *   E1  an area holds one use of its file
 *   E2  areas are of whole pages, not empty, and below SPACE_END
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <memory/regions.h>
#include <stdbool.h>

#define AREAS_MOST 512 /* of a space */

struct node;

struct area {
    uint64_t first, last;
    uint32_t rights; /* KERNE_READ and so on, which are Linux's, too */
    bool is_shared;  /* what is written, others with the same file have */
    bool is_heap, is_stack;
    struct node *file; /* null: zeros */
    uint64_t offset;   /* in the file, of its first byte */
};

struct areas {
    struct area **area; /* null: there are none */
    unsigned count, room;
    struct area *found; /* last; null: none */
};

/* Which page of its file stands at an address of the area. */
static inline uint64_t area_page(const struct area *area, uint64_t address)
{
    return (area->offset + (address - area->first)) / KERNE_PAGE;
}

/* The area that has an address; null: none has. */
struct area *area_at(struct areas *areas, uint64_t address);

/* The number of the first area that ends behind an address. */
unsigned area_number(const struct areas *areas, uint64_t address);

/* Puts a copy of an area in its place, where there is none; joins it to the one
 * before it if the two are alike.  False: no frame is left. */
bool area_insert(struct areas *areas, const struct area *area);

/* Cuts an area into two at an address, so that none lies on both sides of it.
 * False: no frame is left. */
bool area_cut(struct areas *areas, uint64_t at);

/* Takes away what is in [first, last), at whose ends no area is cut in two. */
void area_remove(struct areas *areas, uint64_t first, uint64_t last);

/* The highest address with `bytes` free bytes behind it, from `low` on and up
 * to `high`; 0: there is none. */
uint64_t area_room(const struct areas *areas, uint64_t bytes, uint64_t low,
                   uint64_t high);

/* False: no frame is left; what is there then is to be ended. */
bool areas_copy(struct areas *to, const struct areas *from);

void areas_end(struct areas *areas);
