/*
 * shelf: the parent of a store and of its clients, which are this program, too;
 * for disk.py.
 *
 *     shelf measure    what a client, the store, its driver and the nucleus
 *                      need together to move a KiB of an area
 *     shelf show NAME  one of these, for a trace
 *     shelf clock      the same by the clock, for disk_beside_linux.py
 *     shelf pays NAME  what a small reader pays alone, and beside a heavy one,
 *                      with one request under way
 */
#include "pace.h"

#include <backing.h>
#include <stdio.h>
#include <stdlib.h>

#define STORE_BYTES (6 * 1024 * 1024)
#define CLIENT_BYTES (2 * 1024 * 1024)
#define AREA_BYTES (16 * 1024 * 1024) /* moved in a round; no page is twice */
#define SMALL_BYTES (4 * 1024 * 1024)
#define NUMBER 40 /* by which the area is in use */
#define ROUNDS 5

/* The first writes the area side by side on the disk, the last one does not. */
static const struct pace paces[] = {
    { "output_64k_of_eight", KERNE_OUTPUT, KERNE_GRANT_READ, PACE_REQUEST, 8,
      false },
    { "output_4k", KERNE_OUTPUT, KERNE_GRANT_READ, 4096, 1, false },
    { "input_64k_of_eight", KERNE_INPUT, KERNE_GRANT_WRITE, PACE_REQUEST, 8,
      false },
    { "input_4k_ahead", KERNE_INPUT, KERNE_GRANT_WRITE, 4096, 1, false },
    { "input_4k_random", KERNE_INPUT, KERNE_GRANT_WRITE, 4096, 8, true },
    { "output_4k_random", KERNE_OUTPUT, KERNE_GRANT_READ, 4096, 8, true },
};
#define PACES (sizeof paces / sizeof paces[0])

static struct parent shelf;

#define HEAVY 2

static const struct pace *pace_named(const char *name)
{
    const struct pace *pace = paces;
    while (strcmp(pace->name, name) != 0) {
        if (++pace == paces + PACES) { kerne_give_up("no %s", name); }
    }
    return pace;
}

static struct parent shelf;

/* ---- clients ------------------------------------------------------------- */

static uint64_t tally_address;

static void mark(const struct pace *pace, enum pace_mark what)
{
    struct kerne_words answer;
    (void)kerne_ask(tally_address, pace->operation,
                    (uint64_t)(pace_named(pace->name) - paces), what, &answer);
}

static void use_area(const char *name, uint64_t bytes, struct kerne_use *use)
{
    struct kerne_words answer;
    uint64_t store = kerne_find("store");
    uint64_t result =
        kerne_backing_ask(store, KERNE_BACKING_CREATE, name,
                          bytes / KERNE_SEGMENT, KERNE_AREA_PERMANENT, &answer);
    if (result == KERNE_r_normal) {
        result = kerne_use(store, name, NUMBER, KERNE_USE_WRITE, use);
    }
    if (result != KERNE_r_normal) {
        kerne_give_up("there is no area: %s",
                      kerne_backing_text(result, use->status));
    }
}

/* Its name is that of its area; `all` ends, the others do not. */
static int be_client(const char *name, const char *of)
{
    struct kerne_use use;
    bool is_small = strcmp(name, "small") == 0;
    struct course course = {
        .bytes = is_small ? SMALL_BYTES : AREA_BYTES,
        .traced = 1024 * 1024,
        .rounds = ROUNDS,
        .mark = mark,
    };
    tally_address = kerne_find("tally");
    use_area(name, course.bytes, &use);
    course.address = use.address;
    if (strcmp(name, "all") != 0) {
        struct pace pace = is_small ? *pace_named(of) : paces[HEAVY];
        if (is_small) { pace.at_once = 1; }
        course.rounds = 1;
        pace_all(&course, paces, 1, NULL);
        course.rounds = 0;
        pace_all(&course, &pace, 1, NULL);
    }
    pace_all(&course, paces, PACES, of);
    return 0;
}

/* ---- their parent -------------------------------------------------------- */

static struct tally tally = { .parent = &shelf, .kib = AREA_BYTES / 1024 };
static struct child *tally_name;
static struct child *small; /* null: this is no `pays` */
static unsigned rounds;     /* of the small one, alone or beside */
static enum {
    HEAVY_NONE,
    HEAVY_BEGINS,
    HEAVY_READS,
    HEAVY_BESIDE, /* since before the small one's round began */
} heavy;

