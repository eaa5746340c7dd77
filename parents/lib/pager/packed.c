/*
 * The packed room: pages made smaller, in grains.  A page is a chain of them,
 * so that nothing need be moved, and no free grain is of no use; its place is
 * the first.  Grain 0 is nobody's: free grains are a chain, too.
 */
#include "room.h"
#include "pack.h"

#include <kerne.h>
#include <string.h>

#define IN_GRAIN 58

struct grain {
    uint32_t next;
    uint16_t size; /* in the first of a page: bytes of it, packed; as many as a
                    * page has: it is as it was */
    uint8_t bytes[IN_GRAIN];
};
_Static_assert(sizeof(struct grain) == 64, "a page is whole grains");

static struct grain *grain;
static uint32_t free_grain, free_grains;

static uint32_t grains_for(uint64_t bytes)
{
    return (uint32_t)((bytes + IN_GRAIN - 1) / IN_GRAIN);
}

static void forget(struct room *room, uint32_t place)
{
    uint32_t count = grains_for(grain[place].size), last = place;
    for (uint32_t i = 1; i < count; i++) { last = grain[last].next; }
    grain[last].next = free_grain;
    free_grain = place;
    free_grains += count;
    room->filled -= count * sizeof(struct grain);
}

/* So many are free. */
static uint32_t take(struct room *room, const uint8_t *bytes, uint64_t size)
{
    uint32_t place = free_grain, count = grains_for(size);
    struct grain *last = NULL;
    for (uint64_t done = 0; done < size; done += IN_GRAIN) {
        uint64_t rest = size - done;
        last = &grain[free_grain];
        memcpy(last->bytes, bytes + done, rest < IN_GRAIN ? rest : IN_GRAIN);
        free_grain = last->next;
    }
    grain[place].size = (uint16_t)size;
    free_grains -= count;
    room->filled += count * sizeof(struct grain);
    return place;
}

static bool put(struct room *room, uint32_t *place, const void *page)
{
    static uint8_t packed[KERNE_PAGE];
    uint64_t size = pack(page, packed, sizeof packed - 1);
    const uint8_t *bytes = size > 0 ? packed : page;
    uint32_t old = *place != ROOM_NOWHERE ? grains_for(grain[*place].size) : 0;
    if (size == 0) { size = KERNE_PAGE; }
    if (grains_for(size) > free_grains + old) { return false; }
    if (old > 0) { forget(room, *place); }
    *place = take(room, bytes, size);
    return true;
}

static bool get(struct room *room, uint32_t place, void *ret_page)
{
    static uint8_t packed[KERNE_PAGE + IN_GRAIN];
    uint64_t size = grain[place].size;
    (void)room;
    for (uint64_t done = 0; done < size; done += IN_GRAIN) {
        memcpy(packed + done, grain[place].bytes, IN_GRAIN);
        place = grain[place].next;
    }
    if (size < KERNE_PAGE) { return unpack(packed, size, ret_page); }
    memcpy(ret_page, packed, KERNE_PAGE);
    return true;
}

struct room *room_packed(struct storage_run run)
{
    uint64_t grains = run.pages * (KERNE_PAGE / sizeof(struct grain));
    static struct room room = { .put = put, .get = get, .forget = forget };
    room.bytes = run.pages * KERNE_PAGE;
    room.filled = 0;
    grain = (struct grain *)run.first;
    free_grain = 1;
    free_grains = (grains < UINT32_MAX ? (uint32_t)grains : UINT32_MAX) - 1;
    for (uint32_t i = 1; i <= free_grains; i++) { grain[i].next = i + 1; }
    return &room;
}
