/*
 * The room in segments: a disk, or an area of a store, that nobody else uses.
 * Page n is the eight segments from 8 * (n - 1) on.
 *
 * The pager waits for whoever keeps them, so that must be beside it, or further
 * out: one that has its own pages from this pager would wait for it.
 */
#include "room.h"

#include <backing.h>
#include <segments.h>
#include <stdio.h>

#define IN_PAGE (KERNE_PAGE / KERNE_SEGMENT)
#define AREA_NUMBER 100 /* of the area among the parent's children */

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

/* The area; if it is not there it is made, for as long as the pager lives. */
static uint64_t use_area(const char *name, uint64_t store, const char *area,
                         uint64_t pages)
{
    static struct kerne_use use;
    struct kerne_words answer;
    (void)kerne_backing_ask(store, KERNE_BACKING_CREATE, area, pages * IN_PAGE,
                            0, &answer);
    uint64_t result =
        kerne_use(store, area, AREA_NUMBER, KERNE_USE_WRITE, &use);
    if (result != KERNE_r_normal) {
        kerne_give_up("%s is no room: %s", name,
                      kerne_backing_text(result, use.status));
    }
    return use.address;
}

/* NAME keeps segments, or STORE/AREA. */
static uint64_t find_server(const char *name, uint64_t pages)
{
    char store[KERNE_NAME_BYTES];
    const char *area = strchr(name, '/');
    if (area == NULL) { return kerne_find(name); }
    snprintf(store, sizeof store, "%.*s", (int)(area - name), name);
    return use_area(name, kerne_find(store), area + 1, pages);
}

struct room *room_area(const char *name, uint64_t pages, struct storage_run run)
{
    static struct room room = { .put = put, .get = get, .forget = forget };
    struct kerne_segments segments;
    struct kerne_segments_done done;
    server = find_server(name, pages);
    if (kerne_segments_sense(server, &segments, &done) != KERNE_r_normal) {
        kerne_give_up("%s is no room: %s", name, kerne_segments_text(&done));
    }
    if (!segments.is_writable) {
        kerne_give_up("%s is no room: it cannot be written", name);
    }
    uint64_t there = segments.all / IN_PAGE;
    uint64_t noted = run.pages * KERNE_PAGE - 1;
    most = (uint32_t)(there < noted ? there : noted);
    is_used = (uint8_t *)run.first;
    memset(is_used, 0, (uint64_t)most + 1);
    room.bytes = most * (uint64_t)KERNE_PAGE;
    return &room;
}
