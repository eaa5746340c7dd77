/* Start, stop and modify. */
#include <string.h>

#include "actor.h"
#include "harness.h"

static uint64_t suspended(const struct test_child *child)
{
    return family_suspended(child->reference);
}

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

static void new_child_is_suspended(void)
{
    static volatile uint64_t counter;
    struct test_child child;
    counter = 0;
    require(expect_result(
        child_make(&child, "spinner", 3, actor_spin, &counter), normal));
    expect_equal(suspended(&child), KERNE_SUSPENDED_STOP);
    expect(!moves(&counter));
    expect_result(kerne_stop(child.reference), already_stopped);
    expect_result(kerne_start(child.reference), normal);
    expect(moves(&counter));
    expect_result(kerne_start(child.reference), not_stopped);
    child_remove(&child);
}

static void stop_of_a_running_child(void)
{
    static volatile uint64_t counter;
    struct test_child child;
    counter = 0;
    require(child_run(&child, "spinner", 3, actor_spin, &counter));
    for (unsigned i = 0; i < 20; i++) {
        expect(moves(&counter));
        expect_result(kerne_stop(child.reference), normal);
        expect_equal(suspended(&child), KERNE_SUSPENDED_STOP);
        expect(!moves(&counter));
        expect_result(kerne_stop(child.reference), already_stopped);
        expect_result(kerne_start(child.reference), normal);
        expect_equal(suspended(&child), 0);
    }
    child_remove(&child);
}

/* Started and stopped before it ever ran; it never runs. */
static void stop_of_a_ready_child(void)
{
    static volatile uint64_t counter;
    struct test_child child;
    counter = 0;
    require(child_run(&child, "spinner", 3, actor_spin, &counter));
    expect_result(kerne_stop(child.reference), normal);
    expect(!moves(&counter));
    expect_equal(counter, 0);
    expect_result(kerne_start(child.reference), normal);
    expect(moves(&counter));
    child_remove(&child);
}

static void wait_for_message(uint64_t argument) { actor_hold(argument); }

static void wait_for_event(uint64_t argument)
{
    ((struct actor_server *)argument)->last = kerne_wait_event(0);
    ((struct actor_server *)argument)->served = 1;
}

/* Stopped in its wait, it receives, and takes what it waited for when it is
 * started. */
static void stop_in_a_wait(void (*function)(uint64_t), uint64_t wait)
{
    struct actor_server server = { 0 };
    struct test_child child;
    uint64_t buffer;
    require(child_run(&child, "waiter", 3, function, &server));
    require(expect_waits(&child, wait));
    expect_result(kerne_stop(child.reference), normal);
    expect_result(kerne_send_message(child_address(&child), WORDS(8), &buffer),
                  normal);
    family_nap(3000);
    expect_equal(server.served, 0);
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_equal(server.served, 1);
    expect_equal(server.last.buffer, buffer);
    expect_equal(server.last.words.w[0], 8);
    child_remove(&child);
    struct kerne_words answer;
    expect_result(kerne_wait_answer(buffer, &answer), does_not_exist);
}

static void stop_in_wait_message(void)
{
    stop_in_a_wait(wait_for_message, KERNE_WAITS_MESSAGE);
}

static void stop_in_wait_event(void)
{
    stop_in_a_wait(wait_for_event, KERNE_WAITS_EVENT);
}

static void stop_in_wait_answer(void (*function)(uint64_t))
{
    struct actor_client client = CLIENT_OF(KERNE_PARENT, 5);
    struct test_child child;
    require(child_run(&child, "client", 3, function, &client));
    uint64_t buffer = kerne_wait_message().buffer;
    require(expect_waits(&child, KERNE_WAITS_ANSWER));
    expect_result(kerne_stop(child.reference), normal);
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(77)), normal);
    family_nap(3000);
    expect_equal(client.result, 0);
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_result(client.result, normal);
    expect_equal(client.answer.w[0], 77);
    child_remove(&child);
}

