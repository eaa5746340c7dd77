/* Send message: who reaches whom, and what the receiver learns. */
#include "actor.h"
#include "harness.h"

#define LETTERS 0x1111, 0x2222, 0x3333, 0x4444, 0x5555, 0x6666, 0x7777, 0x8888

/* Takes the next message, expects this sender, and answers it. */
static struct kerne_received answer_one(uint64_t sender)
{
    struct kerne_received message = kerne_wait_message();
    expect_equal(KERNE_EVENT_KIND(message.event), KERNE_MESSAGE);
    expect_equal(message.sender, sender);
    struct kerne_words answer = actor_answer(&message.words);
    expect_result(kerne_send_answer(message.buffer, KERNE_r_normal, &answer),
                  normal);
    return message;
}

static void expect_answered(const struct actor_client *client)
{
    struct kerne_words answer = actor_answer(&client->message);
    expect_result(client->result, normal);
    expect_words(&client->answer, &answer);
}

static void words_arrive_sender_first(void)
{
    struct actor_client client = CLIENT_OF(KERNE_PARENT, LETTERS);
    struct test_child child;
    require(child_run(&child, "client", 3, actor_client, &client));
    require(expect_waits(&child, KERNE_WAITS_ANSWER));
    expect_result(client.sent - 1, normal);
    struct kerne_received message = answer_one(KERNE_ADDRESS(0, 3));
    expect_words(&message.words, &client.message);
    require(expect_rests(&child));
    expect_answered(&client);
    child_remove(&child);
}

static void words_arrive_receiver_first(void)
{
    struct actor_client client = CLIENT_OF(KERNE_PARENT, LETTERS);
    struct test_child child;
    require(child_run(&child, "client", 3, actor_client, &client));
    struct kerne_received message = answer_one(KERNE_ADDRESS(0, 3));
    expect_words(&message.words, &client.message);
    require(expect_rests(&child));
    expect_answered(&client);
    child_remove(&child);
}

static void from_parent(void)
{
    struct actor_server server = { 0 };
    struct test_child child;
    require(child_run(&child, "server", 7, actor_server, &server));
    struct kerne_words message = { { LETTERS } };
    struct kerne_words expected = actor_answer(&message);
    struct kerne_words answer;
    uint64_t buffer;
    require(expect_result(
        kerne_send_message(child_address(&child), &message, &buffer), normal));
    expect_result(kerne_wait_answer(buffer, &answer), normal);
    expect_words(&answer, &expected);
    expect_equal(server.last.sender, KERNE_PARENT);
    expect_words(&server.last.words, &message);
    child_remove(&child);
}

static void to_self(void)
{
    struct kerne_words message = { { LETTERS } };
    uint64_t buffer;
    require(expect_result(kerne_send_message(KERNE_SELF, &message, &buffer),
                          normal));
    struct kerne_received received = answer_one(KERNE_SELF);
    expect_equal(received.buffer, buffer);
    expect_words(&received.words, &message);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(buffer, &answer), normal);
    expect_equal(answer.w[7], 0x8889);
}

static void to_sibling(void)
{
    struct actor_server server = { 0 };
    struct actor_client client = CLIENT_OF(KERNE_ADDRESS(1, 4), LETTERS);
    struct test_child servant;
    struct test_child child;
    require(child_run(&servant, "server", 4, actor_server, &server));
    require(child_run(&child, "client", 300, actor_client, &client));
    require(expect_rests(&child));
    expect_answered(&client);
    expect_equal(server.last.sender, KERNE_ADDRESS(1, 300));
    child_remove(&servant);
    child_remove(&child);
}

/* A parent whose only child is a client of its argument. */
static void parent_of_client(uint64_t client)
{
    struct test_child child;
    require(child_run(&child, "inner", 9, actor_client, client));
    require(expect_rests(&child));
    child_remove(&child);
}

/* The receiver learns the sender's ancestor that it can see, and that the
 * sender is inside it. */
static void to_sibling_of_parent(void)
{
    struct actor_server server = { 0 };
    struct actor_client client = CLIENT_OF(KERNE_ADDRESS(2, 4), LETTERS);
    struct test_child servant;
    struct test_child system;
    require(child_run(&servant, "server", 4, actor_server, &server));
    require(child_run(&system, "system", 5, parent_of_client, &client,
                      .processes = 1, .buffers = 8));
    require(expect_rests(&system));
    expect_answered(&client);
    expect_equal(server.last.sender, KERNE_ADDRESS(1, 5) | KERNE_SENDER_INSIDE);
    child_remove(&servant);
    child_remove(&system);
}

/* A grandparent is reached as a sibling of the parent's parent. */
static void to_grandparent(void)
{
    struct actor_client client =
        CLIENT_OF(KERNE_ADDRESS(3, TEST_NUMBER), LETTERS);
    struct test_child system;
    require(child_run(&system, "system", 5, parent_of_client, &client,
                      .processes = 1, .buffers = 8));
    answer_one(KERNE_ADDRESS(0, 5) | KERNE_SENDER_INSIDE);
    require(expect_rests(&system));
    expect_answered(&client);
    child_remove(&system);
}

/* By a number a process reaches its parent and itself as well. */
static void numbers_of_self_and_parent(void)
{
    struct kerne_words message = { { LETTERS } };
    uint64_t buffer;
    require(expect_result(
        kerne_send_message(KERNE_ADDRESS(1, TEST_NUMBER), &message, &buffer),
        normal));
    answer_one(KERNE_SELF);
    expect_result(kerne_wait_answer(buffer, &message), normal);

    struct actor_client client =
        CLIENT_OF(KERNE_ADDRESS(2, TEST_NUMBER), LETTERS);
    struct test_child child;
    require(child_run(&child, "client", 3, actor_client, &client));
    answer_one(KERNE_ADDRESS(0, 3));
    require(expect_rests(&child));
    expect_answered(&client);
    child_remove(&child);
}

