/*
 * Where a conversation cannot take the short way through the nucleus: a partner
 * that waits, but not so that it may go on here and now.  The meaning is that
 * of the general way; so it is booted with `fast=off`, too.
 *
 * Each case is taken by converse and serve, and by the calls that they stand
 * for.  The server asks the test before it answers, so that things can happen
 * in between.
 */
#include "actor.h"
#include "harness.h"

#define LETTERS 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88
#define FOREIGN 403 /* no function of the nucleus */
#define VALUE 0x1234
#define SLICE 25600 /* microseconds, as usual */

enum { SERVER = 1, CLIENT, LATE, BOX }; /* child numbers */

struct way {
    bool serve; /* the server calls serve, not wait message and send answer */
    bool converse;
};

static struct test_child server;
static struct test_child client;
static struct test_child box;
static struct actor_client letter;
static volatile uint64_t served;

/* ---- the server --------------------------------------------------------- */

static struct kerne_received take_next(bool serve, uint64_t buffer,
                                       const struct kerne_words *answer)
{
    if (serve) { return kerne_serve(buffer, KERNE_r_normal, answer); }
    if (buffer != 0) { kerne_send_answer(buffer, KERNE_r_normal, answer); }
    return kerne_wait_message();
}

/* A break is a foreign call, which gets a value. */
static void serve_when_told(uint64_t serve)
{
    struct kerne_received r = { 0 };
    struct kerne_words answer = { { 0 } };
    struct kerne_words told;
    for (;;) {
        r = take_next(serve, r.buffer, &answer);
        served++;
        answer = KERNE_EVENT_KIND(r.event) == KERNE_BREAK
                     ? *WORDS(KERNE_GO_ON, VALUE)
                     : actor_answer(&r.words);
        kerne_converse(KERNE_PARENT, &r.words, &told);
    }
}

static bool server_waits(const struct way *way)
{
    return expect_waits(&server,
                        way->serve ? KERNE_WAITS_EVENT : KERNE_WAITS_MESSAGE);
}

