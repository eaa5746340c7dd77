/*
 * The room in segments: a disk, or an area of a store, that nobody else uses.
 * Page n is the eight segments from 8 * (n - 1) on.
 *
 * The pager waits for whoever keeps them, so that must be beside it, or further
 * out: one that has its own pages from this pager would wait for it.
 */
#include "room.h"

#include <segments.h>

#define IN_PAGE (KERNE_PAGE / KERNE_SEGMENT)

static uint64_t server;
static uint8_t *is_used; /* for each page; from 1 on */
static uint32_t most, last;

static uint64_t first_of(uint32_t place)
{
    return (uint64_t)(place - 1) * IN_PAGE;
}

static uint32_t find_free(void)
{
    for (uint32_t n = 0; n < most; n++) {
        last = last % most + 1;
        if (!is_used[last]) { return last; }
    }
    return ROOM_NOWHERE;
}

/* What was there may be damaged when this fails: it was out of date. */
static bool put(struct room *room, uint32_t *place, const void *page)
{
    struct kerne_segments_done done;
    uint32_t to = *place != ROOM_NOWHERE ? *place : find_free();
    if (to == ROOM_NOWHERE ||
        kerne_segments_output(server, first_of(to), page, IN_PAGE, &done) !=
            KERNE_r_normal) {
        return false;
    }
    room->filled += is_used[to] ? 0 : KERNE_PAGE;
    is_used[to] = true;
    *place = to;
    return true;
}

static bool get(struct room *room, uint32_t place, void *ret_page)
{
    struct kerne_segments_done done;
    (void)room;
    return kerne_segments_input(server, first_of(place), ret_page, IN_PAGE,
                                &done) == KERNE_r_normal;
}

static void forget(struct room *room, uint32_t place)
{
    is_used[place] = false;
    room->filled -= KERNE_PAGE;
}

struct room *room_area(const char *name, struct storage_run run)
{
    static struct room room = { .put = put, .get = get, .forget = forget };
    struct kerne_segments segments;
    struct kerne_segments_done done;
    server = kerne_find(name);
    if (kerne_segments_sense(server, &segments, &done) != KERNE_r_normal) {
        kerne_give_up("%s is no room: %s", name, kerne_segments_text(&done));
    }
    if (!segments.is_writable) {
        kerne_give_up("%s is no room: it cannot be written", name);
    }
    uint64_t pages = segments.all / IN_PAGE;
    uint64_t noted = run.pages * KERNE_PAGE - 1;
    most = (uint32_t)(pages < noted ? pages : noted);
    is_used = (uint8_t *)run.first;
    memset(is_used, 0, (uint64_t)most + 1);
    room.bytes = most * (uint64_t)KERNE_PAGE;
    return &room;
}
