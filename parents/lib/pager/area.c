/*
 * The room in segments: a disk, or an area of a store, that nobody else uses.
 * Page n is the eight segments from 8 * (n - 1) on.
 *
 * The pager waits for whoever keeps them, so that must be beside it, or further
 * out: one below would wait for the pager whenever it breaks.
 */
#include "room.h"

#include <backing.h>
#include <segments.h>
#include <stdio.h>

#define IN_PAGE (KERNE_PAGE / KERNE_SEGMENT)
#define AREA_NUMBER 100 /* of the area among the parent's children */
#define TRIES 8 /* if the server is gone: its parent may start another one */

static uint64_t server;
static uint8_t *is_used; /* for each page; from 1 on */
static uint32_t most, last;
static char fault[KERNE_TEXT_BYTES];

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

/* False: the server refuses, as the room's fault tells. */
static bool is_moved(struct room *room, uint32_t place, void *ret_page,
                     const void *page)
{
    struct kerne_segments_done done = { .result = KERNE_r_does_not_exist };
    for (unsigned i = 0; i < TRIES && done.result == KERNE_r_does_not_exist;
         i++) {
        if (page != NULL) {
            kerne_segments_output(server, first_of(place), page, IN_PAGE,
                                  &done);
        } else {
            kerne_segments_input(server, first_of(place), ret_page, IN_PAGE,
                                 &done);
        }
    }
    if (done.result == KERNE_r_normal) { return true; }
    snprintf(fault, sizeof fault, "the room of its pager fails: %s",
             kerne_segments_text(&done));
    room->fault = fault;
    return false;
}

static bool put(struct room *room, uint32_t *place, const void *page)
{
    uint32_t to = *place != ROOM_NOWHERE ? *place : find_free();
    room->fault = NULL;
    if (to == ROOM_NOWHERE || !is_moved(room, to, NULL, page)) { return false; }
    room->filled += is_used[to] ? 0 : KERNE_PAGE;
    is_used[to] = true;
    *place = to;
    return true;
}

static bool get(struct room *room, uint32_t place, void *ret_page)
{
    return is_moved(room, place, ret_page, NULL);
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
    char own_name[KERNE_TEXT_BYTES];
    size_t bytes = strcspn(name, "/");
    snprintf(own_name, sizeof own_name, "%.*s", (int)bytes, name);
    uint64_t address = kerne_find(own_name);
    if (address < KERNE_CHILDREN) {
        kerne_give_up("%s is no room: it is below this pager, and each would "
                      "wait for the other; it has to be beside it",
                      name);
    }
    if (name[bytes] == '\0') { return address; }
    return use_area(name, address, name + bytes + 1, pages);
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
