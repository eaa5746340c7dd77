/*
 * Wait event and get event: a server that can only wait for messages is a
 * bottleneck and can deadlock; with events it holds several conversations
 * open.  The canonical loop starts again from the front after each get event.
 */
#include "actor.h"
#include "harness.h"

#define SLOW 100 /* word 0 of a request that needs the device */
#define QUICK 200

static struct actor_client client[3];
static struct test_child child[3];
static struct test_child servant;
static struct test_child device;

struct serving {
    volatile uint64_t quick;
    volatile uint64_t slow;
    volatile uint64_t passed; /* requests seen while the device was busy */
};
static struct serving serving;

/*
 * The canonical loop.  The server's device takes one request at a time: while
 * it works, a further request for it is passed over in the queue, and quick
 * ones are served.
 */
static void serve_by_events(uint64_t unused)
{
    uint64_t last = 0;
    uint64_t working_for = 0; /* the request, received */
    (void)unused;
    for (;;) {
        struct kerne_received event = kerne_wait_event(last);
        uint64_t asked;
        if (KERNE_EVENT_KIND(event.event) == KERNE_ANSWER) {
            kerne_get_event(event.buffer);
            kerne_send_answer(working_for, KERNE_r_normal, &event.words);
            working_for = 0;
            serving.slow++;
        } else if (event.words.w[0] == QUICK) {
            kerne_get_event(event.buffer);
            kerne_send_answer(event.buffer, KERNE_r_normal, WORDS(QUICK));
            serving.quick++;
        } else if (working_for == 0) {
            kerne_get_event(event.buffer);
            working_for = event.buffer;
            kerne_send_message(KERNE_ADDRESS(1, 8), &event.words, &asked);
        } else {
            serving.passed++;
            last = event.buffer;
            continue;
        }
        last = 0;
    }
}

static bool ask(unsigned i, uint64_t what, uint64_t word)
{
    static const char *const names[] = { "a", "b", "c" };
    client[i] = CLIENT_OF(KERNE_ADDRESS(1, 9), what, word);
    return child_run(&child[i], names[i], i, actor_client, &client[i]);
}

/* The device is the test itself, by a pseudo process. */
static void server_is_no_bottleneck(void)
{
    uint64_t pseudo;
    serving = (struct serving){ 0 };
    require(expect_result(
        kerne_create_pseudo(0, "device", 8, KERNE_SELF, &pseudo), normal));
    require(child_run(&servant, "server", 9, serve_by_events, 0));
    require(ask(0, SLOW, 1));
    struct kerne_received first = kerne_wait_message();
    expect_equal(first.words.w[1], 1);
    require(ask(1, SLOW, 2)); /* has to wait for the device */
    require(expect_becomes(&serving.passed, 1));
    require(ask(2, QUICK, 3)); /* overtakes */
    require(expect_rests(&child[2]));
    expect_result(client[2].result, normal);
    expect_equal(client[0].result, 0);
    expect_equal(client[1].result, 0);
    expect_result(kerne_send_answer(first.buffer, KERNE_r_normal, WORDS(11)),
                  normal);
    struct kerne_received second = kerne_wait_message();
    expect_equal(second.words.w[1], 2);
    require(expect_rests(&child[0]));
    expect_equal(client[0].answer.w[0], 11);
    expect_equal(client[1].result, 0);
    expect_result(kerne_send_answer(second.buffer, KERNE_r_normal, WORDS(22)),
                  normal);
    require(expect_rests(&child[1]));
    expect_equal(client[1].answer.w[0], 22);
    expect_equal(serving.slow, 2);
    expect_equal(serving.quick, 1);
    for (unsigned i = 0; i < 3; i++) { child_remove(&child[i]); }
    child_remove(&servant);
    expect_result(kerne_remove(pseudo), normal);
}

