/*
 * What a direct switch may not pass over on its way through the nucleus: a
 * partner that waits, but not so that it may go on here and now.  The meaning
 * is that of the general way; so it is booted with `fast=off`, too.
 *
 * The server asks the test before it answers, so that things can happen in
 * between.
 */
#include "way.h"

#define LETTERS 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88
#define FOREIGN 403 /* no function of the nucleus */
#define VALUE 0x1234
#define SLICE 25600 /* microseconds, as usual */

enum { SERVER = 1, CLIENT, LATE, BOX }; /* child numbers */

static struct test_child server;
static struct test_child client;
static struct actor_client letter;
static volatile uint64_t served;

/* ---- both --------------------------------------------------------------- */

/* A break is a foreign call, which gets a value. */
static void serve_when_told(uint64_t unused)
{
    struct kerne_received r = { 0 };
    struct kerne_words answer = { { unused } };
    struct kerne_words told;
    for (;;) {
        r = way_next(r.buffer, &answer);
        served++;
        answer = KERNE_EVENT_KIND(r.event) == KERNE_BREAK
                     ? *WORDS(KERNE_GO_ON, VALUE)
                     : actor_answer(&r.words);
        kerne_converse(KERNE_PARENT, &r.words, &told);
    }
}

static void run_server(void)
{
    served = 0;
    require(child_run(&server, "server", SERVER, serve_when_told, 0,
                      .buffers = 12, .processes = 2));
    way_waits(&server);
}

/* The server has taken a message: the buffer that it waits for. */
static uint64_t asked(uint64_t times)
{
    struct kerne_received r = family_next();
    expect_equal(KERNE_EVENT_KIND(r.event), KERNE_MESSAGE);
    expect_equal(r.sender, KERNE_ADDRESS(0, SERVER));
    expect_equal(served, times);
    return r.buffer;
}

static void tell(uint64_t buffer)
{
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
}

static void run_client(void (*function)(uint64_t))
{
    letter = CLIENT_OF(KERNE_ADDRESS(1, SERVER), LETTERS);
    require(child_run(&client, "client", CLIENT, function, &letter));
}

static uint64_t first_event(const struct test_child *child)
{
    return family_describe(child->reference, KERNE_DESCRIBE_EVENT, 0, 0);
}

#define ANSWER_NORMAL (KERNE_ANSWER | (uint64_t)KERNE_r_normal << 8)

static void remove_both(void)
{
    child_remove(&client);
    child_remove(&server);
}

/* ---- a message ---------------------------------------------------------- */

static void receiver_stopped(void)
{
    run_server();
    expect_result(kerne_stop(server.reference), normal);
    run_client(way_client);
    expect_waits(&client, KERNE_WAITS_ANSWER);
    expect_equal(served, 0);
    expect_equal(first_event(&server), KERNE_MESSAGE);
    expect_result(kerne_start(server.reference), normal);
    tell(asked(1));
    way_answered(&client, &letter);
    remove_both();
}

/* The server waits for the test's answer, and later finds two messages. */
static void receiver_waits_for_an_answer(void)
{
    struct actor_client other = CLIENT_OF(KERNE_ADDRESS(1, SERVER), 8, 7, 6);
    struct test_child late;
    run_server();
    run_client(way_client);
    uint64_t first = asked(1);
    require(child_run(&late, "late", LATE, way_client, &other));
    expect_waits(&late, KERNE_WAITS_ANSWER);
    expect_equal(family_wait(server.reference), KERNE_WAITS_ANSWER);
    expect_equal(first_event(&server), KERNE_MESSAGE);
    tell(first);
    uint64_t second = asked(2);
    way_answered(&client, &letter);
    expect_equal(other.result, 0);
    tell(second);
    way_answered(&late, &other);
    way_waits(&server);
    child_remove(&late);
    remove_both();
}

static void refused(const struct child_options *options, uint64_t result)
{
    run_server();
    letter = CLIENT_OF(KERNE_ADDRESS(1, SERVER), LETTERS);
    expect_result(child_make_with(&client, "client", CLIENT, way_client,
                                  (uint64_t)&letter, options),
                  normal);
    expect_result(kerne_start(client.reference), normal);
    expect_rests(&client);
    bool sent = way.converse || result == KERNE_r_does_not_exist;
    expect_equal(sent ? letter.result : letter.sent - 1, result);
    expect_equal(served, 0);
    way_waits(&server);
    remove_both();
}

