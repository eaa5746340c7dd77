/*
 * The bench along storage: the figures with more and more of it lent to each
 * process that is measured, beside its program, and touched by it; up to half
 * of what the machine has.  The number is that of KiB.
 */
#include "bench.h"
#include "curves.h"
#include "leaf.h"
#include "lent.h"

#define CHILD 1
#define KIB 1024
#define MIB 1024 /* in KiB */
#define SIZES 6

static const uint64_t sizes[SIZES] = { 4, 64, 1024, 16384, 262144, 1048576 };

static const struct curve constant = { "kib", 5, { CURVE_SAME, NULL } };

static void figures(void)
{
    uint64_t first[CURVE_FIGURES] = { 0 };
    unsigned taken = 0;
    while (taken < SIZES && lent_behind_arena(sizes[taken] * KIB)) {
        curve_take(&constant, sizes[taken++], first);
    }
    expect(taken > 2);
    lent_set(0, 0);
}

static uint64_t remove_one(void)
{
    struct test_child child;
    expect_result(bench_make(&child, "holder", CHILD, NULL, 0), normal);
    uint64_t before = instructions();
    uint64_t result = child_remove(&child);
    uint64_t length = instructions() - before;
    expect_result_of("removal", result, KERNE_r_normal);
    return length;
}

/* Linear: from one MiB on, each costs the same.  That is no
 * constant, and where constancy is expected it would be a failure. */
static void removal(void)
{
    uint64_t first = 0;
    uint64_t each = 0; /* of 1 MiB */
    for (unsigned i = 0; i < SIZES && lent_behind_arena(sizes[i] * KIB); i++) {
        uint64_t length = remove_one();
        figure_print_at("process.remove", "kib", sizes[i], length);
        first = first ? first : length;
        uint64_t of_mib = (length - first) * MIB / sizes[i];
        if (sizes[i] >= MIB) {
            each = each ? each : of_mib;
            curve_expect("removal, for each MiB", of_mib, each, 5);
            expect(curve_differs(length, first, 5));
        }
    }
    expect(each > 0);
    lent_set(0, 0);
}

const struct test tests[] = {
    { "extent.figures", figures, .as_root = true },
    { "extent.removal", removal, .as_root = true },
    { NULL },
};