/* What was passed over is seen again from the front, in its old order. */
static void passed_over_is_seen_again(void)
{
    uint64_t buffer[5];
    for (uint64_t i = 0; i < 5; i++) {
        expect_result(kerne_send_message(KERNE_SELF, WORDS(i), &buffer[i]),
                      normal);
    }
    static const unsigned taken[] = { 3, 1, 4, 0, 2 };
    bool there[5] = { true, true, true, true, true };
    for (unsigned round = 0; round < 5; round++) {
        uint64_t last = 0;
        for (unsigned i = 0; i < 5; i++) {
            if (!there[i]) { continue; }
            struct kerne_received event = kerne_wait_event(last);
            expect_equal(event.event, KERNE_MESSAGE);
            expect_equal(event.buffer, buffer[i]);
            expect_equal(event.words.w[0], i);
            last = event.buffer;
        }
        there[taken[round]] = false;
        expect_result(kerne_get_event(buffer[taken[round]]), normal);
    }
    for (unsigned i = 0; i < 5; i++) {
        struct kerne_words answer;
        expect_result(kerne_send_answer(buffer[i], KERNE_r_normal, WORDS(0)),
                      normal);
        expect_result(kerne_wait_answer(buffer[i], &answer), normal);
    }
}

/* Messages and answers stand in one queue, in the order of arrival. */
static void one_queue_for_messages_and_answers(void)
{
    static struct actor_server server;
    uint64_t asked[2];
    uint64_t own[2];
    server.served = 0;
    require(child_run(&device, "device", 8, actor_server, &server));
    for (uint64_t i = 0; i < 2; i++) {
        expect_result(
            kerne_send_message(child_address(&device), WORDS(i), &asked[i]),
            normal);
        require(expect_becomes(&server.served, i + 1));
        require(expect_waits(&device, KERNE_WAITS_MESSAGE));
        expect_result(kerne_send_message(KERNE_SELF, WORDS(i), &own[i]),
                      normal);
    }
    const uint64_t expected[] = { asked[0], own[0], asked[1], own[1] };
    uint64_t last = 0;
    for (unsigned i = 0; i < 4; i++) {
        struct kerne_received event = kerne_wait_event(last);
        expect_equal(event.buffer, expected[i]);
        expect_equal(KERNE_EVENT_KIND(event.event),
                     i % 2 == 0 ? KERNE_ANSWER : KERNE_MESSAGE);
        last = event.buffer;
    }
    for (unsigned i = 0; i < 4; i++) {
        expect_result(kerne_get_event(expected[i]), normal);
    }
    for (unsigned i = 0; i < 2; i++) {
        struct kerne_words answer;
        expect_result(kerne_send_answer(own[i], KERNE_r_normal, WORDS(0)),
                      normal);
        expect_result(kerne_wait_answer(own[i], &answer), normal);
    }
    child_remove(&device);
}

struct peer {
    uint64_t other;
    volatile uint64_t answered;
};

/* Asks the other, and meanwhile answers what the other asks: ten times. */
static void ask_and_answer(uint64_t argument)
{
    struct peer *peer = (struct peer *)argument;
    uint64_t asked = 0;
    uint64_t served = 0;
    kerne_send_message(KERNE_ADDRESS(1, peer->other), WORDS(1), &asked);
    while (peer->answered < 10 || served < 10) {
        struct kerne_received event = kerne_serve(0, KERNE_r_normal, WORDS(0));
        if (KERNE_EVENT_KIND(event.event) == KERNE_MESSAGE) {
            kerne_send_answer(event.buffer, KERNE_r_normal, WORDS(2));
            served++;
        } else if (++peer->answered < 10) {
            kerne_send_message(KERNE_ADDRESS(1, peer->other), WORDS(1), &asked);
        }
    }
}

/* Two servers that are clients of each other do not deadlock. */
static void servers_of_each_other(void)
{
    static struct peer peer[2];
    peer[0] = (struct peer){ .other = 1 };
    peer[1] = (struct peer){ .other = 0 };
    require(
        child_run(&child[0], "one", 0, ask_and_answer, &peer[0], .buffers = 1));
    require(
        child_run(&child[1], "two", 1, ask_and_answer, &peer[1], .buffers = 1));
    require(expect_rests(&child[0]));
    require(expect_rests(&child[1]));
    expect_equal(peer[0].answered, 10);
    expect_equal(peer[1].answered, 10);
    child_remove(&child[0]);
    child_remove(&child[1]);
}

const struct test tests[] = {
    { .name = "events.server_is_no_bottleneck",
      .function = server_is_no_bottleneck },
    { .name = "events.passed_over_is_seen_again",
      .function = passed_over_is_seen_again },
    { .name = "events.one_queue_for_messages_and_answers",
      .function = one_queue_for_messages_and_answers },
    { .name = "events.servers_of_each_other",
      .function = servers_of_each_other },
    { NULL },
};
