/* Wait message, send answer, wait answer, and whose a buffer is. */
#include "actor.h"
#include "harness.h"

/* A message to oneself, taken: its buffer is answerable. */
static uint64_t take_own_message(void)
{
    uint64_t buffer;
    expect_result(kerne_send_message(KERNE_SELF, WORDS(5, 6), &buffer), normal);
    expect_equal(kerne_wait_message().buffer, buffer);
    return buffer;
}

static void expect_own_answer(uint64_t buffer)
{
    struct kerne_words answer;
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(8)), normal);
    expect_result(kerne_wait_answer(buffer, &answer), normal);
    expect_equal(answer.w[0], 8);
}

static void each_result_arrives(void)
{
    for (uint64_t result = 1; result <= 5; result++) {
        struct actor_client client = CLIENT_OF(KERNE_PARENT, result);
        struct test_child child;
        require(child_run(&child, "client", 3, actor_client, &client));
        uint64_t buffer = kerne_wait_message().buffer;
        expect_result(kerne_send_answer(buffer, result, WORDS(9, 8, 7)),
                      normal);
        require(expect_rests(&child));
        expect_result_of("each result", client.result, result);
        expect_equal(client.answer.w[2], 7);
        child_remove(&child);
    }
}

/* Not a result of an answer: refused, and the message can be answered. */
static void result_out_of_range(void)
{
    static const uint64_t wrong[] = { 0, 6, 25, 256 + 1, UINT64_MAX };
    uint64_t buffer = take_own_message();
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        expect_result(kerne_send_answer(buffer, wrong[i], WORDS(0)),
                      bad_argument);
    }
    expect_own_answer(buffer);
}

static void answer_twice(void)
{
    uint64_t buffer = take_own_message();
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(1)), normal);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(2)), gone);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(buffer, &answer), normal);
    expect_equal(answer.w[0], 1);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(3)), gone);
}

/* A message that has been seen, and not taken, is not yet answerable. */
static void answer_before_it_is_received(void)
{
    uint64_t buffer;
    expect_result(kerne_send_message(KERNE_SELF, WORDS(5), &buffer), normal);
    expect_equal(kerne_wait_event(0).buffer, buffer);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(1)), gone);
    expect_equal(kerne_wait_message().buffer, buffer);
    expect_own_answer(buffer);
}

/* What a child tries on a buffer that is another's. */
struct intruder {
    uint64_t buffer;
    uint64_t send_answer;
    uint64_t wait_answer;
    uint64_t get_event;
    uint64_t regret;
    uint64_t copy;
    uint64_t path;
};

static void intrude(uint64_t argument)
{
    struct intruder *intruder = (struct intruder *)argument;
    struct kerne_words answer;
    char name[KERNE_NAME_BYTES];
    uint64_t bytes;
    uint64_t buffer = intruder->buffer;
    intruder->send_answer =
        kerne_send_answer(buffer, KERNE_r_normal, WORDS(666));
    intruder->wait_answer = kerne_wait_answer(buffer, &answer);
    intruder->get_event = kerne_get_event(buffer);
    intruder->regret = kerne_regret_message(buffer);
    intruder->copy =
        kerne_general_copy(buffer, KERNE_FETCH, 0, &answer, 8, &bytes);
    intruder->path = kerne_sender_path(buffer, 0, name);
}

static void expect_refused(uint64_t buffer)
{
    struct intruder intruder = { .buffer = buffer };
    struct test_child child;
    require(child_run(&child, "intruder", 8, intrude, &intruder));
    require(expect_rests(&child));
    expect_result(intruder.send_answer, gone);
    expect_result(intruder.wait_answer, gone);
    expect_result(intruder.get_event, gone);
    expect_result(intruder.regret, gone);
    expect_result(intruder.copy, gone);
    expect_result(intruder.path, gone);
    child_remove(&child);
}

/* Queued, received, answered: in none of its states may another process use
 * a buffer. */
static void buffer_of_another(void)
{
    uint64_t buffer;
    expect_result(kerne_send_message(KERNE_SELF, WORDS(5), &buffer), normal);
    expect_refused(buffer);
    expect_equal(kerne_wait_message().buffer, buffer);
    expect_refused(buffer);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(8)), normal);
    expect_refused(buffer);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(buffer, &answer), normal);
    expect_equal(answer.w[0], 8);
}

static void expect_all_gone(uint64_t buffer)
{
    struct intruder own = { .buffer = buffer };
    intrude((uint64_t)&own);
    expect_result(own.send_answer, gone);
    expect_result(own.wait_answer, gone);
    expect_result(own.get_event, gone);
    expect_result(own.regret, gone);
    expect_result(own.copy, gone);
    expect_result(own.path, gone);
}

/* An identity that was valid once is refused, even when its buffer is in use
 * again. */
static void stale_identity(void)
{
    uint64_t buffers = family_free(0);
    uint64_t old = take_own_message();
    expect_own_answer(old);
    expect_all_gone(old);
    uint64_t newer[TEST_BUFFERS];
    for (uint64_t i = 0; i < buffers; i++) {
        expect_result(kerne_send_message(KERNE_SELF, WORDS(i), &newer[i]),
                      normal);
        expect(newer[i] != old);
    }
    expect_all_gone(old);
    for (uint64_t i = 0; i < buffers; i++) {
        expect_equal(kerne_wait_message().buffer, newer[i]);
        expect_own_answer(newer[i]);
    }
}

