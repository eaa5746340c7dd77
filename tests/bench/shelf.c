/*
 * shelf: the parent of a store, and its client, for disk.py: what the two, the
 * driver and the nucleus need together to move a KiB of an area.
 */
#include "pace.h"

#include <backing.h>

#define STORE_BYTES (6 * 1024 * 1024)
#define AREA_BYTES (16 * 1024 * 1024) /* moved in a round; no page is twice */
#define NUMBER 40                     /* by which the area is in use */

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

int main(int argc, char **argv)
{
    struct course course = {
        .parent = &shelf,
        .label = "store",
        .bytes = AREA_BYTES,
        .traced = 1024 * 1024,
        .rounds = 5,
    };
    parent_begin(&shelf);
    parent_needs_image(&shelf);
    parent_learn_devices(&shelf);
    parent_present(&shelf, "console", shelf.console.address);
    parent_present(&shelf, "clock", shelf.clock);
    make_area(start_store());
    course.address = use.address;
    pace_all(&course, paces, sizeof paces / sizeof paces[0],
             argc > 2 ? argv[2] : NULL);
    return 0;
}
