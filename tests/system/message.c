/*
 * Messages, answers and events as they come to programs, by the calls of the
 * library and the nucleus's quick ways.  What else there is to say of them the
 * native suites say (tests/unit/message.c, event.c).
 */
#include "actor.h"
#include "harness.h"

#define LETTERS 0x1111, 0x2222, 0x3333, 0x4444, 0x5555, 0x6666, 0x7777, 0x8888

enum { SERVER = 4, OTHER, CLIENT = 300 }; /* child numbers */

static struct actor_client client;
static struct test_child child;

static uint64_t send_to_self(uint64_t word)
{
    uint64_t buffer;
    expect_result(kerne_send_message(KERNE_SELF, WORDS(word), &buffer), normal);
    return buffer;
}

/* It has been received. */
static void finish(uint64_t buffer)
{
    struct kerne_words answer;
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(8)), normal);
    expect_result(kerne_wait_answer(buffer, &answer), normal);
    expect_equal(answer.w[0], 8);
}

/* ---- from everywhere ---------------------------------------------------- */

/* A parent whose only child is the client. */
static void parent_of_client(uint64_t unused)
{
    (void)unused;
    struct test_child inner;
    require(child_run(&inner, "inner", 9, actor_client, &client));
    require(expect_rests(&inner));
    child_remove(&inner);
}

struct route {
    const char *name;
    uint64_t to;
    bool inside;  /* the client is a grandchild */
    bool sibling; /* it asks a child; else the test itself */
    uint64_t seen;
};

/* Of a sender further inside its receiver learns the ancestor that it sees. */
static const struct route routes[] = {
    { "parent", KERNE_PARENT, false, false, KERNE_ADDRESS(0, CLIENT) },
    { "parent, by its number", KERNE_ADDRESS(2, TEST_NUMBER), false, false,
      KERNE_ADDRESS(0, CLIENT) },
    { "sibling", KERNE_ADDRESS(1, SERVER), false, true,
      KERNE_ADDRESS(1, CLIENT) },
    { "sibling of the parent", KERNE_ADDRESS(2, SERVER), true, true,
      KERNE_ADDRESS(1, CLIENT) | KERNE_SENDER_INSIDE },
    { "grandparent", KERNE_ADDRESS(3, TEST_NUMBER), true, false,
      KERNE_ADDRESS(0, CLIENT) | KERNE_SENDER_INSIDE },
};

/* The receiver waits already, or finds it in its queue. */
static void take_route(const struct route *route, bool receiver_first)
{
    struct actor_server server = { 0 };
    struct test_child servant;
    client = CLIENT_OF(route->to, LETTERS);
    require(child_run(&servant, "server", SERVER, actor_server, &server));
    if (receiver_first) { expect_waits(&servant, KERNE_WAITS_MESSAGE); }
    require(child_run(&child, "client", CLIENT,
                      route->inside ? parent_of_client : actor_client, &client,
                      .processes = route->inside));
    if (!route->sibling) {
        if (!receiver_first) {
            family_nap(1000);
            expect_equal(client.result, 0);
        }
        server.last = kerne_wait_message();
        struct kerne_words answer = actor_answer(&server.last.words);
        kerne_send_answer(server.last.buffer, KERNE_r_normal, &answer);
    }
    require(expect_rests(&child));
    struct kerne_words answer = actor_answer(&client.message);
    expect_result_of(route->name, client.result, KERNE_r_normal);
    expect_words(&client.answer, &answer);
    expect_equal_of(route->name, server.last.sender, route->seen);
    expect_equal(server.last.event, KERNE_MESSAGE);
    expect_words(&server.last.words, &client.message);
    child_remove(&child);
    child_remove(&servant);
}

static void to_everybody(void)
{
    for (unsigned i = 0; i < sizeof routes / sizeof routes[0]; i++) {
        take_route(&routes[i], false);
        take_route(&routes[i], true);
    }
}

static void from_parent_and_to_self(void)
{
    struct actor_server server = { 0 };
    struct kerne_words answer;
    require(child_run(&child, "server", SERVER, actor_server, &server));
    expect_result(kerne_converse(child_address(&child), WORDS(7), &answer),
                  normal);
    expect_equal(answer.w[0], 8);
    expect_equal(server.last.sender, KERNE_PARENT);
    uint64_t buffer = send_to_self(5);
    struct kerne_received message = kerne_wait_message();
    expect_equal(message.sender, KERNE_SELF);
    expect_equal(message.buffer, buffer);
    finish(buffer);
    child_remove(&child);
}

/* ---- the identity of a buffer ------------------------------------------- */

static void expect_gone(uint64_t buffer)
{
    struct kerne_words answer;
    uint64_t bytes;
    char name[KERNE_NAME_BYTES];
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(1)), gone);
    expect_result(kerne_wait_answer(buffer, &answer), gone);
    expect_result(kerne_get_event(buffer), gone);
    expect_result(kerne_regret_message(buffer), gone);
    expect_result(
        kerne_general_copy(buffer, KERNE_FETCH, 0, &answer, 8, &bytes), gone);
    expect_result(kerne_sender_path(buffer, 0, name), gone);
}

/* An identity that was valid once is refused, even when its buffer is in use
 * again. */