static void stop_in_wait_for_an_answer(void)
{
    stop_in_wait_answer(actor_client);
    stop_in_wait_answer(actor_converse);
}

/* A wait that is stopped and started goes on waiting. */
static void start_repeats_the_wait(void)
{
    struct actor_server server = { 0 };
    struct test_child child;
    struct kerne_words answer;
    require(child_run(&child, "server", 3, actor_serve, &server));
    for (unsigned i = 0; i < 5; i++) {
        require(expect_waits(&child, KERNE_WAITS_EVENT));
        expect_result(kerne_stop(child.reference), normal);
        expect_result(kerne_start(child.reference), normal);
    }
    expect_result(kerne_converse(child_address(&child), WORDS(8), &answer),
                  normal);
    expect_equal(answer.w[0], 9);
    expect_equal(server.served, 1);
    child_remove(&child);
}

static volatile uint64_t counters[3];
static struct test_child grandchild[2];

static void parent_of_two(uint64_t unused)
{
    (void)unused;
    require(child_run(&grandchild[0], "one", 1, actor_spin, &counters[1]));
    require(child_run(&grandchild[1], "two", 2, actor_spin, &counters[2]));
    actor_spin((uint64_t)&counters[0]);
}

/* The parent spins, so its children, who come after it, would not move. */
static void release_parent(struct test_child *parent)
{
    require(expect_result(kerne_stop(parent->reference), normal));
    require(expect_result(
        child_set_register(parent->reference, 0, (uint64_t)child_rest),
        normal));
    require(expect_result(kerne_start(parent->reference), normal));
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
    release_parent(&parent);
    expect(moves(&counters[1]));
    expect(moves(&counters[2]));
    expect_result(kerne_stop(grandchild[0].reference), normal);
    expect(!moves(&counters[1]));
    expect(moves(&counters[2]));
    expect_result(kerne_stop(parent.reference), normal);
    expect(!moves(&counters[2]));
    expect_equal(suspended(&grandchild[0]),
                 KERNE_SUSPENDED_STOP | KERNE_SUSPENDED_ABOVE);
    expect_equal(suspended(&grandchild[1]), KERNE_SUSPENDED_ABOVE);
    expect_result(kerne_stop(grandchild[0].reference), already_stopped);
    expect_result(kerne_start(grandchild[1].reference), not_stopped);
    expect_result(kerne_start(parent.reference), normal);
    expect(!moves(&counters[1]));
    expect(moves(&counters[2]));
    expect_result(kerne_stop(parent.reference), normal);
    expect_result(kerne_start(grandchild[0].reference), normal);
    expect(!moves(&counters[1]));
    expect_result(kerne_start(parent.reference), normal);
    expect(moves(&counters[1]));
    expect(moves(&counters[2]));
    child_remove(&parent);
}

static struct actor_client inner_client;
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
    struct test_child inner;
    inner_client = CLIENT_OF(KERNE_ADDRESS(2, 4), 1);
    require(child_run(&inner, "inner", 1,
                      by_converse ? actor_converse : actor_client,
                      &inner_client));
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
        expect_equal(inner_client.result, 0);
        expect_result(kerne_start(family.reference), normal);
        require(expect_becomes(&inner_client.result, KERNE_r_normal));
        expect_equal(inner_client.answer.w[0], 5);
        child_remove(&server);
        child_remove(&family);
    }
}

static void trap(uint64_t argument)
{
    __asm__ volatile("ebreak" : : : "a0", "memory");
    *(volatile uint64_t *)argument = 1;
}

/* A process in a break stays in it, whatever stops and starts it. */
static void stop_in_a_break(void)
{
    volatile uint64_t went_on = 0;
    struct test_child child;
    require(child_run(&child, "breaker", 3, trap, &went_on));
    struct kerne_received event = expect_break(&child, KERNE_BREAK_BREAKPOINT);
    expect_result(kerne_start(child.reference), not_stopped);
    expect_result(kerne_stop(child.reference), normal);
    expect_result(kerne_start(child.reference), normal);
    family_nap(3000);
    expect_equal(went_on, 0);
    expect_equal(family_wait(child.reference), KERNE_WAITS_BREAK);
    expect_result(kerne_stop(child.reference), normal);
    expect_result(family_answer_break(event.buffer, KERNE_GO_ON, 0), normal);
    family_nap(3000);
    expect_equal(went_on, 0);
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_equal(went_on, 1);
    child_remove(&child);
}

