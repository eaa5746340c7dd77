/*
 * Where a pager keeps the pages that are in no frame.  There may be several
 * kinds; the pager knows only this.
 *
 *   R1  what get gives is what put was given, byte for byte
 *   R2  a put that is refused has changed nothing
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <storage.h>

#define ROOM_NOWHERE 0 /* no place */

struct room {
    const char *kind;

    /* Keeps a page: in *place, if that is one, over what was there; else in a
     * place that it chooses.  False: the room is full. */
    bool (*put)(struct room *room, uint32_t *place, const void *page);
    /* The page in this place, which stays.  False: it cannot be read. */
    bool (*get)(struct room *room, uint32_t place, void *ret_page);
    /* The place is free again. */
    void (*forget)(struct room *room, uint32_t place);

    uint64_t bytes; /* of storage that the room has, and fills at present */
    uint64_t filled;
};

/* A room of that kind in this storage of the caller's, at least one page; there
 * is one room at most.  Null: there is no such kind. */
struct room *room_begin(const char *kind, struct storage_run run);

/* A room in the segments of the process of that name, a disk or an area, which
 * it has for itself; in this storage it notes which are in use.  Gives up, in
 * words, if that cannot be. */
struct room *room_area(const char *name, struct storage_run run);
