/* Converse and serve: the combined calls equal their parts. */
#include "actor.h"
#include "harness.h"

#define LETTERS 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88

static void expect_answered(const struct actor_client *client)
{
    struct kerne_words answer = actor_answer(&client->message);
    expect_result(client->result, normal);
    expect_words(&client->answer, &answer);
}

/* A client and a server, siblings; whoever is to be first waits before the
 * other starts. */
static void pair(void (*server_does)(uint64_t), void (*client_does)(uint64_t),
                 bool server_first)
{
    struct actor_server server = { 0 };
    struct actor_client client = CLIENT_OF(KERNE_ADDRESS(1, 4), LETTERS);
    struct test_child servant;
    struct test_child child;
    uint64_t wait =
        server_does == actor_serve ? KERNE_WAITS_EVENT : KERNE_WAITS_MESSAGE;
    require(expect_result(
        child_make(&servant, "server", 4, server_does, &server), normal));
    if (server_first) {
        require(expect_result(kerne_start(servant.reference), normal));
        require(expect_waits(&servant, wait));
    }
    require(child_run(&child, "client", 5, client_does, &client));
    if (!server_first) {
        require(expect_waits(&child, KERNE_WAITS_ANSWER));
        require(expect_result(kerne_start(servant.reference), normal));
    }
    require(expect_rests(&child));
    expect_answered(&client);
    expect_equal(server.served, 1);
    expect_equal(KERNE_EVENT_KIND(server.last.event), KERNE_MESSAGE);
    expect_equal(server.last.sender, KERNE_ADDRESS(1, 5));
    expect_words(&server.last.words, &client.message);
    expect_equal(family_describe(child.reference, KERNE_DESCRIBE_CLAIM, 0, 2),
                 0);
    child_remove(&child);
    child_remove(&servant);
}

static void converse_with_serve(void)
{
    pair(actor_serve, actor_converse, true);
    pair(actor_serve, actor_converse, false);
}

static void converse_with_the_parts(void)
{
    pair(actor_server, actor_converse, true);
    pair(actor_server, actor_converse, false);
}

static void serve_with_the_parts(void)
{
    pair(actor_serve, actor_client, true);
    pair(actor_serve, actor_client, false);
}

static void claim_used_up(void)
{
    struct actor_client client = CLIENT_OF(KERNE_PARENT, 1);
    struct test_child child;
    require(child_run(&child, "client", 5, actor_converse, &client,
                      .buffers = CHILD_NONE));
    require(expect_rests(&child));
    expect_result(client.result, no_buffers);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
    child_remove(&child);
}

static void unknown_receiver(void)
{
    uint64_t free_before = family_free(0);
    struct kerne_words answer;
    expect_result(kerne_converse(KERNE_ADDRESS(0, 9), WORDS(1), &answer),
                  does_not_exist);
    expect_equal(answer.w[0], 0);
    expect_result(kerne_converse(KERNE_VACANT, WORDS(1), &answer),
                  does_not_exist);
    expect_equal(family_free(0), free_before);
}

/* What stands in the queue already is not touched by a conversation. */
static void converse_passes_over_events(void)
{
    struct actor_server server = { 0 };
    struct test_child child;
    uint64_t own;
    require(child_run(&child, "server", 4, actor_serve, &server));
    expect_result(kerne_send_message(KERNE_SELF, WORDS(70), &own), normal);
    struct kerne_words answer;
    expect_result(kerne_converse(child_address(&child), WORDS(6), &answer),
                  normal);
    expect_equal(answer.w[0], 7);
    struct kerne_received message = kerne_wait_message();
    expect_equal(message.buffer, own);
    expect_equal(message.words.w[0], 70);
    expect_result(kerne_send_answer(own, KERNE_r_normal, WORDS(0)), normal);
    expect_result(kerne_wait_answer(own, &answer), normal);
    child_remove(&child);
}

/* Serve gives the event at the front, of whatever kind, taken out. */
static void serve_takes_answers(void)
{
    struct actor_server server = { 0 };
    struct test_child child;
    uint64_t free_before = family_free(0);
    require(child_run(&child, "server", 4, actor_serve, &server));
    uint64_t buffer;
    expect_result(
        kerne_send_message(child_address(&child), WORDS(LETTERS), &buffer),
        normal);
    struct kerne_received event = kerne_serve(0, KERNE_r_normal, WORDS(0));
    expect_equal(KERNE_EVENT_KIND(event.event), KERNE_ANSWER);
    expect_equal(KERNE_EVENT_RESULT(event.event), KERNE_r_normal);
    expect_equal(event.buffer, buffer);
    expect_equal(event.words.w[7], 0x89);
    expect_result(kerne_wait_answer(buffer, &event.words), gone);
    child_remove(&child);
    expect_equal(family_free(0), free_before);
}

static void serve_of_a_buffer_that_is_gone(void)
{
    static const uint64_t none[] = { 1, 123456, UINT64_MAX };
    for (unsigned i = 0; i < sizeof none / sizeof none[0]; i++) {
        uint64_t own;
        expect_result(kerne_send_message(KERNE_SELF, WORDS(70), &own), normal);
        struct kerne_received event =
            kerne_serve(none[i], KERNE_r_normal, WORDS(0));
        expect_equal(event.event, KERNE_MESSAGE | KERNE_EVENT_ANSWER_GONE);
        expect_equal(event.buffer, own);
        event = kerne_serve(own, KERNE_r_rejected, WORDS(44));
        expect_equal(event.event,
                     KERNE_ANSWER | (uint64_t)KERNE_r_rejected << 8);
        expect_equal(event.buffer, own);
        expect_equal(event.words.w[0], 44);
    }
}