static void modify_needs_a_stopped_process(void)
{
    struct test_child child;
    struct kerne_register_file file;
    require(child_run(&child, "child", 3, actor_rest, 0));
    require(expect_rests(&child));
    expect_result(kerne_read_registers(child.reference, &file), normal);
    expect_result(kerne_modify(child.reference, &file), not_stopped);
    expect_result(kerne_stop(child.reference), normal);
    expect_result(kerne_modify(child.reference, &file), normal);
    child_remove(&child);
}

/* All registers, as modify sets and reads them; the area may cross pages. */
static void modify_sets_every_register(void)
{
    static _Alignas(4096) uint64_t pages[1024];
    struct test_child child;
    require(
        expect_result(child_make(&child, "child", 3, actor_rest, 0), normal));
    for (unsigned at = 512 - 66; at <= 512; at += 11) {
        struct kerne_register_file *file = (void *)&pages[at];
        for (uint64_t i = 0; i < 65; i++) {
            pages[at + i] = (i + at) * UINT64_C(0x0123456789abcd2);
        }
        file->fcsr = UINT64_MAX;
        file->floats = 1;
        expect_result(kerne_modify(child.reference, file), normal);
        memset(pages, 0x5a, sizeof pages);
        expect_result(kerne_read_registers(child.reference, file), normal);
        expect_equal(file->fcsr, 0xff);
        for (uint64_t i = 0; i < 65; i++) {
            if (i == 32) { continue; }
            expect_equal(pages[at + i], (i + at) * UINT64_C(0x0123456789abcd2));
        }
        expect_equal(file->floats, 1);
        expect_equal(pages[at - 1], UINT64_C(0x5a5a5a5a5a5a5a5a));
        expect_equal(pages[at + 66], UINT64_C(0x5a5a5a5a5a5a5a5a));
    }
    child_remove(&child);
}

/* A process stopped in a wait, and given another pc, is out of that wait. */
static void modify_of_pc_ends_a_wait(void)
{
    volatile uint64_t counter = 0;
    struct actor_server server = { 0 };
    struct test_child child;
    require(child_run(&child, "server", 3, actor_server, &server));
    require(expect_waits(&child, KERNE_WAITS_MESSAGE));
    child_run_anew(&child, actor_spin, (uint64_t)&counter);
    expect(moves(&counter));
    expect_equal(family_wait(child.reference), KERNE_WAITS_NOT);
    child_remove(&child);
}

const struct test tests[] = {
    { .name = "process.start.new_child_is_suspended",
      .function = new_child_is_suspended },
    { .name = "process.stop.of_a_running_child",
      .function = stop_of_a_running_child },
    { .name = "process.stop.of_a_ready_child",
      .function = stop_of_a_ready_child },
    { .name = "process.stop.in_wait_message",
      .function = stop_in_wait_message },
    { .name = "process.stop.in_wait_event", .function = stop_in_wait_event },
    { .name = "process.stop.in_wait_answer",
      .function = stop_in_wait_for_an_answer },
    { .name = "process.stop.in_a_break", .function = stop_in_a_break },
    { .name = "process.stop.takes_the_subtree", .function = takes_the_subtree },
    { .name = "process.stop.answered_from_outside",
      .function = answered_from_outside },
    { .name = "process.start.repeats_the_wait",
      .function = start_repeats_the_wait },
    { .name = "process.modify.needs_a_stopped_process",
      .function = modify_needs_a_stopped_process },
    { .name = "process.modify.sets_every_register",
      .function = modify_sets_every_register },
    { .name = "process.modify.of_pc_ends_a_wait",
      .function = modify_of_pc_ends_a_wait },
    { NULL },
};
