/*
 * A tree of thousands of processes is made and removed, and a process with
 * much storage, for longest_off.py, which counts from outside how long
 * interrupts are off meanwhile.
 */
#include "bench.h"
#include "lent.h"

#define LEVELS 3
#define WIDTH 16 /* children of each process above the leaves */
#define APART UINT64_C(0x200000)

/* Processes below one that has so many levels below it. */
static const uint64_t below[LEVELS + 1] = { 0, 16, 16 * 17, 16 * 273 };

/* Children of a process that has so many levels below it; all that were made
 * below it. */
static uint64_t make_below(uint64_t parent, unsigned level)
{
    uint64_t made = 0;
    for (uint64_t i = 0; i < WIDTH && expect_failures() == 0; i++) {
        uint64_t child = bench_empty(parent, i, below[level - 1]);
        made += 1 + (level > 1 ? make_below(child, level - 1) : 0);
    }
    return made;
}

static void a_tree(void)
{
    uint64_t trunk = bench_empty(0, 0, below[LEVELS]);
    expect_equal(make_below(trunk, LEVELS), below[LEVELS]);
    expect_result(kerne_remove(trunk), normal);
}

/* One that has all that there is to take down. */
static void a_wide_process(void)
{
    uint64_t left;
    uint64_t page = family_arena();
    uint64_t child;
    expect_result(
        kerne_create(&(struct kerne_creation){ .name = "wide",
                                               .number = 1,
                                               .tables = 600,
                                               .mask = KERNE_MASK_ALL },
                     &child),
        normal);
    expect_result(
        kerne_map(child, 0, page, ARENA_BYTES / KERNE_PAGE, KERNE_READ, &left),
        normal);
    for (uint64_t i = 2; i < 500; i++) {
        expect_result(kerne_map(child, i * APART + i * KERNE_PAGE, page, 1,
                                KERNE_READ, &left),
                      normal);
    }
    expect_result(kerne_unmap(child, 0, 256, &left), normal);
    expect_result(kerne_remove(child), normal);
}

/* One that has touched as much storage as there is: 16 MiB, or 1 GiB. */
static void a_large_process(void)
{
    struct test_child child;
    uint64_t bytes = UINT64_C(1) << 30;
    if (!lent_behind_arena(bytes)) {
        require(expect(lent_behind_arena(bytes >> 6)));
    }
    expect_result(bench_make(&child, "large", 1, NULL, 0), normal);
    expect_result(child_remove(&child), normal);
    lent_set(0, 0);
}

const struct test tests[] = {
    { "removal.of_a_tree", a_tree, .as_root = true },
    { "removal.of_a_wide_process", a_wide_process, .as_root = true },
    { "removal.of_a_large_process", a_large_process, .as_root = true },
    { NULL },
};