static void claim_used_up(void)
{
    refused(&(struct child_options){ .buffers = CHILD_NONE },
            KERNE_r_no_buffers);
}

static void beyond_the_horizon(void)
{
    refused(&(struct child_options){ .horizon = CHILD_NONE },
            KERNE_r_does_not_exist);
}

/* Hands over its turn once only, though both wait: to whom it answers. */
static void answer_and_send(uint64_t times)
{
    for (uint64_t i = 0; i < times; i++) {
        struct kerne_received r = kerne_wait_message();
        struct kerne_words answer = actor_answer(&r.words);
        uint64_t buffer;
        kerne_send_answer(r.buffer, KERNE_r_normal, &answer);
        kerne_send_message(KERNE_ADDRESS(1, LATE), &r.words, &buffer);
        served += kerne_wait_answer(buffer, &answer) == KERNE_r_normal;
    }
}

#define TIMES 5 /* not before the second time are they quick */

static void ask_often(uint64_t argument)
{
    for (unsigned i = 0; i < TIMES; i++) { way_client(argument); }
}

static void second_receiver(void)
{
    struct actor_server other = { 0 };
    struct test_child second;
    served = 0;
    require(child_run(&server, "server", SERVER, answer_and_send, TIMES));
    require(child_run(&second, "second", LATE, way_server, &other));
    way_waits(&second);
    run_client(ask_often);
    way_answered(&client, &letter);
    expect_rests(&server);
    expect_equal(served, TIMES);
    expect_equal(other.served, TIMES);
    child_remove(&second);
    remove_both();
}

/* ---- an answer ---------------------------------------------------------- */

/* The answer comes while that is stopped, which is or has in it the client. */
static void answer_while_stopped(uint64_t reference)
{
    uint64_t first = asked(1);
    expect_result(kerne_stop(reference), normal);
    tell(first);
    way_waits(&server);
    expect_equal(letter.result, 0);
    expect_equal(first_event(&client), ANSWER_NORMAL);
    expect_result(kerne_start(reference), normal);
    way_answered(&client, &letter);
    remove_both();
}

static void client_stopped(void)
{
    run_server();
    run_client(way_client);
    answer_while_stopped(client.reference);
}

/* Its own state says nothing of that. */
static void client_inside_of_one_stopped(void)
{
    struct test_child box;
    run_server();
    require(child_run(&box, "box", BOX, actor_rest, 0, .processes = 1));
    expect_rests(&box);
    letter = CLIENT_OF(KERNE_ADDRESS(2, SERVER), LETTERS);
    require(child_run(&client, "client", CLIENT, way_client, &letter,
                      .behalf_of = box.reference));
    answer_while_stopped(box.reference);
    child_remove(&box);
}

/* For the answer to another message, the test's. */
static void send_and_wait_for_another(uint64_t argument)
{
    struct actor_client *of = (struct actor_client *)argument;
    struct kerne_words other;
    uint64_t buffer;
    kerne_send_message(of->address, &of->message, &buffer);
    expect_result(way_ask(KERNE_PARENT, WORDS(0), &other), normal);
    of->result = kerne_wait_answer(buffer, &of->answer);
}

static void client_waits_for_another_answer(void)
{
    run_server();
    run_client(send_and_wait_for_another);
    struct kerne_received r[2] = { family_next(), family_next() };
    unsigned i = r[0].sender == KERNE_ADDRESS(0, SERVER) ? 0 : 1;
    expect_equal(r[i].sender, KERNE_ADDRESS(0, SERVER));
    tell(r[i].buffer);
    way_waits(&server);
    expect_equal(family_wait(client.reference), KERNE_WAITS_ANSWER);
    expect_equal(first_event(&client), ANSWER_NORMAL);
    tell(r[1 - i].buffer);
    way_answered(&client, &letter);
    remove_both();
}

/* Which leaves the answer in the queue. */
static void send_and_wait_for_an_event(uint64_t argument)
{
    struct actor_client *of = (struct actor_client *)argument;
    uint64_t buffer;
    kerne_send_message(of->address, &of->message, &buffer);
    struct kerne_received r = kerne_wait_event(0);
    expect_equal(r.event, ANSWER_NORMAL);
    expect_equal(r.buffer, buffer);
    of->result = kerne_wait_answer(buffer, &of->answer);
}

