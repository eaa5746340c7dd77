/*
 * The conversation of 1969: one buffer, from the sender's claim, carries the
 * message there and the answer back; the nucleus compares the stored sender
 * and receiver at each use.
 */
#include "actor.h"
#include "harness.h"

static struct actor_client client[3];
static struct test_child child[3];
static struct test_child servant;

/* "The risk of a conversation is on the process that opens it": a server needs
 * no buffer of its own, however many clients it has. */
static void risk_is_the_senders(void)
{
    static const char *const names[] = { "a", "b", "c" };
    static struct actor_server server;
    require(child_run(&servant, "server", 9, actor_server, &server,
                      .buffers = CHILD_NONE));
    for (uint64_t i = 0; i < 3; i++) {
        client[i] = CLIENT_OF(KERNE_ADDRESS(1, 9), i);
        require(child_run(&child[i], names[i], i, actor_client, &client[i],
                          .buffers = 1));
    }
    for (uint64_t i = 0; i < 3; i++) {
        require(expect_rests(&child[i]));
        expect_result(client[i].result, normal);
        expect_equal(client[i].answer.w[0], i + 1);
        child_remove(&child[i]);
    }
    child_remove(&servant);
}

struct greedy {
    volatile uint64_t sent;
    volatile uint64_t refused;
    volatile uint64_t after_answer;
};

/* Sends until it is refused; takes one answer; sends once more. */
static void send_all(uint64_t argument)
{
    struct greedy *greedy = (struct greedy *)argument;
    struct kerne_words answer;
    uint64_t first = 0;
    uint64_t buffer;
    uint64_t result;
    while ((result = kerne_send_message(KERNE_PARENT, WORDS(greedy->sent),
                                        &buffer)) == KERNE_r_normal) {
        first = first == 0 ? buffer : first;
        greedy->sent++;
    }
    greedy->refused = result;
    kerne_wait_answer(first, &answer);
    greedy->after_answer =
        kerne_send_message(KERNE_PARENT, WORDS(greedy->sent), &buffer);
}

/* Claim used up: refused at once, nothing is sent, nobody waits; an answer
 * taken makes room for one message. */
static void claim_used_up(void)
{
    static struct greedy greedy;
    greedy = (struct greedy){ 0 };
    require(child_run(&child[0], "greedy", 1, send_all, &greedy, .buffers = 3));
    require(expect_waits(&child[0], KERNE_WAITS_ANSWER));
    expect_equal(greedy.sent, 3);
    expect_result(greedy.refused, no_buffers);
    for (uint64_t i = 0; i < 4; i++) {
        struct kerne_received message = kerne_wait_message();
        expect_equal(message.words.w[0], i);
        expect_result(
            kerne_send_answer(message.buffer, KERNE_r_normal, WORDS(0)),
            normal);
    }
    require(expect_rests(&child[0]));
    expect_result(greedy.after_answer, normal);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
    child_remove(&child[0]);
}

/* The message is accepted, and the nucleus answers it with result 5. */
static void unknown_receiver(void)
{
    client[0] = CLIENT_OF(KERNE_ADDRESS(1, 200), 1, 2, 3);
    require(child_run(&child[0], "client", 1, actor_client, &client[0]));
    require(expect_rests(&child[0]));
    expect_result(client[0].sent - 1, normal);
    expect_result(client[0].result, does_not_exist);
    expect_equal(client[0].answer.w[0], 0);
    child_remove(&child[0]);
}

struct third {
    uint64_t buffer;
    volatile uint64_t answered;
    volatile uint64_t waited;
};

static void interfere(uint64_t argument)
{
    struct third *third = (struct third *)argument;
    struct kerne_words answer;
    third->answered =
        kerne_send_answer(third->buffer, KERNE_r_normal, WORDS(666));
    third->waited = kerne_wait_answer(third->buffer, &answer);
}

/* No third process can interfere: its answer is refused as `gone`, and the
 * right receiver can still answer. */
static void answer_by_the_wrong_process(void)
{
    client[0] = CLIENT_OF(KERNE_PARENT, 4);
    require(child_run(&child[0], "client", 1, actor_client, &client[0]));
    struct third third = { .buffer = kerne_wait_message().buffer };
    require(child_run(&child[1], "third", 2, interfere, &third));
    require(expect_rests(&child[1]));
    expect_result(third.answered, gone);
    expect_result(third.waited, gone);
    expect_equal(client[0].result, 0);
    expect_result(kerne_send_answer(third.buffer, KERNE_r_rejected, WORDS(5)),
                  normal);
    require(expect_rests(&child[0]));
    expect_result(client[0].result, rejected);
    expect_equal(client[0].answer.w[0], 5);
    child_remove(&child[0]);
    child_remove(&child[1]);
}

