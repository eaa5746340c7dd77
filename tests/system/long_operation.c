/*
 * Long operations that are interrupted midway: the process that executes one
 * is stopped in the middle of it, and goes on, or is given another pc.  What
 * then is left tests/unit/abandon.c says.
 */
#include "actor.h"
#include "harness.h"

#define WINDOWS 100 /* of 512 pages each */
#define FIRST UINT64_C(0x100001000)

static struct test_child parent;
static struct test_child large;
static volatile uint64_t begun;
static volatile uint64_t ended;

/* Makes a child with many windows, and takes it or its windows down. */
static void take_down(uint64_t by_unmap)
{
    uint64_t left;
    require(expect_result(child_make(&large, "large", 1, actor_rest, 0,
                                     .unmapped = true, .tables = WINDOWS + 4),
                          normal));
    for (uint64_t i = 0; i < WINDOWS; i++) {
        require(expect_result(
            kerne_map(large.reference, FIRST + i * KERNE_LARGE_PAGE,
                      UINT64_C(0x80400000), 512, KERNE_READ, &left),
            normal));
    }
    begun = 1;
    if (by_unmap) {
        kerne_unmap(large.reference, FIRST, 512 * WINDOWS, &left);
    } else {
        kerne_remove(large.reference);
    }
    ended = 1;
}

static bool begin(uint64_t by_unmap)
{
    begun = ended = 0;
    return child_run(&parent, "parent", 3, take_down, by_unmap, .processes = 2,
                     .tables = WINDOWS + 20);
}

/* In the middle of it, begun and not ended. */
static void abandon(void)
{
    for (unsigned i = 0; i < 100000 && !begun; i++) { family_nap(50); }
    child_run_anew(&parent, actor_rest, 0);
    expect_equal(begun, 1);
    expect_equal(ended, 0);
}

static uint64_t windows_of_large(void)
{
    return family_describe(large.reference, KERNE_DESCRIBE_CLAIM, 4, 0);
}

/* It stays dying: out of sight, and only remove accepts it. */
static void remove_abandoned(void)
{
    uint64_t reference;
    require(begin(0));
    abandon();
    expect_result(kerne_start(large.reference), dying);
    expect(family_suspended(large.reference) & KERNE_SUSPENDED_DYING);
    /* Its name and number are free already. */
    expect_result(kerne_create_pseudo(parent.reference, "large", 1, KERNE_SELF,
                                      &reference),
                  normal);
    expect_result(kerne_remove(large.reference), normal);
    expect_result(kerne_remove(large.reference), not_descendant);
    child_remove(&parent);
}

/* What was unmapped is unmapped, the rest is as it was; again, and it is all
 * gone. */
static void unmap_abandoned(void)
{
    uint64_t left = 1;
    require(begin(1));
    abandon();
    expect(windows_of_large() > 0);
    expect(windows_of_large() < WINDOWS * 512);
    expect_result(kerne_unmap(large.reference, FIRST, 512 * WINDOWS, &left),
                  normal);
    expect_equal(left, 0);
    expect_equal(windows_of_large(), 0);
    child_remove(&parent);
}

/* Stopped in the middle and started again, without being touched otherwise,
 * it goes on where it was. */
static void stopped_and_started_midway(void)
{
    for (uint64_t by_unmap = 0; by_unmap < 2; by_unmap++) {
        require(begin(by_unmap));
        unsigned midway = 0;
        while (!ended && midway < 100000) {
            family_nap(100);
            midway += begun && !ended;
            expect_result(kerne_stop(parent.reference), normal);
            expect_result(kerne_start(parent.reference), normal);
        }
        expect(midway > 2);
        require(expect_rests(&parent));
        child_remove(&parent);
    }
}

const struct test tests[] = {
    { .name = "long_operation.remove_abandoned", .function = remove_abandoned },
    { .name = "long_operation.unmap_abandoned", .function = unmap_abandoned },
    { .name = "long_operation.stopped_and_started_midway",
      .function = stopped_and_started_midway },
    { NULL },
};