static void guessed_identity(void)
{
    struct test_child child;
    require(child_run(&child, "other", 2, actor_rest, 0));
    uint64_t used = take_own_message();
    const uint64_t guesses[] = {
        0,
        1,
        7,
        4095,
        65536,
        UINT64_MAX,
        UINT64_C(1) << 63,
        child.reference,
        used + 1,
        used - 1,
        ~used,
        used ^ UINT64_C(1) << 63,
        used ^ UINT64_C(1) << 32,
        used ^ UINT64_C(1) << 44,
        used << 32,
        used >> 32,
        used >> 44,
    };
    for (unsigned i = 0; i < sizeof guesses / sizeof guesses[0]; i++) {
        expect_all_gone(guesses[i]);
    }
    expect_own_answer(used);
    child_remove(&child);
}

/* The sender may not answer for the receiver, nor the receiver take the
 * sender's answer. */
static void sides_are_kept_apart(void)
{
    struct actor_server server = { 0 };
    struct test_child child;
    require(child_run(&child, "holder", 2, actor_hold, &server));
    uint64_t buffer;
    expect_result(kerne_send_message(child_address(&child), WORDS(1), &buffer),
                  normal);
    require(expect_rests(&child));
    expect_equal(server.last.buffer, buffer);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(1)), gone);
    expect_result(kerne_get_event(buffer), gone);
    child_remove(&child);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(buffer, &answer), does_not_exist);

    struct actor_client client = CLIENT_OF(KERNE_PARENT, 4);
    require(child_run(&child, "client", 2, actor_client, &client));
    buffer = kerne_wait_message().buffer;
    expect_result(kerne_wait_answer(buffer, &answer), gone);
    expect_result(kerne_regret_message(buffer), gone);
    expect_result(kerne_get_event(buffer), gone);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(1)), normal);
    require(expect_rests(&child));
    expect_result(client.result, normal);
    child_remove(&child);
}

static void wait_message_passes_over_answers(void)
{
    struct actor_server server = { 0 };
    struct test_child child;
    require(child_run(&child, "server", 2, actor_server, &server));
    uint64_t asked;
    uint64_t own;
    expect_result(kerne_send_message(child_address(&child), WORDS(1), &asked),
                  normal);
    require(expect_becomes(&server.served, 1));
    require(expect_waits(&child, KERNE_WAITS_MESSAGE));
    expect_result(kerne_send_message(KERNE_SELF, WORDS(2), &own), normal);
    expect_equal(kerne_wait_message().buffer, own);
    expect_own_answer(own);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(asked, &answer), normal);
    expect_equal(answer.w[0], 2);
    child_remove(&child);
}

static void messages_in_order_of_arrival(void)
{
    uint64_t buffer[8];
    for (unsigned i = 0; i < 8; i++) {
        expect_result(kerne_send_message(KERNE_SELF, WORDS(i), &buffer[i]),
                      normal);
    }
    for (unsigned i = 0; i < 8; i++) {
        struct kerne_received message = kerne_wait_message();
        expect_equal(message.buffer, buffer[i]);
        expect_equal(message.words.w[0], i);
        expect_own_answer(message.buffer);
    }
}

static void sixteen_answers_in_reverse(void)
{
    struct actor_server server = { 0 };
    struct test_child child;
    require(child_run(&child, "server", 2, actor_server, &server));
    uint64_t buffer[16];
    for (unsigned i = 0; i < 16; i++) {
        expect_result(kerne_send_message(child_address(&child), WORDS(100 * i),
                                         &buffer[i]),
                      normal);
    }
    require(expect_becomes(&server.served, 16));
    for (unsigned i = 16; i-- > 0;) {
        struct kerne_words answer;
        expect_result(kerne_wait_answer(buffer[i], &answer), normal);
        expect_equal(answer.w[0], 100 * i + 1);
    }
    child_remove(&child);
}

const struct test tests[] = {
    { .name = "message.send_answer.each_result_arrives",
      .function = each_result_arrives },
    { .name = "message.send_answer.result_out_of_range",
      .function = result_out_of_range },
    { .name = "message.send_answer.twice", .function = answer_twice },
    { .name = "message.send_answer.before_it_is_received",
      .function = answer_before_it_is_received },
    { .name = "message.buffer.of_another", .function = buffer_of_another },
    { .name = "message.buffer.stale", .function = stale_identity },
    { .name = "message.buffer.guessed", .function = guessed_identity },
    { .name = "message.buffer.sides_are_kept_apart",
      .function = sides_are_kept_apart },
    { .name = "message.wait_message.passes_over_answers",
      .function = wait_message_passes_over_answers },
    { .name = "message.wait_message.in_order_of_arrival",
      .function = messages_in_order_of_arrival },
    { .name = "message.wait_answer.sixteen_in_reverse",
      .function = sixteen_answers_in_reverse },
    { NULL },
};