static struct child *make(const char *command, struct child_order *order)
{
    order->buffers = 80;
    order->processes = 8;
    order->mask = shelf.mask;
    order->tables += child_tables(order);
    struct child *child = parent_make(&shelf, command, order);
    if (child == NULL) { kerne_give_up("%s: %s", command, shelf.refusal); }
    return child;
}

static struct child *start_client(const char *command)
{
    struct child_order order = { .bytes = CLIENT_BYTES };
    struct child *child = make(command, &order);
    if (!child_start(&shelf, child)) { kerne_give_up("%s", shelf.refusal); }
    return child;
}

/* A cache of an eighth of the area, so that no page is there from the round
 * before. */
static void start_store(void)
{
    struct device *device = device_of_kind(&shelf.devices, DEVICE_DISK);
    struct child_order order = {
        .bytes = STORE_BYTES,
        .tables = 24, /* for its driver */
        .image = shelf.start->image,
        .device_tree = shelf.start->device_tree,
    };
    struct child *store = make("store make shared frames=512", &order);
    if (device == NULL || !child_lend(&shelf, store, device) ||
        !child_start(&shelf, store)) {
        kerne_give_up("there is no store: %s", shelf.refusal);
    }
}

/* Rounds of the small one alone, then as many that began when the heavy one
 * read: all of them are one figure. */
static void small_marks(const char *name, enum pace_mark what)
{
    char figure[64];
    if (what == PACE_BEGINS && rounds == 0) { tally_mark(&tally, name, what); }
    if (what != PACE_ENDS || ++rounds < ROUNDS) { return; }
    rounds = 0;
    tally_mark(&tally, name, what);
    if (heavy == HEAVY_READS) {
        heavy = HEAVY_BESIDE;
        tally.best = 0;
        return;
    }
    if (heavy == HEAVY_BEGINS) { return; }
    snprintf(figure, sizeof figure, "%s.%s", name,
             heavy == HEAVY_BESIDE ? "beside" : "alone");
    tally_mark(&tally, figure, PACE_IS_OVER);
    if (heavy == HEAVY_BESIDE) { exit(0); }
    heavy = HEAVY_BEGINS;
    start_client("shelf heavy");
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    (void)parent;
    if (KERNE_EVENT_KIND(received->event) != KERNE_MESSAGE ||
        !parent_is_for(received, tally_name)) {
        return false;
    }
    const uint64_t *w = received->words.w;
    bool is_small = small != NULL && KERNE_SENDER_ADDRESS(received->sender) ==
                                         KERNE_ADDRESS(0, small->number);
    if (small == NULL) {
        tally_mark(&tally, paces[w[1] % PACES].name, (enum pace_mark)w[2]);
    } else if (kerne_operation_of(&received->words) == KERNE_INPUT) {
        if (is_small) {
            small_marks(paces[w[1] % PACES].name, (enum pace_mark)w[2]);
        } else {
            heavy = heavy == HEAVY_BEGINS ? HEAVY_READS : heavy;
        }
    }
    (void)kerne_send_answer(received->buffer, KERNE_r_normal,
                            &(struct kerne_words){ { 0 } });
    return true;
}

int main(int argc, char **argv)
{
    char command[KERNE_ARGUMENT_BYTES];
    const char *what = argc > 1 ? argv[1] : "";
    bool is_client = strcmp(what, "measure") != 0 &&
                     strcmp(what, "show") != 0 && strcmp(what, "clock") != 0 &&
                     strcmp(what, "pays") != 0;
    tally.is_time = strcmp(what, "clock") == 0;
    if (is_client) { return be_client(what, argc > 2 ? argv[2] : NULL); }
    shelf.event = event;
    parent_begin(&shelf);
    parent_needs_image(&shelf);
    parent_learn_devices(&shelf);
    parent_present(&shelf, "console", shelf.console.address);
    parent_present(&shelf, "clock", shelf.clock);
    tally_name = parent_present(&shelf, "tally", KERNE_SELF);
    tally.label = "store";
    start_store();
    if (strcmp(what, "pays") == 0 && argc > 2) {
        tally.kib = ROUNDS * SMALL_BYTES / 1024;
        tally.label = "store.small";
        snprintf(command, sizeof command, "shelf small %s", argv[2]);
        small = start_client(command);
        tally.process = small->reference;
    } else {
        snprintf(command, sizeof command, "shelf all %s",
                 argc > 2 ? argv[2] : "");
        start_client(command);
    }
    while (child_named(&shelf.children, "shelf") != NULL) {
        parent_serve_one(&shelf);
    }
    return 0;
}
