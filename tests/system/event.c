/* Wait event, get event, test event. */
#include "actor.h"
#include "harness.h"

static uint64_t send_to_self(uint64_t word)
{
    uint64_t buffer;
    expect_result(kerne_send_message(KERNE_SELF, WORDS(word), &buffer), normal);
    return buffer;
}

/* Takes a message to oneself out of the queue, answers it, and takes the
 * answer. */
static void finish(uint64_t buffer)
{
    struct kerne_words answer;
    expect_result(kerne_get_event(buffer), normal);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
    expect_result(kerne_wait_answer(buffer, &answer), normal);
}

static void expect_event_at(struct expect_place place,
                            struct kerne_received event, uint64_t kind,
                            uint64_t buffer)
{
    expect_note(place, EXPECT_NUMBER, event.event & ~UINT64_C(0xff00), kind);
    if (KERNE_EVENT_KIND(kind) != KERNE_NO_EVENT) {
        expect_note(place, EXPECT_NUMBER, event.buffer, buffer);
    }
}
#define expect_event(seen, kind, buffer) \
    expect_event_at(EXPECT_PLACE(#seen), (seen), (kind), (buffer))

static void stays_in_queue(void)
{
    uint64_t buffer = send_to_self(77);
    for (unsigned i = 0; i < 2; i++) {
        struct kerne_received event = kerne_wait_event(0);
        expect_event(event, KERNE_MESSAGE, buffer);
        expect_equal(event.sender, KERNE_SELF);
        expect_equal(event.words.w[0], 77);
    }
    finish(buffer);
}

static void next_after_last(void)
{
    uint64_t first = send_to_self(1);
    uint64_t second = send_to_self(2);
    uint64_t third = send_to_self(3);
    expect_event(kerne_wait_event(0), KERNE_MESSAGE, first);
    expect_event(kerne_wait_event(first), KERNE_MESSAGE, second);
    expect_event(kerne_wait_event(second), KERNE_MESSAGE, third);
    expect_event(kerne_test_event(third), KERNE_NO_EVENT, 0);
    expect_event(kerne_wait_event(first), KERNE_MESSAGE, second);
    finish(second);
    expect_event(kerne_wait_event(first), KERNE_MESSAGE, third);
    finish(first);
    finish(third);
}

/* A `last` that has left the queue, or never was there: from the front, and
 * the event says so. */
static void last_is_gone(void)
{
    uint64_t first = send_to_self(1);
    uint64_t second = send_to_self(2);
    expect_result(kerne_get_event(first), normal);
    expect_event(kerne_wait_event(first), KERNE_MESSAGE | KERNE_EVENT_LAST_GONE,
                 second);
    expect_event(kerne_test_event(first), KERNE_MESSAGE | KERNE_EVENT_LAST_GONE,
                 second);
    expect_event(kerne_wait_event(12345), KERNE_MESSAGE | KERNE_EVENT_LAST_GONE,
                 second);
    expect_result(kerne_regret_message(second), normal);
    expect_event(kerne_test_event(second),
                 KERNE_NO_EVENT | KERNE_EVENT_LAST_GONE, 0);
    expect_result(kerne_send_answer(first, KERNE_r_normal, WORDS(0)), normal);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(first, &answer), normal);
}

static void wait_ends_with_arrival(void)
{
    struct actor_client client = CLIENT_OF(KERNE_PARENT, 31);
    struct test_child child;
    uint64_t own = send_to_self(5);
    require(child_run(&child, "client", 3, actor_client, &client));
    struct kerne_received event = kerne_wait_event(own);
    expect_equal(KERNE_EVENT_KIND(event.event), KERNE_MESSAGE);
    expect_equal(event.sender, KERNE_ADDRESS(0, 3));
    expect_equal(event.words.w[0], 31);
    expect_result(kerne_get_event(event.buffer), normal);
    expect_result(kerne_send_answer(event.buffer, KERNE_r_normal, WORDS(0)),
                  normal);
    require(expect_rests(&child));
    child_remove(&child);
    finish(own);
}

static void answer_carries_result_and_words(void)
{
    for (uint64_t result = 1; result <= 5; result++) {
        uint64_t buffer = send_to_self(1);
        expect_result(kerne_get_event(buffer), normal);
        expect_result(kerne_send_answer(buffer, result,
                                        WORDS(result, 4, 3, 2, 1, 9, 8, 7)),
                      normal);
        struct kerne_received event = kerne_wait_event(0);
        expect_event(event, KERNE_ANSWER, buffer);
        expect_equal(KERNE_EVENT_RESULT(event.event), result);
        expect_words(&event.words, WORDS(result, 4, 3, 2, 1, 9, 8, 7));
        expect_result(kerne_get_event(buffer), normal);
        expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event),
                     KERNE_NO_EVENT);
    }
}

