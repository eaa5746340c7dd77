/*
 * Stop, start and remove, of processes that the machine really runs: who spins,
 * and who waits for others.  What else they mean is said by
 * tests/unit/process.c.
 */
#include "actor.h"
#include "harness.h"

/* True if the counter moves while the caller waits: for two slices of time,
 * or more if the machine is slow. */
static bool moves(volatile uint64_t *counter)
{
    uint64_t before = *counter;
    for (unsigned i = 0; i < 12 && *counter == before; i++) {
        family_nap(5000);
    }
    return *counter != before;
}

/* Also before it ever ran; and the last stop is its removal. */
static void of_who_spins(void)
{
    static volatile uint64_t counter;
    struct test_child child;
    counter = 0;
    require(expect_result(
        child_make(&child, "spinner", 3, actor_spin, &counter), normal));
    expect(!moves(&counter));
    expect_result(kerne_start(child.reference), normal);
    expect_result(kerne_stop(child.reference), normal);
    expect(!moves(&counter));
    expect_equal(counter, 0);
    for (unsigned i = 0; i < 20; i++) {
        expect_result(kerne_start(child.reference), normal);
        expect(moves(&counter));
        expect_result(kerne_stop(child.reference), normal);
        expect(!moves(&counter));
    }
    expect_result(kerne_start(child.reference), normal);
    expect(moves(&counter));
    expect_result(child_remove(&child), normal);
    expect(!moves(&counter));
}

static void wait_for_event(uint64_t server)
{
    ((struct actor_server *)server)->last = kerne_wait_event(0);
    ((struct actor_server *)server)->served++;
}

static void serve_once(uint64_t server)
{
    ((struct actor_server *)server)->last =
        kerne_serve(0, KERNE_r_normal, WORDS(0));
    ((struct actor_server *)server)->served++;
}

struct waiting {
    void (*function)(uint64_t server);
    uint64_t wait;
};

/* Started again it goes on waiting; stopped, it receives, and takes what it
 * waited for when it is started. */
static void in_a_wait(void)
{
    static const struct waiting waiting[] = {
        { actor_hold, KERNE_WAITS_MESSAGE },
        { wait_for_event, KERNE_WAITS_EVENT },
        { serve_once, KERNE_WAITS_EVENT },
    };
    for (unsigned i = 0; i < sizeof waiting / sizeof *waiting; i++) {
        struct actor_server server = { 0 };
        struct test_child child;
        struct kerne_words answer;
        uint64_t buffer;
        require(child_run(&child, "waiter", 3, waiting[i].function, &server));
        for (unsigned round = 0; round < 3; round++) {
            require(expect_waits(&child, waiting[i].wait));
            expect_result(kerne_stop(child.reference), normal);
            if (round < 2) {
                expect_result(kerne_start(child.reference), normal);
            }
        }
        expect_result(
            kerne_send_message(child_address(&child), WORDS(8), &buffer),
            normal);
        family_nap(3000);
        expect_equal(server.served, 0);
        expect_result(kerne_start(child.reference), normal);
        require(expect_rests(&child));
        expect_equal(server.last.buffer, buffer);
        expect_equal(server.last.words.w[0], 8);
        child_remove(&child);
        expect_result(kerne_wait_answer(buffer, &answer), does_not_exist);
    }
}

static volatile uint64_t counters[3];
static struct test_child inner[2];

static void parent_of_two(uint64_t unused)
{
    (void)unused;
    require(child_run(&inner[0], "one", 1, actor_spin, &counters[1]));
    require(child_run(&inner[1], "two", 2, actor_spin, &counters[2]));
    actor_spin((uint64_t)&counters[0]);
}

static void expect_moving(bool one, bool two)
{
    expect_equal(moves(&counters[1]), one);
    expect_equal(moves(&counters[2]), two);
}

/* A stop takes the whole subtree; a start puts back what that stop took, and
 * not what another stopped. */
static void takes_the_subtree(void)
{
    struct test_child parent;
    counters[0] = counters[1] = counters[2] = 0;
    require(child_run(&parent, "parent", 3, parent_of_two, 0, .processes = 2,
                      .buffers = 12));
    expect(moves(&counters[0]));
    expect_moving(false, false); /* it precedes them, while it spins */
    child_run_anew(&parent, actor_rest, 0);
    expect_moving(true, true);
    expect_result(kerne_stop(inner[0].reference), normal);
    expect_moving(false, true);
    expect_result(kerne_stop(parent.reference), normal);
    expect_moving(false, false);
    expect_result(kerne_start(parent.reference), normal);
    expect_moving(false, true);
    expect_result(kerne_stop(parent.reference), normal);
    expect_result(kerne_start(inner[0].reference), normal);
    expect_moving(false, false);
    expect_result(kerne_start(parent.reference), normal);
    expect_moving(true, true);
    child_remove(&parent);
}

static struct actor_client client;
static volatile uint64_t may_answer;
static volatile uint64_t has_message;

/* Takes a message, and works for its sender until it may answer. */
static void answer_late(uint64_t by_serve)
{
    uint64_t buffer = kerne_wait_message().buffer;
    has_message = 1;
    while (!may_answer) {}
    if (by_serve) {
        kerne_serve(buffer, KERNE_r_normal, WORDS(5));
    } else {
        kerne_send_answer(buffer, KERNE_r_normal, WORDS(5));
    }
}

static void parent_of_client(uint64_t by_converse)
{
    client = CLIENT_OF(KERNE_ADDRESS(2, 4), 1);
    require(child_run(&inner[0], "inner", 1,
                      by_converse ? actor_converse : actor_client, &client));
    child_rest();
}

/* An answer from outside reaches a process inside a stopped family; it does
 * not run before the family is started. */
static void answered_from_outside(void)
{
    for (uint64_t way = 0; way < 4; way++) {
        struct test_child server;
        struct test_child family;
        may_answer = has_message = 0;
        require(child_run(&server, "server", 4, answer_late, way & 1));
        require(child_run(&family, "family", 5, parent_of_client, way >> 1,
                          .processes = 1));
        require(expect_becomes(&has_message, 1));
        expect_result(kerne_stop(family.reference), normal);
        may_answer = 1;
        require(expect_waits(&server, KERNE_WAITS_EVENT));
        family_nap(1000);
        expect_equal(client.result, 0);
        expect_result(kerne_start(family.reference), normal);
        require(expect_becomes(&client.result, KERNE_r_normal));
        expect_equal(client.answer.w[0], 5);
        child_remove(&server);
        child_remove(&family);
    }
}

const struct test tests[] = {
    { .name = "process.stop.of_who_spins", .function = of_who_spins },
    { .name = "process.stop.in_a_wait", .function = in_a_wait },
    { .name = "process.stop.takes_the_subtree", .function = takes_the_subtree },
    { .name = "process.stop.answered_from_outside",
      .function = answered_from_outside },
    { NULL },
};