static void answer_twice(void)
{
    client[0] = CLIENT_OF(KERNE_PARENT, 4);
    require(child_run(&child[0], "client", 1, actor_client, &client[0]));
    uint64_t buffer = kerne_wait_message().buffer;
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(1)), normal);
    expect_result(kerne_send_answer(buffer, KERNE_r_rejected, WORDS(2)), gone);
    require(expect_rests(&child[0]));
    expect_result(kerne_send_answer(buffer, KERNE_r_rejected, WORDS(3)), gone);
    expect_result(client[0].result, normal);
    expect_equal(client[0].answer.w[0], 1);
    child_remove(&child[0]);
}

/* Messages are taken in the order of their arrival, whoever sent them. */
static void first_come_first_served(void)
{
    static const char *const names[] = { "a", "b", "c" };
    static const uint64_t order[] = { 2, 0, 1 };
    for (unsigned i = 0; i < 3; i++) {
        uint64_t who = order[i];
        client[who] = CLIENT_OF(KERNE_PARENT, who);
        require(child_run(&child[who], names[who], who, actor_client,
                          &client[who]));
        require(expect_waits(&child[who], KERNE_WAITS_ANSWER));
    }
    for (unsigned i = 0; i < 3; i++) {
        struct kerne_received message = kerne_wait_message();
        expect_equal(message.words.w[0], order[i]);
        expect_equal(message.sender, KERNE_ADDRESS(0, order[i]));
        expect_result(
            kerne_send_answer(message.buffer, KERNE_r_normal, WORDS(0)),
            normal);
    }
    for (unsigned i = 0; i < 3; i++) {
        require(expect_rests(&child[i]));
        child_remove(&child[i]);
    }
}

/* Received in one order, answered in another: each gets its own. */
static void answers_in_another_order(void)
{
    static const char *const names[] = { "a", "b", "c" };
    uint64_t buffer[3];
    for (uint64_t i = 0; i < 3; i++) {
        client[i] = CLIENT_OF(KERNE_PARENT, i);
        require(child_run(&child[i], names[i], i, actor_client, &client[i]));
    }
    for (unsigned i = 0; i < 3; i++) {
        struct kerne_received message = kerne_wait_message();
        buffer[message.words.w[0] % 3] = message.buffer;
    }
    for (unsigned i = 3; i-- > 0;) {
        expect_equal(client[i].result, 0);
        expect_result(
            kerne_send_answer(buffer[i], KERNE_r_normal, WORDS(10 * i)),
            normal);
        require(expect_rests(&child[i]));
        expect_equal(client[i].answer.w[0], 10 * i);
    }
    for (unsigned i = 0; i < 3; i++) { child_remove(&child[i]); }
}

/* A message withdrawn before it is received is not there; after that its
 * answer only frees the buffer. */
static void regret(void)
{
    static struct actor_server server;
    uint64_t free_before = family_free(0);
    uint64_t buffer[3];
    server.served = 0;
    require(child_run(&servant, "holder", 9, actor_hold, &server));
    for (uint64_t i = 0; i < 3; i++) {
        expect_result(
            kerne_send_message(child_address(&servant), WORDS(i), &buffer[i]),
            normal);
    }
    expect_result(kerne_regret_message(buffer[0]), normal);
    require(expect_rests(&servant));
    expect_equal(server.last.buffer, buffer[1]);
    expect_result(kerne_regret_message(buffer[1]), normal);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(buffer[1], &answer), gone);
    expect_result(kerne_regret_message(buffer[2]), normal);
    child_remove(&servant);
    expect_equal(family_free(0), free_before);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
}

const struct test tests[] = {
    { .name = "conversation.risk_is_the_senders",
      .function = risk_is_the_senders },
    { .name = "conversation.claim_used_up", .function = claim_used_up },
    { .name = "conversation.unknown_receiver", .function = unknown_receiver },
    { .name = "conversation.answer_by_the_wrong_process",
      .function = answer_by_the_wrong_process },
    { .name = "conversation.answer_twice", .function = answer_twice },
    { .name = "conversation.first_come_first_served",
      .function = first_come_first_served },
    { .name = "conversation.answers_in_another_order",
      .function = answers_in_another_order },
    { .name = "conversation.regret", .function = regret },
    { NULL },
};