static void get_frees_the_buffer_of_an_answer(void)
{
    uint64_t free_before = family_free(0);
    uint64_t buffer = send_to_self(1);
    expect_result(kerne_get_event(buffer), normal);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
    expect_equal(family_free(0), free_before - 1);
    expect_result(kerne_get_event(buffer), normal);
    expect_equal(family_free(0), free_before);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(buffer, &answer), gone);
    expect_result(kerne_get_event(buffer), gone);
}

static void get_makes_a_message_answerable(void)
{
    uint64_t buffer = send_to_self(1);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), gone);
    expect_result(kerne_get_event(buffer), normal);
    expect_result(kerne_get_event(buffer), gone);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(buffer, &answer), normal);
}

static void get_of_nothing(void)
{
    expect_result(kerne_get_event(0), gone);
    expect_result(kerne_get_event(999), gone);
    expect_result(kerne_get_event(UINT64_MAX), gone);
}

static void test_of_an_empty_queue(void)
{
    expect_event(kerne_test_event(0), KERNE_NO_EVENT, 0);
    uint64_t buffer = send_to_self(3);
    expect_event(kerne_test_event(0), KERNE_MESSAGE, buffer);
    expect_event(kerne_test_event(buffer), KERNE_NO_EVENT, 0);
    finish(buffer);
    expect_event(kerne_test_event(0), KERNE_NO_EVENT, 0);
}

static void trap(uint64_t unused)
{
    (void)unused;
    __asm__ volatile("ebreak" : : : "a0", "memory");
}

/* Messages, answers and breaks stand in one queue in order of arrival. */
static void all_kinds_in_order_of_arrival(void)
{
    struct test_child breaker;
    uint64_t asked = send_to_self(1);
    expect_result(kerne_get_event(asked), normal);
    uint64_t first = send_to_self(2);
    expect_result(kerne_send_answer(asked, KERNE_r_normal, WORDS(0)), normal);
    require(child_run(&breaker, "breaker", 2, trap, 0));
    require(expect_waits(&breaker, KERNE_WAITS_BREAK));
    uint64_t last = send_to_self(3);

    expect_event(kerne_wait_event(0), KERNE_MESSAGE, first);
    expect_event(kerne_wait_event(first), KERNE_ANSWER, asked);
    struct kerne_received broken = kerne_wait_event(asked);
    expect_equal(KERNE_EVENT_KIND(broken.event), KERNE_BREAK);
    expect_equal(broken.sender, child_address(&breaker));
    expect_event(kerne_wait_event(broken.buffer), KERNE_MESSAGE, last);

    expect_equal(kerne_wait_message().buffer, first);
    expect_equal(kerne_wait_message().buffer, broken.buffer);
    expect_result(family_answer_break(broken.buffer, KERNE_GO_ON, 0), normal);
    require(expect_rests(&breaker));
    expect_result(kerne_send_answer(first, KERNE_r_normal, WORDS(0)), normal);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(asked, &answer), normal);
    expect_result(kerne_wait_answer(first, &answer), normal);
    finish(last);
    child_remove(&breaker);
}

const struct test tests[] = {
    { .name = "event.wait.stays_in_queue", .function = stays_in_queue },
    { .name = "event.wait.next_after_last", .function = next_after_last },
    { .name = "event.wait.last_is_gone", .function = last_is_gone },
    { .name = "event.wait.ends_with_arrival",
      .function = wait_ends_with_arrival },
    { .name = "event.wait.answer_carries_result_and_words",
      .function = answer_carries_result_and_words },
    { .name = "event.get.frees_the_buffer_of_an_answer",
      .function = get_frees_the_buffer_of_an_answer },
    { .name = "event.get.makes_a_message_answerable",
      .function = get_makes_a_message_answerable },
    { .name = "event.get.of_nothing", .function = get_of_nothing },
    { .name = "event.test.of_an_empty_queue",
      .function = test_of_an_empty_queue },
    { .name = "event.queue.all_kinds_in_order_of_arrival",
      .function = all_kinds_in_order_of_arrival },
    { NULL },
};
