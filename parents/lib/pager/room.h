/*
 * Where a pager keeps the pages that are in no frame.  There may be several
 * kinds; the pager knows only this.
 *
 *   R1  what get gives is what put was given, byte for byte
 *   R2  a put that is refused has changed nothing but, in segments, what was in
 *       the page's own place, and out of date
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <storage.h>

#define ROOM_NOWHERE 0 /* no place */

struct room {
    /* Keeps a page: in *place, if that is one, over what was there; else in a
     * place that it chooses.  False: the room is full. */
    bool (*put)(struct room *room, uint32_t *place, const void *page);
    /* The page in this place, which stays.  False: it cannot be read. */
    bool (*get)(struct room *room, uint32_t place, void *ret_page);
    /* The place is free again. */
    void (*forget)(struct room *room, uint32_t place);

    const char *fault; /* why a put or get was refused; null: it was full */
    uint64_t bytes;    /* of storage that the room has, and fills at present */
    uint64_t filled;
};

/* A room in this storage of the caller's, at least one page; one of each kind
 * at most.  Plain: pages lie in it as they are.  Packed: they are made
 * smaller. */
struct room *room_plain(struct storage_run run);
struct room *room_packed(struct storage_run run);

/* A room in the segments of the process of that name, which it has for itself;
 * or of an area, STORE/AREA, which is made for so many pages, and goes with the
 * pager, if it is not there.  In this storage it notes which are in use.  Gives
 * up, in words, if that cannot be. */
struct room *room_area(const char *name, uint64_t pages,
                       struct storage_run run);