static void stale_identity(void)
{
    uint64_t buffers = family_free(0);
    uint64_t old = send_to_self(0);
    uint64_t newer[TEST_BUFFERS];
    kerne_wait_message();
    finish(old);
    expect_gone(old);
    for (uint64_t i = 0; i < buffers; i++) {
        newer[i] = send_to_self(i);
        expect(newer[i] != old);
    }
    expect_gone(old);
    for (uint64_t i = 0; i < buffers; i++) {
        expect_equal(kerne_wait_message().buffer, newer[i]);
        finish(newer[i]);
    }
    expect_equal(family_free(0), buffers);
}

/* Sent to one that waits, and regretted before that has run.  Another computes;
 * else the message would not be handed over. */
static void regretted_at_once(void)
{
    struct actor_server server = { 0 };
    volatile uint64_t spun = 0;
    struct test_child spinner;
    struct kerne_words answer;
    uint64_t buffers = family_free(0);
    uint64_t buffer;
    require(child_run(&spinner, "spinner", OTHER, actor_spin, &spun));
    require(child_run(&child, "server", SERVER, actor_server, &server));
    require(expect_waits(&child, KERNE_WAITS_MESSAGE));
    for (unsigned i = 0; i < 3; i++) {
        expect_result(
            kerne_send_message(child_address(&child), WORDS(1), &buffer),
            normal);
        expect_result(kerne_regret_message(buffer), normal);
        expect_gone(buffer);
    }
    expect_result(kerne_converse(child_address(&child), WORDS(5), &answer),
                  normal);
    expect_equal(server.last.words.w[0], 5);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
    child_remove(&child);
    child_remove(&spinner);
    expect_equal(family_free(0), buffers);
}

/* ---- events ------------------------------------------------------------- */

static void each_result_arrives(void)
{
    for (uint64_t result = 1; result <= 5; result++) {
        uint64_t buffer = send_to_self(1);
        struct kerne_words *words = WORDS(result, 4, 3, 2, 1, 9, 8, 7);
        struct kerne_words answer;
        expect_result(kerne_get_event(buffer), normal);
        expect_result(kerne_send_answer(buffer, result, words), normal);
        struct kerne_received event = kerne_wait_event(0);
        expect_equal(KERNE_EVENT_KIND(event.event), KERNE_ANSWER);
        expect_equal(KERNE_EVENT_RESULT(event.event), result);
        expect_words(&event.words, words);
        expect_result_of("each result", kerne_wait_answer(buffer, &answer),
                         result);
        expect_words(&answer, words);
    }
}

static void trap(uint64_t unused)
{
    (void)unused;
    __asm__ volatile("ebreak" : : : "a0", "memory");
}

/* Messages, answers and breaks stand in one queue in order of arrival; and who
 * waits for the next is told of that. */
static void all_kinds_in_order_of_arrival(void)
{
    struct test_child breaker;
    uint64_t asked = send_to_self(1);
    expect_result(kerne_get_event(asked), normal);
    uint64_t first = send_to_self(2);
    expect_result(kerne_send_answer(asked, KERNE_r_normal, WORDS(8)), normal);
    require(child_run(&breaker, "breaker", 2, trap, 0));
    require(expect_waits(&breaker, KERNE_WAITS_BREAK));
    client = CLIENT_OF(KERNE_PARENT, 31);
    require(child_run(&child, "client", CLIENT, actor_client, &client));

    const struct {
        uint64_t event, buffer;
    } queue[] = {
        { KERNE_MESSAGE, first },
        { KERNE_ANSWER | (uint64_t)KERNE_r_normal << 8, asked },
        { KERNE_BREAK, 0 },
        { KERNE_MESSAGE, 0 }, /* comes while we wait */
    };
    uint64_t last = 0, broken = 0;
    for (unsigned i = 0; i < 4; i++) {
        struct kerne_received event = kerne_wait_event(last);
        expect_equal(event.event, queue[i].event);
        if (queue[i].buffer) { expect_equal(event.buffer, queue[i].buffer); }
        broken = i == 2 ? event.buffer : broken;
        last = event.buffer;
    }
    expect_equal(kerne_test_event(last).event, KERNE_NO_EVENT);

    expect_equal(kerne_wait_message().buffer, first);
    expect_equal(kerne_test_event(first).event,
                 KERNE_ANSWER | (uint64_t)KERNE_r_normal << 8 |
                     KERNE_EVENT_LAST_GONE);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(asked, &answer), normal);
    finish(first);
    expect_result(kerne_get_event(broken), normal);
    expect_result(family_answer_break(broken, KERNE_GO_ON, 0), normal);
    expect_equal(kerne_wait_message().buffer, last);
    expect_result(kerne_send_answer(last, KERNE_r_normal, WORDS(0)), normal);
    require(expect_rests(&breaker));
    require(expect_rests(&child));
    child_remove(&breaker);
    child_remove(&child);
}

const struct test tests[] = {
    { .name = "message.to_everybody", .function = to_everybody },
    { .name = "message.from_parent_and_to_self",
      .function = from_parent_and_to_self },
    { .name = "message.buffer.stale", .function = stale_identity },
    { .name = "message.regret.at_once", .function = regretted_at_once },
    { .name = "event.answer_carries_result_and_words",
      .function = each_result_arrives },
    { .name = "event.all_kinds_in_order_of_arrival",
      .function = all_kinds_in_order_of_arrival },
    { NULL },
};
