/* Sets of pages, against a model that keeps a bit for each. */
#include <stdlib.h>
#include <string.h>

#include "dice.h"
#include "rig.h"

#include <ranges.h>

#define PAGES 64
#define ROUNDS 20000

static struct kerne_ranges set;
static bool model[PAGES];

static struct kerne_range some_range(void)
{
    uint64_t first = dice(PAGES * KERNE_PAGE);
    if (dice(2) != 0) { first = first / KERNE_PAGE * KERNE_PAGE; }
    return (struct kerne_range){ first, first + dice(12 * KERNE_PAGE) };
}

/* A1, and the same pages as the model's. */
static void compare(void)
{
    uint64_t last = 0;
    for (unsigned i = 0; i < set.count; i++) {
        struct kerne_range r = set.range[i];
        EXPECT(r.first >= last && r.last > r.first);
        EQUAL((r.first | r.last) % KERNE_PAGE, 0);
        last = r.last;
    }
    for (uint64_t page = 0; page < PAGES; page++) {
        uint64_t first = page * KERNE_PAGE;
        EQUAL(
            kerne_ranges_common(&set, (struct kerne_range){ first, first + 7 }),
            model[page] ? 7 : 0);
    }
}

TEST("ranges.as_the_model")
{
    dice_state = 1;
    set.count = 0;
    memset(model, 0, sizeof model);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct kerne_range r = some_range();
        bool added = dice(2) != 0;
        if (added) {
            kerne_ranges_add(&set, r);
        } else {
            kerne_ranges_cut(&set, r);
        }
        for (uint64_t page = 0; page < PAGES; page++) {
            uint64_t first = page * KERNE_PAGE;
            if (r.first < r.last && r.first < first + KERNE_PAGE &&
                first < r.last) {
                model[page] = added;
            }
        }
        compare();
    }
}

/* In whatever order: pieces that touch are one. */
TEST("ranges.neighbours_join")
{
    static const uint64_t orders[][3] = {
        { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 2, 1, 0 }
    };
    for (unsigned i = 0; i < 4; i++) {
        set.count = 0;
        for (unsigned j = 0; j < 3; j++) {
            uint64_t first = orders[i][j] * 0x10000;
            kerne_ranges_add(&set,
                             (struct kerne_range){ first, first + 0x10000 });
        }
        kerne_ranges_cut(&set, (struct kerne_range){ 1 << 30, (1 << 30) + 1 });
        EQUAL(set.count, 1);
        EQUAL(set.range[0].first, 0);
        EQUAL(set.range[0].last, 0x30000);
    }
}

/* To the ends of all numbers that the device tree can give. */
TEST("ranges.large_numbers")
{
    const uint64_t top = UINT64_C(1) << 57;
    set.count = 0;
    kerne_ranges_add(&set, (struct kerne_range){ 0, top - 1 });
    EQUAL(set.range[0].last, top);
    EQUAL(kerne_ranges_common(&set, (struct kerne_range){ 0, UINT64_MAX }),
          top);
    kerne_ranges_cut(&set, (struct kerne_range){ top, 0 });
    kerne_ranges_cut(&set, (struct kerne_range){ 5, 5 });
    EQUAL(set.count, 1);
    kerne_ranges_cut(&set, (struct kerne_range){ 1, top - 1 });
    EQUAL(set.count, 0);
}
