#include "driven.h"

#define BYTES (1280 * 1024)

/* So many of the parent's pages, from one on, as the driver's from another. */
static uint64_t lend(const struct child *driver, const struct driven *driven,
                     uint64_t as, uint64_t first, uint64_t pages)
{
    uint64_t left;
    return kerne_map(driver->reference, driven->at + as * KERNE_PAGE,
                     driven->from + first * KERNE_PAGE, pages,
                     KERNE_READ | KERNE_WRITE, &left);
}

static bool lend_all(const struct child *driver, const struct driven *driven)
{
    uint64_t turned = driven->turned;
    if (turned == 0) {
        return lend(driver, driven, 0, 0, driven->pages) == KERNE_r_normal;
    }
    return lend(driver, driven, 0, 0, turned) == KERNE_r_normal &&
           lend(driver, driven, turned, turned + 1, 1) == KERNE_r_normal &&
           lend(driver, driven, turned + 1, turned, 1) == KERNE_r_normal &&
           lend(driver, driven, turned + 2, turned + 2,
                driven->pages - turned - 2) == KERNE_r_normal;
}

struct child *driven_make(const struct driven *driven)
{
    struct child_order order = {
        .name = "disk",
        .bytes = BYTES,
        .buffers = 8,
        .mask = driven->mask,
        .device_tree = driven->device_tree,
    };
    order.tables = child_tables(&order) + (driven->turned == 0 ? 3 : 12);
    struct child *driver = parent_make(driven->parent, driven->command, &order);
    if (driver == NULL || !lend_all(driver, driven)) {
        kerne_give_up("there is no driver: %s", driven->parent->refusal);
    }
    return driver;
}
