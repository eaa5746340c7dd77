/*
 * No register ever shows what is another's: not after a call, not after a
 * turn of somebody else, not in a process that has just been made.
 *
 * Several processes fill all their registers with marks of their own, compute
 * and call, while their parent wakes up all the time and takes the processor
 * from whichever runs.
 */
#include "marks.h"

#include <harness.h>

#define PAIRS 3
#define ROUNDS 2000
#define INTERRUPTIONS_AT_LEAST 200

enum {
    SERVER = 1, /* child numbers, each plus its pair's number */
    CLIENT = 11,
};

static struct test_child servers[PAIRS];
static struct test_child clients[PAIRS];
static volatile uint64_t finished; /* clients */

/* A call with a0 to a2; all else, the other words of a message too, are
 * marks. */
static void call(const char *label, uint64_t owner, uint64_t function,
                 uint64_t a0, uint64_t a1, uint64_t a2,
                 struct register_file *ret_after)
{
    struct register_file before;
    registers_fill(&before, owner);
    before.x[REGISTER_A7] = function;
    before.x[REGISTER_A0] = a0;
    before.x[REGISTER_A1] = a1;
    before.x[REGISTER_A0 + 2] = a2;
    registers_call(&before, ret_after);
    marks_expect(label, owner, &before, ret_after, true);
}

static void compute(uint64_t owner, uint64_t rounds)
{
    struct register_file before;
    struct register_file after;
    registers_fill(&before, owner);
    before.x[REGISTER_T0] = rounds;
    registers_spin(&before, &after);
    marks_expect("computing", owner, &before, &after, false);
    expect_equal(after.x[REGISTER_T0], 0);
}

/* ---- pairs -------------------------------------------------------------- */

static void server(uint64_t owner)
{
    struct register_file before;
    struct register_file after = { .x = { 0 } };
    registers_fill(&before, owner);
    before.x[REGISTER_A0] = 0;
    for (;;) {
        before.x[REGISTER_A7] = KERNE_serve;
        before.x[REGISTER_T2] = KERNE_r_normal;
        registers_call(&before, &after);
        marks_expect("serve", owner, &before, &after, true);
        expect_equal(after.x[REGISTER_T2], KERNE_MESSAGE);
        before.x[REGISTER_A0] = after.x[REGISTER_A0];
        marks_set_words(&before, after.x[REGISTER_A2] - 1);
    }
}

static void converse(uint64_t owner, uint64_t address, uint64_t first)
{
    struct register_file before;
    struct register_file after;
    registers_fill(&before, owner);
    before.x[REGISTER_A7] = KERNE_converse;
    before.x[REGISTER_A0] = address;
    marks_set_words(&before, first);
    registers_call(&before, &after);
    marks_expect("converse", owner, &before, &after, true);
    expect_equal(after.x[REGISTER_T2], KERNE_r_normal);
    marks_expect_words(&after, first);
}

/* Calls whose answers hold nothing but what the caller put there. */
static void call_others(uint64_t owner, uint64_t address)
{
    struct register_file r;
    call("get clock", owner, KERNE_get_clock, 0, 0, 0, &r);
    call("get event", owner, KERNE_get_event, 0, 0, 0, &r);
    call("look up", owner, KERNE_process_description, 0, 'x', 0, &r);
    call("describe", owner, KERNE_describe, 0, KERNE_DESCRIBE_TREE, 0, &r);
    call("describe", owner, KERNE_describe, 0, KERNE_DESCRIBE_CLAIM, 0, &r);
    call("test event", owner, KERNE_test_event, 0, 0, 0, &r);
    call("send message", owner, KERNE_send_message, KERNE_SELF, 0, 0, &r);
    uint64_t buffer = r.x[REGISTER_A0];
    call("wait event", owner, KERNE_wait_event, 0, 0, 0, &r);
    expect_equal(r.x[REGISTER_A0], buffer);
    call("wait message", owner, KERNE_wait_message, 0, 0, 0, &r);
    call("send answer", owner, KERNE_send_answer, buffer, 0, 0, &r);
    expect_equal(r.x[REGISTER_T2], KERNE_r_bad_argument);
    kerne_send_answer(buffer, KERNE_r_normal, WORDS(0));
    call("wait answer", owner, KERNE_wait_answer, buffer, 0, 0, &r);
    call("start", owner, KERNE_start_internal_process, address, 0, 0, &r);
    call("create", owner, KERNE_create_internal_process, 0, 'x', 0, &r);
    call("map", owner, KERNE_map, 0, 0, 0, &r);
}