/* Older events are not overtaken by the client that is answered now. */
static void serve_keeps_the_order_of_the_queue(void)
{
    struct actor_client client[3];
    struct test_child child[3];
    static const char *const names[] = { "first", "second", "third" };
    for (uint64_t i = 0; i < 3; i++) {
        client[i] = CLIENT_OF(KERNE_PARENT, i);
        require(
            child_run(&child[i], names[i], 20 + i, actor_converse, &client[i]));
        require(expect_waits(&child[i], KERNE_WAITS_ANSWER));
    }
    uint64_t buffer = 0;
    struct kerne_words answer = { { 0 } };
    for (uint64_t i = 0; i < 3; i++) {
        struct kerne_received event =
            kerne_serve(buffer, KERNE_r_normal, &answer);
        expect_equal(KERNE_EVENT_KIND(event.event), KERNE_MESSAGE);
        expect_equal(event.sender, KERNE_ADDRESS(0, 20 + i));
        expect_equal(event.words.w[0], i);
        buffer = event.buffer;
        answer = actor_answer(&event.words);
    }
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, &answer), normal);
    for (uint64_t i = 0; i < 3; i++) {
        require(expect_rests(&child[i]));
        expect_answered(&client[i]);
        child_remove(&child[i]);
    }
}

#define ROUNDS 2000

static volatile uint64_t rounds_done[2];

static void converse_often(uint64_t which)
{
    for (uint64_t i = 0; i < ROUNDS; i++) {
        struct kerne_words message = { { i, which, 0, 0, i << 32 } };
        struct kerne_words answer;
        struct kerne_words expected = actor_answer(&message);
        uint64_t result =
            kerne_converse(KERNE_ADDRESS(1, 4), &message, &answer);
        if (!expect_result_of("converse often", result, KERNE_r_normal) ||
            !expect_words(&answer, &expected)) {
            return;
        }
        rounds_done[which]++;
    }
}

/* Two clients and one server; preempted, stopped and started in between. */
static void many_conversations(void)
{
    struct actor_server server = { 0 };
    struct test_child servant;
    struct test_child one;
    struct test_child other;
    rounds_done[0] = rounds_done[1] = 0;
    require(child_run(&servant, "server", 4, actor_serve, &server));
    require(child_run(&one, "one", 5, converse_often, 0));
    require(child_run(&other, "other", 6, converse_often, 1));
    for (unsigned i = 0; i < 30 && rounds_done[0] < ROUNDS; i++) {
        family_nap(300);
        struct test_child *victim = i % 3 == 0   ? &servant
                                    : i % 3 == 1 ? &one
                                                 : &other;
        expect_result(kerne_stop(victim->reference), normal);
        family_nap(300);
        expect_result(kerne_start(victim->reference), normal);
    }
    require(expect_rests(&one));
    require(expect_rests(&other));
    expect_equal(rounds_done[0], ROUNDS);
    expect_equal(rounds_done[1], ROUNDS);
    expect_equal(server.served, 2 * ROUNDS);
    child_remove(&one);
    child_remove(&other);
    child_remove(&servant);
}

/* Answers the first message when a second one has come. */
static void answer_later(uint64_t unused)
{
    (void)unused;
    struct kerne_received message = kerne_wait_message();
    (void)kerne_wait_message();
    kerne_send_answer(message.buffer, KERNE_r_normal, WORDS(22));
}

static struct kerne_words from_both[2];

static void ask_both(uint64_t unused)
{
    uint64_t buffer;
    (void)unused;
    expect_result(
        kerne_send_message(KERNE_ADDRESS(1, 4), WORDS(LETTERS), &buffer),
        normal);
    expect_result(
        kerne_converse(KERNE_ADDRESS(1, 6), WORDS(LETTERS), &from_both[1]),
        normal);
    expect_result(kerne_wait_answer(buffer, &from_both[0]), normal);
}

/* An answer does not end the wait for another one. */
static void answers_of_two(void)
{
    struct actor_server server = { 0 };
    struct test_child servant, later, child;
    uint64_t buffer;
    require(child_run(&servant, "server", 4, actor_serve, &server));
    require(child_run(&later, "later", 6, answer_later, 0));
    require(child_run(&child, "client", 5, ask_both, 0));
    require(expect_becomes(&server.served, 1));
    require(expect_waits(&servant, KERNE_WAITS_EVENT));
    expect_waits(&child, KERNE_WAITS_ANSWER);
    expect_result(
        kerne_send_message(KERNE_ADDRESS(0, 6), WORDS(LETTERS), &buffer),
        normal);
    require(expect_rests(&child));
    expect_equal(from_both[0].w[0], 0x12);
    expect_equal(from_both[1].w[0], 22);
    expect_result(kerne_regret_message(buffer), normal);
    child_remove(&child);
    child_remove(&later);
    child_remove(&servant);
}

const struct test tests[] = {
    { .name = "converse.with_serve", .function = converse_with_serve },
    { .name = "converse.with_the_parts", .function = converse_with_the_parts },
    { .name = "converse.claim_used_up", .function = claim_used_up },
    { .name = "converse.unknown_receiver", .function = unknown_receiver },
    { .name = "converse.passes_over_events",
      .function = converse_passes_over_events },
    { .name = "converse.answers_of_two", .function = answers_of_two },
    { .name = "serve.with_the_parts", .function = serve_with_the_parts },
    { .name = "serve.takes_answers", .function = serve_takes_answers },
    { .name = "serve.of_a_buffer_that_is_gone",
      .function = serve_of_a_buffer_that_is_gone },
    { .name = "serve.keeps_the_order_of_the_queue",
      .function = serve_keeps_the_order_of_the_queue },
    { .name = "converse.many_with_stops_between",
      .function = many_conversations },
    { NULL },
};
