/* Round robin: the one policy inside the nucleus, in slices of 25.6 ms. */
#include "actor.h"
#include "harness.h"

#define TURNS 32
#define SLICE 25600 /* microseconds */

static volatile uint32_t turn[TURNS];
static volatile uint64_t began[TURNS];
static uint32_t turns;
static const char *const names[] = { "one", "two", "three", "four" };

/* Writes down each turn that it gets. */
static void log_turns(uint64_t who)
{
    for (;;) {
        uint32_t last = __atomic_load_n(&turns, __ATOMIC_SEQ_CST);
        if (last == 0 || turn[(last - 1) % TURNS] != who) {
            uint32_t place = __atomic_fetch_add(&turns, 1, __ATOMIC_SEQ_CST);
            if (place >= TURNS) { child_rest(); }
            turn[place] = (uint32_t)who;
            began[place] = kerne_get_clock();
        }
    }
}

static void equals_take_turns(uint64_t count)
{
    struct test_child child[4];
    turns = 0;
    for (uint64_t i = 0; i < count; i++) {
        require(child_run(&child[i], names[i], i, log_turns, i + 1,
                          .buffers = CHILD_NONE));
    }
    family_nap((TURNS + 4) * SLICE); /* one, for each wakes the caller */
    require(expect(turns >= TURNS));
    for (uint64_t i = count; i < TURNS; i++) {
        expect_equal(turn[i], turn[i - count]); /* the same order each time */
    }
    for (uint64_t i = 1; i < count; i++) {
        for (uint64_t j = 0; j < i; j++) {
            expect(turn[i] != turn[j]); /* each once in a round */
        }
    }
    unsigned whole = 0; /* but for those that a deadline of the root's cuts */
    for (uint64_t i = 0; i + 1 < TURNS; i++) {
        uint64_t length = began[i + 1] - began[i];
        whole += length > family_ticks(SLICE * 9 / 10) &&
                 length < family_ticks(SLICE * 11 / 10);
    }
    expect(whole >= TURNS / 2);
    for (uint64_t i = 0; i < count; i++) { child_remove(&child[i]); }
}

static void two(void) { equals_take_turns(2); }

static void four(void) { equals_take_turns(4); }

static volatile uint64_t counter[3];

/* One that comes later is taken into the round, one that goes leaves it. */
static void who_comes_and_who_goes(void)
{
    struct test_child child[3];
    for (uint64_t i = 0; i < 3; i++) {
        counter[i] = 0;
        require(child_run(&child[i], names[i], i, actor_spin, &counter[i],
                          .buffers = CHILD_NONE));
        for (uint64_t j = 0; j <= i; j++) {
            uint64_t before = counter[j];
            for (unsigned n = 0; n < 20 && counter[j] == before; n++) {
                family_nap(SLICE);
            }
            expect(counter[j] != before);
        }
    }
    for (uint64_t i = 0; i < 3; i++) {
        expect_result(child_remove(&child[i]), normal);
        for (uint64_t j = i + 1; j < 3; j++) {
            uint64_t before = counter[j];
            for (unsigned n = 0; n < 20 && counter[j] == before; n++) {
                family_nap(SLICE);
            }
            expect(counter[j] != before);
        }
    }
}

/* The parent schedules by start and stop: it shares time out as it likes. */
static void parent_schedules_by_start_and_stop(void)
{
    struct test_child child[2];
    for (uint64_t i = 0; i < 2; i++) {
        counter[i] = 0;
        require(expect_result(
            child_make(&child[i], names[i], i, actor_spin, &counter[i]),
            normal));
    }
    for (unsigned round = 0; round < 12; round++) {
        unsigned i = round % 4 == 0 ? 0 : 1;
        expect_result(kerne_start(child[i].reference), normal);
        family_nap(10000);
        expect_result(kerne_stop(child[i].reference), normal);
    }
    uint64_t one =
        family_describe(child[0].reference, KERNE_DESCRIBE_TIME, 0, 0);
    uint64_t other =
        family_describe(child[1].reference, KERNE_DESCRIBE_TIME, 0, 0);
    expect(other > one * 5 / 2);
    expect(other < one * 7 / 2);
    child_remove(&child[0]);
    child_remove(&child[1]);
}

const struct test tests[] = {
    { .name = "round_robin.two_take_turns", .function = two },
    { .name = "round_robin.four_take_turns", .function = four },
    { .name = "round_robin.who_comes_and_who_goes",
      .function = who_comes_and_who_goes },
    { .name = "round_robin.parent_schedules_by_start_and_stop",
      .function = parent_schedules_by_start_and_stop },
    { NULL },
};
