/*
 * store [make] [frames=N]: keeps named areas of segments on a disk, of whose
 * driver it is the parent.  `make` makes an empty store on a disk that was
 * never written; N pages of storage are its cache.
 */
#include "clients.h"
#include "driver.h"

#include <stdio.h>
#include <text.h>

#define ENTRIES 512
#define DRIVER_STORAGE (2 * 1024 * 1024) /* is left to the driver */

static struct parent parent;
static struct store store = {
    .begin = driver_transfer,
    .finished = clients_finished,
    .copy = clients_copy,
};
static bool may_make;
static bool was_open;

static void read_arguments(int argc, char **argv)
{
    uint64_t frames;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "make") == 0) {
            may_make = true;
        } else if (strncmp(argv[i], "frames=", 7) == 0 &&
                   text_to_number(argv[i] + 7, &frames) &&
                   frames >= CACHE_FRAMES && frames <= UINT32_MAX) {
            store.frames_most = (uint32_t)frames;
        } else {
            kerne_give_up("its arguments are `make` and `frames=N`, from %u "
                          "on; not `%s`",
                          CACHE_FRAMES, argv[i]);
        }
    }
}

/* All but the driver's. */
static void take_storage(void)
{
    uint64_t pages = storage_longest(&parent.storage);
    uint64_t left = DRIVER_STORAGE / KERNE_PAGE;
    struct storage_run run = { 0, 0 };
    if (pages > left) { run = storage_take(&parent.storage, pages - left); }
    if (run.pages == 0) {
        kerne_give_up("its storage is too small: it wants 4 M or more, and a "
                      "thousandth of the disk");
    }
    store.memory = (char *)run.first;
    store.memory_bytes = run.pages * KERNE_PAGE;
}

/* The store is off: by a disk that is none of a store, or by an error of its
 * device, which leaves in doubt what the disk has. */
static void mount_again(void)
{
    if (store.is_blank && may_make) {
        may_make = false;
        if (store_make(&store, ENTRIES)) { return; }
    }
    if (!was_open) {
        kerne_give_up("%s%s", store.why,
                      store.is_blank ? "; with the argument `make` it makes an "
                                       "empty store there"
                                     : "");
    }
    parent_say(&parent, "%s; what no flush has followed may be lost",
               store.why);
    was_open = false;
    store_begin(&store);
}

static bool event(struct parent *own, const struct kerne_received *received)
{
    (void)own;
    switch ((enum kerne_event)KERNE_EVENT_KIND(received->event)) {
    case KERNE_ANSWER: return driver_answer(received);
    case KERNE_MESSAGE:
        if (KERNE_SENDER_ADDRESS(received->sender) < KERNE_CHILDREN) {
            return false; /* the driver's */
        }
        clients_message(received);
        return true;
    case KERNE_BREAK:
    case KERNE_NO_EVENT: break;
    }
    return false;
}

static bool ended(struct parent *own, struct child *child)
{
    (void)own;
    (void)child;
    driver_ended();
    return true;
}

int main(int argc, char **argv)
{
    parent.event = event;
    parent.ended = ended;
    parent.buffers_kept = PARENT_BUFFERS + STORE_TRANSFERS + 1;
    parent_begin(&parent);
    parent_needs_image(&parent);
    read_arguments(argc, argv);
    take_storage();
    clients_begin(&store);
    driver_begin(&parent, &store);
    driver_ask();
    for (;;) {
        parent_serve_one(&parent);
        if (store.phase == STORE_OFF && store_is_idle(&store)) {
            mount_again();
        }
        if (store.phase == STORE_OPEN && !was_open) {
            was_open = true;
            clients_go_on();
        }
    }
}