static void client(uint64_t pair)
{
    uint64_t owner = CLIENT + pair;
    uint64_t address = KERNE_ADDRESS(1, SERVER + pair);
    for (uint64_t i = 0; i < ROUNDS; i++) {
        compute(owner, 1000 + i * 37 % 4000);
        converse(owner, address, i * 16);
        if (i % 8 == pair) { call_others(owner, address); }
    }
    __atomic_fetch_add(&finished, 1, __ATOMIC_SEQ_CST);
}

/* The parent precedes its children: each time it wakes it takes the processor
 * from one of them, at whatever instruction that is. */
static void marks_never_show(void)
{
    static const char *const server_names[PAIRS] = { "s0", "s1", "s2" };
    static const char *const client_names[PAIRS] = { "c0", "c1", "c2" };
    unsigned interruptions = 0;
    finished = 0;
    for (uint64_t i = 0; i < PAIRS; i++) {
        require(child_run(&servers[i], server_names[i], SERVER + i, server,
                          SERVER + i));
        require(child_run(&clients[i], client_names[i], CLIENT + i, client, i));
    }
    while (finished < PAIRS && expect_failures() == 0) {
        family_nap(60 + interruptions % 97);
        interruptions++;
    }
    expect(interruptions >= INTERRUPTIONS_AT_LEAST);
    for (unsigned i = 0; i < PAIRS; i++) {
        child_remove(&clients[i]);
        child_remove(&servers[i]);
    }
}

/* ---- long turns --------------------------------------------------------- */

#define SPINNERS 4
#define LONG 20000000 /* more than a time slice */

static void spinner(uint64_t owner)
{
    compute(owner, LONG);
    __atomic_fetch_add(&finished, 1, __ATOMIC_SEQ_CST);
}

/* Nobody but the end of the slice takes the processor from them. */
static void slices(void)
{
    static const char *const names[SPINNERS] = { "a", "b", "c", "d" };
    static struct test_child spinners[SPINNERS];
    finished = 0;
    for (uint64_t i = 0; i < SPINNERS; i++) {
        require(child_run(&spinners[i], names[i], 1 + i, spinner, 1 + i));
    }
    for (unsigned i = 0; i < SPINNERS; i++) {
        expect_rests(&spinners[i]);
        child_remove(&spinners[i]);
    }
    expect_equal(finished, SPINNERS);
}

/* ---- at the beginning --------------------------------------------------- */

/* A process begins with all registers zero but those that were set; a record
 * that had been another's is no exception. */
static void new_process(void)
{
    static struct register_file file;
    for (unsigned round = 0; round < 3; round++) {
        struct test_child child;
        memset(&file, 0x77, sizeof file);
        require(expect_result(child_make(&child, "new", 1, NULL, 0), normal));
        kerne_modify(child.reference,
                     &(struct kerne_register_file){
                         .x = { [0] = (uint64_t)registers_dump,
                                [REGISTER_A0] = (uint64_t)&file } });
        expect_result(kerne_start(child.reference), normal);
        struct kerne_received event =
            expect_break(&child, KERNE_BREAK_BREAKPOINT);
        for (unsigned i = 1; i < 32; i++) {
            expect_equal(file.x[i], i == REGISTER_A0 ? (uint64_t)&file : 0);
        }
        for (unsigned i = 0; i < 32; i++) { expect_equal(file.f[i], 0); }
        expect_equal(file.fcsr, 0);
        child_remove(&child);
        expect_result(
            kerne_send_answer(event.buffer, KERNE_r_normal, WORDS(KERNE_STAY)),
            gone);
    }
}

const struct test tests[] = {
    { .name = "hostile.marks_never_show", .function = marks_never_show },
    { "hostile.marks_in_slices", slices, .seconds = 60 },
    { .name = "hostile.new_process", .function = new_process },
    { NULL },
};
