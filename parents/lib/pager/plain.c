/*
 * The plain room: pages as they are, one beside the other in storage.  Place n
 * is the n-th page, the first being 1; a free one holds the place of the next.
 */
#include "room.h"

#include <kerne.h>
#include <string.h>

static uint64_t first;
static uint32_t places; /* that were used once */
static uint32_t most;
static uint32_t free_place;

static void *at(uint32_t place)
{
    return (void *)(first + (uint64_t)(place - 1) * KERNE_PAGE);
}

static bool take(uint32_t *ret_place)
{
    uint32_t place = free_place;
    if (place != ROOM_NOWHERE) {
        memcpy(&free_place, at(place), sizeof free_place);
    } else if (places < most) {
        place = ++places;
    }
    if (place != ROOM_NOWHERE) { *ret_place = place; }
    return place != ROOM_NOWHERE;
}

static bool put(struct room *room, uint32_t *place, const void *page)
{
    if (*place == ROOM_NOWHERE) {
        if (!take(place)) { return false; }
        room->filled += KERNE_PAGE;
    }
    memcpy(at(*place), page, KERNE_PAGE);
    return true;
}

static bool get(struct room *room, uint32_t place, void *ret_page)
{
    (void)room;
    memcpy(ret_page, at(place), KERNE_PAGE);
    return true;
}

static void forget(struct room *room, uint32_t place)
{
    memcpy(at(place), &free_place, sizeof free_place);
    free_place = place;
    room->filled -= KERNE_PAGE;
}

struct room *room_plain(struct storage_run run)
{
    static struct room room = { .put = put, .get = get, .forget = forget };
    room.bytes = run.pages * KERNE_PAGE;
    room.filled = 0;
    first = run.first;
    most = run.pages < UINT32_MAX ? (uint32_t)run.pages : UINT32_MAX;
    return &room;
}