static void run_server(const struct way *way)
{
    served = 0;
    require(child_run(&server, "server", SERVER, serve_when_told, way->serve,
                      .buffers = 12, .processes = 2));
    server_waits(way);
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

/* ---- the client --------------------------------------------------------- */

static void (*client_of(const struct way *way))(uint64_t)
{
    return way->converse ? actor_converse : actor_client;
}

static void expect_answered(const struct test_child *child,
                            const struct actor_client *of)
{
    struct kerne_words answer = actor_answer(&of->message);
    expect_rests(child);
    expect_result(of->result, normal);
    expect_words(&of->answer, &answer);
}

static uint64_t first_event(const struct test_child *child)
{
    return family_describe(child->reference, KERNE_DESCRIBE_EVENT, 0, 0);
}

#define ANSWER_NORMAL (KERNE_ANSWER | (uint64_t)KERNE_r_normal << 8)

static void run_client(void (*function)(uint64_t))
{
    letter = CLIENT_OF(KERNE_ADDRESS(1, SERVER), LETTERS);
    require(child_run(&client, "client", CLIENT, function, &letter));
}

static void remove_both(void)
{
    child_remove(&client);
    child_remove(&server);
}

/* ---- a message ---------------------------------------------------------- */

static void receiver_stopped(const struct way *way)
{
    run_server(way);
    expect_result(kerne_stop(server.reference), normal);
    run_client(client_of(way));
    expect_waits(&client, KERNE_WAITS_ANSWER);
    expect_equal(served, 0);
    expect_equal(first_event(&server), KERNE_MESSAGE);
    expect_result(kerne_start(server.reference), normal);
    tell(asked(1));
    expect_answered(&client, &letter);
    remove_both();
}

/* The server waits for the test's answer, and later finds two messages. */
static void receiver_waits_for_an_answer(const struct way *way)
{
    struct actor_client other = CLIENT_OF(KERNE_ADDRESS(1, SERVER), 8, 7, 6);
    struct test_child late;
    run_server(way);
    run_client(client_of(way));
    uint64_t first = asked(1);
    require(child_run(&late, "late", LATE, client_of(way), &other));
    expect_waits(&late, KERNE_WAITS_ANSWER);
    expect_equal(family_wait(server.reference), KERNE_WAITS_ANSWER);
    expect_equal(first_event(&server), KERNE_MESSAGE);
    tell(first);
    uint64_t second = asked(2);
    expect_answered(&client, &letter);
    expect_equal(other.result, 0);
    tell(second);
    expect_answered(&late, &other);
    server_waits(way);
    child_remove(&late);
    remove_both();
}

static void refused(const struct way *way, const struct child_options *options,
                    uint64_t result)
{
    run_server(way);
    letter = CLIENT_OF(KERNE_ADDRESS(1, SERVER), LETTERS);
    expect_result(child_make_with(&client, "client", CLIENT, client_of(way),
                                  (uint64_t)&letter, options),
                  normal);
    expect_result(kerne_start(client.reference), normal);
    expect_rests(&client);
    bool sent = way->converse || result == KERNE_r_does_not_exist;
    expect_equal(sent ? letter.result : letter.sent - 1, result);
    expect_equal(served, 0);
    server_waits(way);
    remove_both();
}

static void claim_used_up(const struct way *way)
{
    refused(way, &(struct child_options){ .buffers = CHILD_NONE },
            KERNE_r_no_buffers);
}

static void beyond_the_horizon(const struct way *way)
{
    refused(way, &(struct child_options){ .horizon = CHILD_NONE },
            KERNE_r_does_not_exist);
}

/* It hands over its turn once only; the second receiver gets one of its own. */
static void send_to_both(uint64_t argument)
{
    struct actor_client *both = (struct actor_client *)argument;
    uint64_t buffer;
    for (unsigned i = 0; i < 2; i++) {
        kerne_send_message(both[i].address, &both[i].message, &buffer);
        both[i].buffer = buffer;
    }
    for (unsigned i = 0; i < 2; i++) {
        both[i].result = kerne_wait_answer(both[i].buffer, &both[i].answer);
    }
}

static void second_receiver(const struct way *way)
{
    struct actor_server other = { 0 };
    struct test_child second;
    struct actor_client both[] = {
        CLIENT_OF(KERNE_ADDRESS(1, SERVER), LETTERS),
        CLIENT_OF(KERNE_ADDRESS(1, LATE), 8, 7, 6),
    };
    run_server(way);
    require(child_run(&second, "second", LATE,
                      way->serve ? actor_serve : actor_server, &other));
    expect_waits(&second, way->serve ? KERNE_WAITS_EVENT : KERNE_WAITS_MESSAGE);
    require(child_run(&client, "client", CLIENT, send_to_both, both));
    tell(asked(1));
    expect_answered(&client, &both[0]);
    expect_answered(&client, &both[1]);
    expect_equal(other.served, 1);
    child_remove(&second);
    remove_both();
}

/* ---- an answer ---------------------------------------------------------- */

/* The answer comes while that is stopped, which is or has in it the client. */
static void answer_while_stopped(const struct way *way, uint64_t reference)
{
    uint64_t first = asked(1);
    expect_result(kerne_stop(reference), normal);
    tell(first);
    server_waits(way);
    expect_equal(letter.result, 0);
    expect_equal(first_event(&client), ANSWER_NORMAL);
    expect_result(kerne_start(reference), normal);
    expect_answered(&client, &letter);
    remove_both();
}

static void client_stopped(const struct way *way)
{
    run_server(way);
    run_client(client_of(way));
    answer_while_stopped(way, client.reference);
}

/* Its own state says nothing of that. */
static void client_inside_of_one_stopped(const struct way *way)
{
    run_server(way);
    require(child_run(&box, "box", BOX, actor_rest, 0, .processes = 1));
    expect_rests(&box);
    letter = CLIENT_OF(KERNE_ADDRESS(2, SERVER), LETTERS);
    expect_result(child_make(&client, "client", CLIENT, client_of(way), &letter,
                             .behalf_of = box.reference),
                  normal);
    expect_result(kerne_start(client.reference), normal);
    answer_while_stopped(way, box.reference);
    child_remove(&box);
}

/* For the answer to another message, the test's. */
static void send_and_wait_for_another(uint64_t argument)
{
    struct actor_client *of = (struct actor_client *)argument;
    struct kerne_words other;
    uint64_t buffer;
    kerne_send_message(of->address, &of->message, &buffer);
    expect_result(kerne_converse(KERNE_PARENT, WORDS(0), &other), normal);
    of->result = kerne_wait_answer(buffer, &of->answer);
}

static void client_waits_for_another_answer(const struct way *way)
{
    run_server(way);
    run_client(send_and_wait_for_another);
    struct kerne_received r[2] = { family_next(), family_next() };
    unsigned i = r[0].sender == KERNE_ADDRESS(0, SERVER) ? 0 : 1;
    expect_equal(r[i].sender, KERNE_ADDRESS(0, SERVER));
    tell(r[i].buffer);
    server_waits(way);
    expect_equal(family_wait(client.reference), KERNE_WAITS_ANSWER);
    expect_equal(first_event(&client), ANSWER_NORMAL);
    tell(r[1 - i].buffer);
    expect_answered(&client, &letter);
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

static void client_waits_for_an_event(const struct way *way)
{
    run_server(way);
    run_client(send_and_wait_for_an_event);
    uint64_t first = asked(1);
    expect_waits(&client, KERNE_WAITS_EVENT);
    tell(first);
    expect_answered(&client, &letter);
    server_waits(way);
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

static void foreign_client_stopped(const struct way *way)
{
    run_server(way);
    letter.result = 0;
    expect_result(child_make(&client, "client", CLIENT, call_twice, &letter,
                             .behalf_of = server.reference, .foreign = true),
                  normal);
    expect_result(kerne_start(client.reference), normal);
    uint64_t first = asked(1);
    expect_result(kerne_stop(client.reference), normal);
    tell(first);
    server_waits(way);
    expect_equal(letter.result, 0);
    expect_equal(family_wait(client.reference), KERNE_WAITS_NOT);
    expect_result(kerne_start(client.reference), normal);
    uint64_t second = asked(2);
    expect_equal(letter.result, VALUE);
    child_remove(&client);
    tell(second);
    server_waits(way);
    child_remove(&server);
}

/* ---- the end of a slice ------------------------------------------------- */

static void converse_for_ever(uint64_t argument)
{
    struct actor_client *of = (struct actor_client *)argument;
    for (;;) {
        struct kerne_words answer;
        kerne_converse(of->address, &of->message, &answer);
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
static void slice_used_up(const struct way *way)
{
    struct actor_server other = { 0 };
    struct turns turns = { 0 };
    struct test_child third;
    require(child_run(&server, "server", SERVER,
                      way->serve ? actor_serve : actor_server, &other));
    require(child_run(&third, "third", LATE, look_at_the_clock, &turns));
    run_client(converse_for_ever);
    family_nap(500000);
    expect(letter.sent > 1000);
    expect(turns.looks > 1000);
    expect(turns.longest < 2 * family_ticks(SLICE));
    child_remove(&third);
    remove_both();
}

static struct actor_server busy;

/* The second message is in the queue when the first one is answered. */
static void send_two_often(uint64_t argument)
{
    for (unsigned i = 0; i < 3; i++) { send_to_both(argument); }
}

static void queue_not_empty(const struct way *way)
{
    struct actor_client both[] = {
        CLIENT_OF(KERNE_ADDRESS(1, SERVER), LETTERS),
        CLIENT_OF(KERNE_ADDRESS(1, SERVER), 8, 7, 6),
    };
    busy = (struct actor_server){ 0 };
    require(child_run(&server, "server", SERVER,
                      way->serve ? actor_serve : actor_server, &busy));
    require(child_run(&client, "client", CLIENT, send_two_often, both));
    expect_answered(&client, &both[0]);
    expect_answered(&client, &both[1]);
    expect_equal(busy.served, 6);
    remove_both();
}

/* ---- all ---------------------------------------------------------------- */

static void each_way(void (*test)(const struct way *way))
{
    for (unsigned i = 0; i < 4 && expect_failures() == 0; i++) {
        test(&(struct way){ .serve = i & 1, .converse = i & 2 });
    }
}

#define EACH_WAY(test) \
    static void test##_each_way(void) { each_way(test); }
EACH_WAY(receiver_stopped)
EACH_WAY(receiver_waits_for_an_answer)
EACH_WAY(claim_used_up)
EACH_WAY(beyond_the_horizon)
EACH_WAY(second_receiver)
EACH_WAY(client_stopped)
EACH_WAY(client_inside_of_one_stopped)
EACH_WAY(client_waits_for_another_answer)
EACH_WAY(client_waits_for_an_event)
EACH_WAY(foreign_client_stopped)
EACH_WAY(queue_not_empty)
EACH_WAY(slice_used_up)

#define TEST(test)                                              \
    {                                                           \
        .name = "bail_out." #test, .function = test##_each_way, \
    }

const struct test tests[] = {
    TEST(receiver_stopped),
    TEST(receiver_waits_for_an_answer),
    TEST(claim_used_up),
    TEST(beyond_the_horizon),
    TEST(second_receiver),
    TEST(client_stopped),
    TEST(client_inside_of_one_stopped),
    TEST(client_waits_for_another_answer),
    TEST(client_waits_for_an_event),
    TEST(foreign_client_stopped),
    TEST(queue_not_empty),
    TEST(slice_used_up),
    { NULL, .function = NULL },
};