static void claim_used_up(void)
{
    struct test_child child;
    require(child_run(&child, "server", 1, actor_rest, 0));
    uint64_t claim = family_free(0);
    uint64_t buffer[TEST_BUFFERS];
    uint64_t count = 0;
    uint64_t result;
    while ((result = kerne_send_message(child_address(&child), WORDS(count),
                                        &buffer[count])) == KERNE_r_normal) {
        require(expect(++count < TEST_BUFFERS));
    }
    expect_result_of("a message too many", result, KERNE_r_no_buffers);
    expect_equal(count, claim);
    expect_equal(family_free(0), 0);
    expect_result(kerne_regret_message(buffer[0]), normal);
    expect_result(
        kerne_send_message(child_address(&child), WORDS(1), &buffer[0]),
        normal);
    expect_result(child_remove(&child), normal);
    for (uint64_t i = 0; i < count; i++) {
        struct kerne_words answer;
        expect_result(kerne_wait_answer(buffer[i], &answer), does_not_exist);
    }
    expect_equal(family_free(0), claim + 4);
}

/* Vacant, beyond the horizon, above the root, no address at all: all one. */
static void unknown_receiver(void)
{
    static const uint64_t unknown[] = {
        KERNE_ADDRESS(0, 77),
        KERNE_ADDRESS(1, 77),
        KERNE_ADDRESS(0, 383),
        KERNE_ADDRESS(0, KERNE_EXTERNAL),
        KERNE_ADDRESS(0, 0xffff),
        KERNE_ADDRESS(2, TEST_NUMBER),
        KERNE_ADDRESS(3, 0),
        KERNE_ADDRESS(31, 1),
        KERNE_ADDRESS(250, 1),
        KERNE_ADDRESS(1, KERNE_EXTERNAL + KERNE_LINES),
        KERNE_VACANT,
        UINT64_C(0x100000000) | KERNE_ADDRESS(1, TEST_NUMBER),
        UINT64_MAX,
        UINT64_C(1) << 63,
    };
    for (unsigned i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        uint64_t buffer;
        struct kerne_words answer;
        uint64_t result =
            kerne_send_message(unknown[i], WORDS(LETTERS), &buffer);
        require(expect_result_of("send to nobody", result, KERNE_r_normal));
        result = kerne_wait_answer(buffer, &answer);
        require(expect_result_of("answer of nobody", result,
                                 KERNE_r_does_not_exist));
        expect_equal_of("received by nobody", answer.w[0], 0);
    }
}

/* A process with horizon 0 has its children and its parent, nothing else. */
static void beyond_the_horizon(void)
{
    struct actor_server server = { 0 };
    struct actor_client client = CLIENT_OF(KERNE_ADDRESS(1, 4), LETTERS);
    struct test_child servant;
    struct test_child child;
    require(child_run(&servant, "server", 4, actor_server, &server));
    require(child_run(&child, "client", 3, actor_client, &client,
                      .horizon = CHILD_NONE));
    require(expect_rests(&child));
    expect_result(client.result, does_not_exist);
    expect_equal(client.answer.w[0], 0);
    expect_equal(server.served, 0);
    child_remove(&child);

    client = CLIENT_OF(KERNE_PARENT, LETTERS);
    require(child_run(&child, "client", 3, actor_client, &client,
                      .horizon = CHILD_NONE));
    answer_one(KERNE_ADDRESS(0, 3));
    require(expect_rests(&child));
    expect_answered(&client);
    child_remove(&child);
    child_remove(&servant);
}

/* The root has nobody above it, and no siblings. */
static void above_the_root(void)
{
    static const uint64_t above[] = {
        KERNE_PARENT,
        KERNE_ADDRESS(1, 0),
        KERNE_ADDRESS(1, KERNE_EXTERNAL),
        KERNE_ADDRESS(2, 1),
    };
    uint64_t free_before = family_free(0);
    for (unsigned i = 0; i < sizeof above / sizeof above[0]; i++) {
        struct kerne_words answer;
        expect_result(kerne_converse(above[i], WORDS(LETTERS), &answer),
                      does_not_exist);
        expect_equal(answer.w[0], 0);
    }
    expect_equal(family_free(0), free_before);
}

const struct test tests[] = {
    { .name = "message.send.words_arrive.sender_first",
      .function = words_arrive_sender_first },
    { .name = "message.send.words_arrive.receiver_first",
      .function = words_arrive_receiver_first },
    { .name = "message.send.from_parent", .function = from_parent },
    { .name = "message.send.to_self", .function = to_self },
    { .name = "message.send.to_sibling", .function = to_sibling },
    { .name = "message.send.to_sibling_of_parent",
      .function = to_sibling_of_parent },
    { .name = "message.send.to_grandparent", .function = to_grandparent },
    { .name = "message.send.numbers_of_self_and_parent",
      .function = numbers_of_self_and_parent },
    { .name = "message.send.claim_used_up", .function = claim_used_up },
    { .name = "message.send.unknown_receiver", .function = unknown_receiver },
    { .name = "message.send.beyond_the_horizon",
      .function = beyond_the_horizon },
    { .name = "message.send.above_the_root",
      .function = above_the_root,
      .as_root = true },
    { NULL },
};
