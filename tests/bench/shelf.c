/*
 * shelf: the parent of a store, and its client, for disk.py: what the two, the
 * driver and the nucleus need together to move a KiB of an area.
 */
#include <backing.h>
#include <skeleton.h>
#include <stdio.h>

#define STORE_BYTES (6 * 1024 * 1024)
#define AREA_BYTES (16 * 1024 * 1024) /* moved in a round; no page is twice */
#define NUMBER 40                     /* by which the area is in use */
#define FLIGHT 8
#define PART (64 * 1024) /* bytes of a request, at most */
#define ROUNDS 5
#define INSTRUCTIONS 100 /* in a tick, where time counts them */

static struct parent shelf;
static struct kerne_use use;

/* A cache of an eighth of the area, so that no page is there from the round
 * before. */
static uint64_t start_store(void)
{
    struct device *device = device_of_kind(&shelf.devices, DEVICE_DISK);
    struct child_order order = {
        .bytes = STORE_BYTES,
        .buffers = 80,
        .processes = 8,
        .mask = shelf.mask,
        .image = shelf.start->image,
        .device_tree = shelf.start->device_tree,
    };
    order.tables = child_tables(&order) + 24;
    struct child *store =
        parent_make(&shelf, "store make shared frames=512", &order);
    if (device == NULL || store == NULL || !child_lend(&shelf, store, device) ||
        !child_start(&shelf, store)) {
        kerne_give_up("there is no store: %s", shelf.refusal);
    }
    return KERNE_ADDRESS(0, store->number);
}

static void make_area(uint64_t store)
{
    struct kerne_words answer;
    uint64_t result = kerne_backing_ask(store, KERNE_BACKING_CREATE, "area",
                                        AREA_BYTES / KERNE_SEGMENT,
                                        KERNE_AREA_PERMANENT, &answer);
    if (result == KERNE_r_normal) {
        result = kerne_use(store, "area", NUMBER, KERNE_USE_WRITE, &use);
    }
    if (result != KERNE_r_normal) {
        kerne_give_up("there is no area: %s",
                      kerne_backing_text(result, use.status));
    }
}

/* ---- what it costs ------------------------------------------------------- */

struct pace {
    const char *name;
    uint64_t operation, grant, bytes, at_once;
    bool is_random;
};

/* As a generator of random numbers that comes to each of the area's parts
 * before it comes to one again. */
static uint64_t next_place(const struct pace *pace, uint64_t place)
{
    uint64_t parts = AREA_BYTES / pace->bytes;
    return (pace->is_random ? place * 1664525 + 1013904223 : place + 1) % parts;
}

/* Moves so many bytes as the area has; keeps so many requests under way.
 * Output has ended when it is flushed. */
static void move(const struct pace *pace)
{
    static char area[FLIGHT][PART] __attribute__((aligned(KERNE_PAGE)));
    static uint64_t place;
    uint64_t buffer[FLIGHT];
    uint64_t count = AREA_BYTES / pace->bytes;
    uint64_t segments = pace->bytes / KERNE_SEGMENT;
    for (uint64_t i = 0; i < count + pace->at_once; i++) {
        uint64_t k = i % pace->at_once;
        struct kerne_words words;
        if (i >= pace->at_once &&
            kerne_wait_answer(buffer[k], &words) != KERNE_r_normal) {
            kerne_give_up("%s: an error", pace->name);
        }
        if (i >= count) { continue; }
        place = next_place(pace, place);
        words = kerne_segments_message(pace->operation, pace->grant, area[k],
                                       segments, place * segments);
        (void)kerne_send_message(use.address, &words, &buffer[k]);
    }
    struct kerne_segments_done done;
    if (pace->operation == KERNE_OUTPUT &&
        kerne_segments_flush(use.address, &done) != KERNE_r_normal) {
        kerne_give_up("%s: %s", pace->name, kerne_segments_text(&done));
    }
}

/* The best of some rounds: idle time, which nobody pays for, makes work for the
 * nucleus. */
static void measure(const struct pace *pace)
{
    uint64_t best = UINT64_MAX;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct kerne_time_record before, after;
        (void)kerne_describe_time(0, &before);
        move(pace);
        (void)kerne_describe_time(0, &after);
        uint64_t ticks = after.with_all_below - before.with_all_below;
        best = ticks < best ? ticks : best;
    }
    parent_say(&shelf, "bench store.%s %lu instructions", pace->name,
               (unsigned long)(best * INSTRUCTIONS / (AREA_BYTES / 1024)));
}

/* The first writes the area side by side on the disk, the last one does not. */
static const struct pace paces[] = {
    { "output_64k_of_eight", KERNE_OUTPUT, KERNE_GRANT_READ, PART, 8, false },
    { "output_4k", KERNE_OUTPUT, KERNE_GRANT_READ, 4096, 1, false },
    { "input_64k_of_eight", KERNE_INPUT, KERNE_GRANT_WRITE, PART, 8, false },
    { "input_4k_ahead", KERNE_INPUT, KERNE_GRANT_WRITE, 4096, 1, false },
    { "input_4k_random", KERNE_INPUT, KERNE_GRANT_WRITE, 4096, 8, true },
    { "output_4k_random", KERNE_OUTPUT, KERNE_GRANT_READ, 4096, 8, true },
};

int main(void)
{
    parent_begin(&shelf);
    parent_needs_image(&shelf);
    parent_learn_devices(&shelf);
    parent_present(&shelf, "console", shelf.console.address);
    parent_present(&shelf, "clock", shelf.clock);
    make_area(start_store());
    for (size_t i = 0; i < sizeof paces / sizeof paces[0]; i++) {
        measure(&paces[i]);
    }
    return 0;
}
