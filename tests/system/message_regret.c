/* Regret message, in each state of the buffer. */
#include "actor.h"
#include "harness.h"

static void queued_is_unlinked(void)
{
    struct test_child child;
    require(
        expect_result(child_make(&child, "server", 2, actor_rest, 0), normal));
    uint64_t free_before = family_free(0);
    uint64_t buffer;
    expect_result(kerne_send_message(child_address(&child), WORDS(1), &buffer),
                  normal);
    expect_equal(family_free(0), free_before - 1);
    expect_result(kerne_regret_message(buffer), normal);
    expect_equal(family_free(0), free_before);
    uint64_t next;
    struct kerne_words words;
    expect_result(
        kerne_describe(child.reference, KERNE_DESCRIBE_EVENT, 0, &next, &words),
        no_more);
    child_remove(&child);
}

static void regretted_is_gone(void)
{
    uint64_t buffer;
    expect_result(kerne_send_message(KERNE_SELF, WORDS(1), &buffer), normal);
    expect_result(kerne_regret_message(buffer), normal);
    expect_result(kerne_regret_message(buffer), gone);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(buffer, &answer), gone);
    expect_result(kerne_get_event(buffer), gone);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
}

struct answering {
    struct actor_server server;
    volatile uint64_t result;
};

/* Holds a message until told, then answers it. */
static void answer_when_told(uint64_t argument)
{
    struct answering *answering = (struct answering *)argument;
    answering->server.last = kerne_wait_message();
    answering->server.served = 1;
    struct kerne_received signal = kerne_wait_message();
    answering->result = kerne_send_answer(answering->server.last.buffer,
                                          KERNE_r_normal, WORDS(1));
    kerne_send_answer(signal.buffer, KERNE_r_normal, WORDS(1));
}

/* The buffer comes back when the receiver answers, and its answer is a no-op
 * that says `gone`. */
static void received_is_freed_by_the_answer(void)
{
    struct answering answering = { .result = 0 };
    struct test_child child;
    require(child_run(&child, "server", 2, answer_when_told, &answering));
    uint64_t free_before = family_free(0);
    uint64_t buffer;
    expect_result(kerne_send_message(child_address(&child), WORDS(1), &buffer),
                  normal);
    require(expect_becomes(&answering.server.served, 1));
    expect_result(kerne_regret_message(buffer), normal);
    expect_equal(family_free(0), free_before - 1);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(buffer, &answer), gone);
    expect_result(kerne_regret_message(buffer), gone);
    expect_result(kerne_converse(child_address(&child), WORDS(0), &answer),
                  normal);
    expect_result(answering.result, gone);
    expect_equal(family_free(0), free_before);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
    child_remove(&child);
}

/* An answer that is there and not taken is given up with its message. */
static void answered_is_freed(void)
{
    uint64_t free_before = family_free(0);
    uint64_t buffer;
    expect_result(kerne_send_message(KERNE_SELF, WORDS(1), &buffer), normal);
    expect_equal(kerne_wait_message().buffer, buffer);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(1)), normal);
    expect_result(kerne_regret_message(buffer), normal);
    expect_equal(family_free(0), free_before);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(buffer, &answer), gone);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
}

static void order_holds_around_it(void)
{
    uint64_t buffer[6];
    for (unsigned i = 0; i < 6; i++) {
        expect_result(kerne_send_message(KERNE_SELF, WORDS(i), &buffer[i]),
                      normal);
    }
    expect_result(kerne_regret_message(buffer[2]), normal);
    expect_result(kerne_regret_message(buffer[0]), normal);
    expect_result(kerne_regret_message(buffer[5]), normal);
    static const unsigned left[] = { 1, 3, 4 };
    for (unsigned i = 0; i < 3; i++) {
        struct kerne_received message = kerne_wait_message();
        expect_equal(message.buffer, buffer[left[i]]);
        expect_equal(message.words.w[0], left[i]);
        expect_result(
            kerne_send_answer(message.buffer, KERNE_r_normal, WORDS(0)),
            normal);
        struct kerne_words answer;
        expect_result(kerne_wait_answer(message.buffer, &answer), normal);
    }
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
}

/* The clock drops a regretted message at once. */
static void at_the_clock(void)
{
    uint64_t free_before = family_free(0);
    uint64_t buffer;
    expect_result(
        kerne_send_message(family_clock(),
                           WORDS(KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                 family_ticks(100000000)),
                           &buffer),
        normal);
    expect_result(kerne_regret_message(buffer), normal);
    expect_equal(family_free(0), free_before);
    expect_result(kerne_regret_message(buffer), gone);
}

const struct test tests[] = {
    { .name = "message.regret.queued_is_unlinked",
      .function = queued_is_unlinked },
    { .name = "message.regret.regretted_is_gone",
      .function = regretted_is_gone },
    { .name = "message.regret.received_is_freed_by_the_answer",
      .function = received_is_freed_by_the_answer },
    { .name = "message.regret.answered_is_freed",
      .function = answered_is_freed },
    { .name = "message.regret.order_holds_around_it",
      .function = order_holds_around_it },
    { .name = "message.regret.at_the_clock", .function = at_the_clock },
    { NULL },
};
