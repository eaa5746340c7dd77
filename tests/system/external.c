/* The clock. */
#include "actor.h"
#include "harness.h"

#define DELAY KERNE_OPERATION(KERNE_CLOCK_DELAY, 0)
#define UNTIL KERNE_OPERATION(KERNE_CLOCK_UNTIL, 0)
#define SENSE KERNE_OPERATION(KERNE_SENSE, 0)

static uint64_t send_clock(uint64_t operation, uint64_t word)
{
    uint64_t buffer;
    expect_result(
        kerne_send_message(family_clock(), WORDS(operation, word), &buffer),
        normal);
    return buffer;
}

static uint64_t expect_clock(uint64_t buffer)
{
    struct kerne_words answer;
    expect_result(kerne_wait_answer(buffer, &answer), normal);
    expect_equal(answer.w[0], 0);
    for (unsigned i = 2; i < KERNE_WORDS; i++) { expect_equal(answer.w[i], 0); }
    return answer.w[1];
}

static void sense(void)
{
    uint64_t before = kerne_get_clock();
    uint64_t told = expect_clock(send_clock(SENSE, 0));
    expect(told >= before);
    expect(told <= kerne_get_clock());
}

static void delay(void)
{
    static const uint64_t microseconds[] = { 0, 1, 100, 5000, 30000 };
    for (unsigned i = 0; i < 5; i++) {
        uint64_t ticks = family_ticks(microseconds[i]);
        uint64_t before = kerne_get_clock();
        uint64_t told = expect_clock(send_clock(DELAY, ticks));
        expect(told - before >= ticks);
        expect(kerne_get_clock() >= told);
    }
}

static void until(void)
{
    uint64_t due = kerne_get_clock() + family_ticks(5000);
    uint64_t told = expect_clock(send_clock(UNTIL, due));
    expect(told >= due);
    uint64_t before = kerne_get_clock();
    told = expect_clock(send_clock(UNTIL, before - 1));
    expect(told >= before);
    told = expect_clock(send_clock(UNTIL, 0));
    expect(told >= before);
}

/* A delay so long that the sum overflows never ends, and does not disturb. */
static void endless(void)
{
    uint64_t longest = send_clock(DELAY, UINT64_MAX);
    uint64_t never = send_clock(UNTIL, UINT64_MAX);
    expect_clock(send_clock(DELAY, family_ticks(1000)));
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
    expect_result(kerne_regret_message(longest), normal);
    expect_result(kerne_regret_message(never), normal);
}

/* Answered in the order of their times, whatever the order of sending. */
static void in_order_of_time(void)
{
    static const uint64_t order[] = { 5, 2, 7, 1, 6, 3, 0, 4 };
    uint64_t buffer[8];
    uint64_t last = 0;
    uint64_t begin = kerne_get_clock() + family_ticks(10000);
    for (unsigned i = 0; i < 8; i++) {
        buffer[order[i]] =
            send_clock(UNTIL, begin + family_ticks(2000) * order[i]);
    }
    for (uint64_t i = 0; i < 8; i++) {
        struct kerne_received event = family_next();
        expect_equal(KERNE_EVENT_KIND(event.event), KERNE_ANSWER);
        expect_equal(KERNE_EVENT_RESULT(event.event), KERNE_r_normal);
        expect_equal(event.buffer, buffer[i]);
        expect(event.words.w[1] >= begin + family_ticks(2000) * i);
        expect(event.words.w[1] >= last);
        last = event.words.w[1];
    }
}

/* As many as the claim allows; some withdrawn in the middle. */
static void many_at_once(void)
{
    uint64_t buffer[TEST_BUFFERS];
    uint64_t count = family_free(0);
    uint64_t now = kerne_get_clock();
    for (uint64_t i = 0; i < count; i++) {
        buffer[i] = send_clock(UNTIL, now + family_ticks(10000) +
                                          i * 37 % 16 * family_ticks(500));
    }
    for (uint64_t i = 0; i < count; i += 3) {
        expect_result(kerne_regret_message(buffer[i]), normal);
    }
    uint64_t last = 0;
    for (uint64_t i = 0; i < count - (count + 2) / 3; i++) {
        struct kerne_received event = family_next();
        expect_equal(KERNE_EVENT_KIND(event.event), KERNE_ANSWER);
        expect(event.words.w[1] >= last);
        last = event.words.w[1];
    }
    expect_equal(family_free(0), count);
}

static void unknown_operation(void)
{
    static const uint64_t operations[] = { 3, 4, 5, 100, UINT64_MAX >> 2 };
    for (unsigned i = 0; i < 5; i++) {
        struct kerne_words answer;
        expect_result(kerne_converse(family_clock(),
                                     WORDS(KERNE_OPERATION(operations[i], 0)),
                                     &answer),
                      unintelligible);
    }
}

static void sleep_long(uint64_t seconds)
{
    struct kerne_words answer;
    kerne_converse(family_clock(),
                   WORDS(DELAY, family_ticks(seconds * 1000000)), &answer);
}

/* The clock drops the messages of a removed process at once. */
static void sender_removed(void)
{
    struct test_child child;
    uint64_t free_before = family_free(0);
    require(child_run(&child, "sleeper", 3, sleep_long, 1000));
    require(expect_waits(&child, KERNE_WAITS_ANSWER));
    expect_result(child_remove(&child), normal);
    expect_equal(family_free(0), free_before);
    family_nap(1000);
}

static volatile uint64_t counter;

/* A process that spins does not keep the clock from being answered. */
static void while_another_spins(void)
{
    struct test_child child;
    require(child_run(&child, "spinner", 3, actor_spin, &counter));
    for (unsigned i = 0; i < 20; i++) {
        uint64_t before = kerne_get_clock();
        uint64_t ticks = family_ticks(700);
        uint64_t told = expect_clock(send_clock(DELAY, ticks));
        expect(told - before >= ticks);
        expect(told - before < ticks + family_ticks(20000));
    }
    child_remove(&child);
}

const struct test tests[] = {
    { .name = "external.clock.sense", .function = sense },
    { .name = "external.clock.delay", .function = delay },
    { .name = "external.clock.until", .function = until },
    { .name = "external.clock.endless", .function = endless },
    { .name = "external.clock.in_order_of_time", .function = in_order_of_time },
    { .name = "external.clock.many_at_once", .function = many_at_once },
    { .name = "external.clock.unknown_operation",
      .function = unknown_operation },
    { .name = "external.clock.sender_removed", .function = sender_removed },
    { .name = "external.clock.while_another_spins",
      .function = while_another_spins },
    { NULL },
};
