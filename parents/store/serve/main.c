/*
 * store [on=NAME [of=STORE]] [make] [shared] [frames=N] [commit=N]: keeps named
 * areas of segments on a disk: one of whose driver it is the parent, or a
 * process in sight that takes segments, or an area of another store.  `make`
 * makes an empty store on a disk that was never written; `shared` lets those
 * create areas to whom nothing was given; N pages of storage are its cache; and
 * so many seconds after a change it is on the disk, though nobody has asked for
 * a flush.
 */
#include "clients.h"
#include "driver.h"
#include "outer.h"

#include <stdio.h>
#include <text.h>

#define ENTRIES 512
#define COMMIT_SECONDS 5
#define COMMIT_SECONDS_MOST (24 * 60 * 60)
#define DRIVER_STORAGE (2 * 1024 * 1024) /* is left to the driver */

static struct parent parent;
static struct store store = {
    .finished = clients_finished,
    .copy = clients_copy,
};
static const struct medium *medium;
static const char *on, *of; /* null: it is not said */
static bool may_make;
static bool was_open;
static uint64_t commit_seconds = COMMIT_SECONDS; /* 0: only by a flush */
static uint64_t alarm; /* the clock's message; 0: none is under way */

/* An argument NAME=WORD: the word; null: it is another one. */
static const char *word_of(const char *argument, const char *name)
{
    size_t bytes = strlen(name);
    bool is_one = strncmp(argument, name, bytes) == 0 && argument[bytes] != 0;
    return is_one ? argument + bytes : NULL;
}

/* An argument NAME=N. */
static bool is_set(const char *argument, const char *name, uint64_t *ret_number)
{
    const char *word = word_of(argument, name);
    return word != NULL && text_to_number(word, ret_number);
}

static void read_arguments(int argc, char **argv)
{
    uint64_t frames = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "make") == 0) {
            may_make = true;
        } else if (strcmp(argv[i], "shared") == 0) {
            store.is_shared = true;
        } else if (word_of(argv[i], "on=") != NULL) {
            on = word_of(argv[i], "on=");
        } else if (word_of(argv[i], "of=") != NULL) {
            of = word_of(argv[i], "of=");
        } else if (!(is_set(argv[i], "frames=", &frames) &&
                     frames >= CACHE_FRAMES && frames <= UINT32_MAX) &&
                   !(is_set(argv[i], "commit=", &commit_seconds) &&
                     commit_seconds <= COMMIT_SECONDS_MOST)) {
            kerne_give_up("its arguments are `on=NAME`, `of=STORE`, `make`, "
                          "`shared`, `frames=N` from %u on, and `commit=N`, "
                          "seconds up to %u; not `%s`",
                          CACHE_FRAMES, COMMIT_SECONDS_MOST, argv[i]);
        }
    }
    store.frames_most = (uint32_t)frames;
}

/* All but the driver's, if it has one. */
static void take_storage(void)
{
    uint64_t pages = storage_longest(&parent.storage);
    uint64_t left = on == NULL ? DRIVER_STORAGE / KERNE_PAGE : 0;
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
    kerne_send_held();                /* what is said may have to wait */
    if (store.is_blank && may_make) { /* then it is blank no longer */
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
    medium->ask();
}

/* Counted from the first change on, so that steady work puts nothing off. */
static void set_alarm(void)
{
    if (alarm != 0 || commit_seconds == 0 || store.phase != STORE_OPEN ||
        !store.tables.is_changed || !medium_state.is_writable) {
        return;
    }
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                     kerne_ticks(commit_seconds * 1000000) } };
    if (kerne_send_message(parent.clock, &message, &alarm) != KERNE_r_normal) {
        alarm = 0;
    }
}

static bool alarm_rings(const struct kerne_received *received)
{
    if (received->buffer != alarm) { return false; }
    alarm = 0;
    if (KERNE_EVENT_RESULT(received->event) == KERNE_r_normal) {
        store_commit(&store);
        return true;
    }
    commit_seconds = 0;
    kerne_send_held();
    parent_say(&parent, "no clock answers: it flushes only when it is asked");
    return true;
}

static bool event(const struct kerne_received *received)
{
    driver_works_for(received->sender);
    switch ((enum kerne_event)KERNE_EVENT_KIND(received->event)) {
    case KERNE_ANSWER: return alarm_rings(received) || medium->answer(received);
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

int main(int argc, char **argv)
{
    parent.ended = driver_ended;
    parent.buffers_kept = PARENT_BUFFERS + STORE_TRANSFERS + 3;
    parent_begin(&parent);
    read_arguments(argc, argv);
    if (on == NULL) { parent_needs_image(&parent); }
    take_storage();
    kerne_work_for_oneself();
    clients_begin(&store);
    medium = on == NULL ? driver_begin(&parent, &store)
                        : outer_begin(&parent, &store, on, of);
    store.begin = medium->transfer;
    medium->ask();
    for (;;) {
        struct kerne_received received = kerne_serve_held();
        if (!event(&received)) { parent_event(&parent, &received); }
        if (store.phase == STORE_OFF && store_is_idle(&store) &&
            !medium_state.is_asked) {
            mount_again();
        }
        if (medium_state.is_silent) { clients_go_on(); }
        if (store.phase == STORE_OPEN && !was_open) {
            was_open = true;
            clients_go_on();
        }
        set_alarm();
    }
}
