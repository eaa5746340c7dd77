/*
 * Long operations that are abandoned midway: the process that executes one is
 * stopped in the middle of it, and given another pc.
 */
#include "actor.h"
#include "harness.h"

#define WINDOWS 100 /* of 512 pages each */
#define FIRST UINT64_C(0x100001000)

static struct test_child parent;
static struct test_child large;
static volatile uint64_t begun;
static volatile uint64_t ended;

static void map_windows(void)
{
    for (uint64_t i = 0; i < WINDOWS; i++) {
        uint64_t left;
        require(expect_result(
            kerne_map(large.reference, FIRST + i * KERNE_LARGE_PAGE,
                      UINT64_C(0x80400000), 512, KERNE_READ, &left),
            normal));
    }
}

/* Makes a child with many windows, and takes it or its windows down. */
static void take_down(uint64_t by_unmap)
{
    uint64_t left;
    require(expect_result(child_make(&large, "large", 1, actor_rest, 0,
                                     .unmapped = true, .tables = WINDOWS + 4),
                          normal));
    map_windows();
    begun = 1;
    if (by_unmap) {
        kerne_unmap(large.reference, FIRST, 512 * WINDOWS, &left);
    } else {
        kerne_remove(large.reference);
    }
    ended = 1;
}

static bool abandon(uint64_t by_unmap)
{
    begun = ended = 0;
    if (!child_run(&parent, "parent", 3, take_down, by_unmap, .processes = 2,
                   .tables = WINDOWS + 20)) {
        return false;
    }
    for (unsigned i = 0; i < 100000 && !begun; i++) { family_nap(50); }
    return expect_result(kerne_stop(parent.reference), normal) &&
           expect_equal(ended, 0) &&
           expect_result(
               child_set_registers(parent.reference, (uint64_t)child_rest,
                                   parent.stack + CHILD_STACK_BYTES, 0),
               normal) &&
           expect_result(kerne_start(parent.reference), normal);
}

/* It stays dying: out of sight, and only remove accepts it. */
static void remove_abandoned(void)
{
    struct kerne_words words;
    struct kerne_creation creation = {
        .parent = 0,
        .name = "x",
        .number = 1,
        .tables = 1,
    };
    uint64_t ret;
    struct kerne_register_file file = { .x = { 0 } };
    require(abandon(0));
    creation.parent = large.reference;
    expect_result(kerne_read_registers(large.reference, &file), dying);
    expect_result(kerne_start(large.reference), dying);
    expect_result(kerne_stop(large.reference), dying);
    expect_result(kerne_modify(large.reference, &file), dying);
    expect_result(kerne_set_share(large.reference, 100), dying);
    expect_result(kerne_set_claims(large.reference, 0, 0, 1), dying);
    expect_result(kerne_include_user(large.reference, 10), dying);
    expect_result(kerne_map(large.reference, 0, 0, 1, KERNE_READ, &ret), dying);
    expect_result(kerne_unmap(large.reference, FIRST, 1, &ret), dying);
    expect_result(kerne_create(&creation, &ret), dying);
    expect_result(
        kerne_create_pseudo(large.reference, "x", 1, KERNE_SELF, &ret), dying);
    expect_result(kerne_describe(large.reference, KERNE_DESCRIBE_PROCESS, 0,
                                 &ret, &words),
                  normal);
    expect(words.w[3] >> 8 & KERNE_SUSPENDED_DYING);
    expect_equal(family_describe(parent.reference, KERNE_DESCRIBE_TREE, 0, 1),
                 large.reference);
    /* Its name and number are free already. */
    require(expect_result(
        kerne_create_pseudo(parent.reference, "large", 1, KERNE_SELF, &ret),
        normal));
    expect_result(kerne_remove(ret), normal);
    expect_result(kerne_remove(large.reference), normal);
    expect_result(kerne_remove(large.reference), not_descendant);
    expect_equal(family_describe(parent.reference, KERNE_DESCRIBE_TREE, 0, 1),
                 0);
    expect_equal(family_describe(parent.reference, KERNE_DESCRIBE_CLAIM, 2, 3),
                 0);
    child_remove(&parent);
}

/* The subtree with the dying process in it can be removed as a whole. */
static void remove_of_one_above(void)
{
    require(abandon(0));
    expect_result(child_remove(&parent), normal);
}

/* What was unmapped is unmapped, the rest is as it was; again, and it is all
 * gone. */
static void unmap_abandoned(void)
{
    uint64_t left = 1;
    require(abandon(1));
    uint64_t windowed =
        family_describe(large.reference, KERNE_DESCRIBE_CLAIM, 4, 0);
    expect(windowed > 0);
    expect(windowed < WINDOWS * 512);
    expect_result(kerne_start(large.reference), normal);
    expect_result(kerne_stop(large.reference), normal);
    expect_result(kerne_unmap(large.reference, FIRST, 512 * WINDOWS, &left),
                  normal);
    expect_equal(left, 0);
    expect_equal(family_describe(large.reference, KERNE_DESCRIBE_CLAIM, 4, 0),
                 0);
    child_remove(&parent);
}

/* Stopped in the middle and started again, without being touched otherwise,
 * it goes on where it was. */
static void stopped_and_started_midway(void)
{
    for (uint64_t by_unmap = 0; by_unmap < 2; by_unmap++) {
        begun = ended = 0;
        require(child_run(&parent, "parent", 3, take_down, by_unmap,
                          .processes = 2, .tables = WINDOWS + 20));
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
    { .name = "long_operation.remove_of_one_above",
      .function = remove_of_one_above },
    { .name = "long_operation.unmap_abandoned", .function = unmap_abandoned },
    { .name = "long_operation.stopped_and_started_midway",
      .function = stopped_and_started_midway },
    { NULL },
};
