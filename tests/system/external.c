/* The machine's clock; what it understands tests/unit/external.c says. */
#include "actor.h"
#include "harness.h"

#define DELAY KERNE_OPERATION(KERNE_CLOCK_DELAY, 0)
#define UNTIL KERNE_OPERATION(KERNE_CLOCK_UNTIL, 0)
#define COUNT 8

static struct test_child child;
static volatile uint64_t counter;

static uint64_t send_clock(uint64_t operation, uint64_t word)
{
    uint64_t buffer;
    expect_result(
        kerne_send_message(family_clock(), WORDS(operation, word), &buffer),
        normal);
    return buffer;
}

static uint64_t clock_answer(uint64_t operation, uint64_t word)
{
    struct kerne_words answer;
    expect_result(kerne_wait_answer(send_clock(operation, word), &answer),
                  normal);
    expect_words(&answer, WORDS(0, answer.w[1]));
    return answer.w[1];
}

/* Never early, and not late, though another spins, and others wait for what
 * never comes. */
static void in_time(void)
{
    static const uint64_t microseconds[] = { 0, 1, 100, 700, 5000, 30000 };
    uint64_t longest = send_clock(DELAY, UINT64_MAX);
    uint64_t never = send_clock(UNTIL, UINT64_MAX);
    require(child_run(&child, "spinner", 3, actor_spin, &counter));
    for (unsigned i = 0; i < 4 * 6; i++) {
        uint64_t ticks = family_ticks(microseconds[i / 4]);
        uint64_t before = kerne_get_clock();
        uint64_t told = i % 2 ? clock_answer(DELAY, ticks)
                              : clock_answer(UNTIL, before + ticks);
        expect(told - before >= ticks);
        expect(told - before < ticks + family_ticks(2000));
        expect(kerne_get_clock() >= told);
    }
    expect(counter > 0);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
    expect_result(kerne_regret_message(longest), normal);
    expect_result(kerne_regret_message(never), normal);
    child_remove(&child);
}

/* Whatever the order of sending. */
static void in_order_of_time(void)
{
    static const uint64_t order[COUNT] = { 5, 2, 7, 1, 6, 3, 0, 4 };
    uint64_t buffer[COUNT];
    uint64_t begin = kerne_get_clock() + family_ticks(10000);
    for (unsigned i = 0; i < COUNT; i++) {
        buffer[order[i]] =
            send_clock(UNTIL, begin + family_ticks(2000) * order[i]);
    }
    for (uint64_t i = 0; i < COUNT; i++) {
        struct kerne_received event = family_next();
        expect_equal(KERNE_EVENT_KIND(event.event), KERNE_ANSWER);
        expect_equal(event.buffer, buffer[i]);
        expect(event.words.w[1] >= begin + family_ticks(2000) * i);
    }
}

const struct test tests[] = {
    { .name = "external.clock.in_time", .function = in_time },
    { .name = "external.clock.in_order_of_time", .function = in_order_of_time },
    { NULL },
};
