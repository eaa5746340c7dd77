#include "driven.h"

#define BYTES (1280 * 1024)

struct child *driven_make(const struct driven *driven)
{
    struct child_order order = {
        .name = "disk",
        .bytes = BYTES,
        .buffers = 8,
        .mask = driven->mask,
        .device_tree = driven->device_tree,
    };
    uint64_t left;
    order.tables = child_tables(&order) + 3;
    struct child *driver = parent_make(driven->parent, driven->command, &order);
    if (driver == NULL ||
        kerne_map(driver->reference, driven->at, driven->from, driven->pages,
                  KERNE_READ | KERNE_WRITE, &left) != KERNE_r_normal) {
        kerne_give_up("there is no driver: %s", driven->parent->refusal);
    }
    return driver;
}