static void client_waits_for_an_event(void)
{
    run_server();
    run_client(send_and_wait_for_an_event);
    uint64_t first = asked(1);
    expect_waits(&client, KERNE_WAITS_EVENT);
    tell(first);
    way_answered(&client, &letter);
    way_waits(&server);
    remove_both();
}

/* ---- the value of a foreign call ---------------------------------------- */

static void call_twice(uint64_t argument)
{
    struct actor_client *of = (struct actor_client *)argument;
    struct kerne_registers r = { .a7 = FOREIGN };
    kerne_call(&r);
    of->result = r.a0;
    kerne_call(&r);
}

static void foreign_client_stopped(void)
{
    run_server();
    letter.result = 0;
    require(child_run(&client, "client", CLIENT, call_twice, &letter,
                      .behalf_of = server.reference, .foreign = true));
    uint64_t first = asked(1);
    expect_result(kerne_stop(client.reference), normal);
    tell(first);
    way_waits(&server);
    expect_equal(letter.result, 0);
    expect_equal(family_wait(client.reference), KERNE_WAITS_NOT);
    expect_result(kerne_start(client.reference), normal);
    uint64_t second = asked(2);
    expect_equal(letter.result, VALUE);
    child_remove(&client);
    tell(second);
    way_waits(&server);
    child_remove(&server);
}

/* ---- the end of a slice ------------------------------------------------- */

static void converse_for_ever(uint64_t argument)
{
    struct actor_client *of = (struct actor_client *)argument;
    for (;;) {
        struct kerne_words answer;
        way_ask(of->address, &of->message, &answer);
        of->sent++;
    }
}

/* It has the processor all the time, but for so long. */
struct turns {
    volatile uint64_t looks;
    volatile uint64_t longest; /* ticks in a row that others had it */
};

static void look_at_the_clock(uint64_t argument)
{
    struct turns *turns = (struct turns *)argument;
    uint64_t last = kerne_get_clock();
    for (;;) {
        uint64_t now = kerne_get_clock();
        if (now - last > turns->longest) { turns->longest = now - last; }
        last = now;
        turns->looks++;
    }
}

/* A pair that never waits for anybody else has turns of a slice, too. */
static void slice_used_up(void)
{
    struct actor_server other = { 0 };
    struct turns turns = { 0 };
    struct test_child third;
    require(child_run(&server, "server", SERVER, way_server, &other));
    require(child_run(&third, "third", LATE, look_at_the_clock, &turns));
    run_client(converse_for_ever);
    family_nap(200000);
    expect(letter.sent > 1000);
    expect(turns.looks > 1000);
    expect(turns.longest < 2 * family_ticks(SLICE));
    child_remove(&third);
    remove_both();
}

/* The second message is in the queue when the first one is answered. */
static void send_two_often(uint64_t argument)
{
    struct actor_client *both = (struct actor_client *)argument;
    uint64_t buffer[2];
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 2; i++) {
            kerne_send_message(both[i].address, &both[i].message, &buffer[i]);
        }
        for (unsigned i = 0; i < 2; i++) {
            both[i].result = kerne_wait_answer(buffer[i], &both[i].answer);
        }
    }
}

static void queue_not_empty(void)
{
    static struct actor_server busy;
    struct actor_client both[] = {
        CLIENT_OF(KERNE_ADDRESS(1, SERVER), LETTERS),
        CLIENT_OF(KERNE_ADDRESS(1, SERVER), 8, 7, 6),
    };
    busy = (struct actor_server){ 0 };
    require(child_run(&server, "server", SERVER, way_server, &busy));
    require(child_run(&client, "client", CLIENT, send_two_often, both));
    way_answered(&client, &both[0]);
    way_answered(&client, &both[1]);
    expect_equal(busy.served, 6);
    remove_both();
}

#define TESTS(TEST)                       \
    TEST(receiver_stopped)                \
    TEST(receiver_waits_for_an_answer)    \
    TEST(claim_used_up)                   \
    TEST(beyond_the_horizon)              \
    TEST(second_receiver)                 \
    TEST(client_stopped)                  \
    TEST(client_inside_of_one_stopped)    \
    TEST(client_waits_for_another_answer) \
    TEST(client_waits_for_an_event)       \
    TEST(foreign_client_stopped)          \
    TEST(queue_not_empty)                 \
    TEST(slice_used_up)
TESTS(WAY_FUNCTION)

#define ENTRY(test) { .name = "bail_out." #test, .function = test##_each_way },
const struct test tests[] = { TESTS(ENTRY){ NULL } };
