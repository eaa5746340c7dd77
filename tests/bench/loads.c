/*
 * What could keep interrupts off for long, for longest_off.py, which counts
 * from outside: alarms that fall due at once, at the bottom of the deepest
 * tower, stopped or not; a server that is removed while all there wait for it;
 * turns that end there, with debts at each level; hundreds of siblings,
 * created, looked up, and all in debt; thousands of buffers under way; and
 * tables that are used for the first time.
 */
#include <actor.h>
#include <harness.h>

#define DEEPEST 38 /* those who wait are one level further down */
#define WAITERS 16
#define SIBLINGS 320
#define MANY 4000
#define ALARM_DELAY 100000 /* microseconds */
#define TURNS 60000
#define BORDER (UINT64_C(5) << 30) /* of two tables of the machine */
#define MAPPED 40                  /* pages */

enum { SPINNERS = 2, SYSTEM = SPINNERS, SERVER, FIRST_WAITER }; /* numbers */

static struct test_child level[DEEPEST + 1], waiter[WAITERS];
static struct test_child spinners[DEEPEST + 1][SPINNERS], sibling[SIBLINGS];
static uint8_t stacks[DEEPEST + WAITERS + 1][CHILD_STACK_BYTES]
    __attribute__((aligned(16)));
static volatile uint64_t due, counter;
static void (*wait_for)(uint64_t);

/* None of those who share this stack keeps anything on it. */
static uint8_t idle_stack[CHILD_STACK_BYTES] __attribute__((aligned(16)));
#define IDLE_STACK ((uint64_t)idle_stack)

/* ---- a tower ------------------------------------------------------------- */

static void wait_until_due(uint64_t unused)
{
    struct kerne_words words = { { KERNE_OPERATION(KERNE_CLOCK_UNTIL, 0) } };
    (void)unused;
    words.w[1] = due;
    expect_result(kerne_converse(family_clock(), &words, &words), normal);
    expect(kerne_get_clock() >= due);
}

static void wait_for_server(uint64_t unused)
{
    struct kerne_words words = { { unused } };
    expect_result(
        kerne_converse(KERNE_ADDRESS(DEEPEST + 1, SERVER), &words, &words),
        does_not_exist);
}

static void make_level(uint64_t at, bool spins);

/* At each level two compute, of the least share: they are always in debt. */
static void make_spinners(uint64_t at)
{
    for (uint64_t i = 0; i < SPINNERS; i++) {
        require(child_run(&spinners[at][i], i == 0 ? "a" : "b", i, actor_spin,
                          &counter, .share = 1, .buffers = CHILD_NONE,
                          .stack = IDLE_STACK));
    }
}

static void make_waiters(void)
{
    char name[KERNE_NAME_BYTES];
    for (uint64_t i = 0; i < WAITERS; i++) {
        family_numbered(i, name);
        require(child_run(&waiter[i], name, FIRST_WAITER + i, wait_for, 0,
                          .buffers = 1, .stack = (uint64_t)stacks[i]));
    }
}

static void system_at(uint64_t spins)
{
    static uint64_t at;
    at = ++counter;
    if (spins) { make_spinners(at); }
    if (at < DEEPEST) {
        make_level(at + 1, spins);
    } else {
        make_waiters();
    }
}

static void make_level(uint64_t at, bool spins)
{
    uint64_t processes = (DEEPEST - at) * (1 + SPINNERS) + SPINNERS + WAITERS;
    require(child_run(&level[at], "system", SYSTEM, system_at, spins,
                      .share = 1, .processes = processes,
                      .buffers = WAITERS + 4 + 4 * (DEEPEST - at),
                      .stack = (uint64_t)stacks[WAITERS + at]));
}

static void build(void (*waits)(uint64_t), bool spins)
{
    counter = 0;
    due = kerne_get_clock() + family_ticks(ALARM_DELAY);
    wait_for = waits;
    make_level(1, spins);
    for (unsigned i = 0; !spins && i < WAITERS; i++) {
        expect_waits(&waiter[i], KERNE_WAITS_ANSWER);
    }
}

static void remove_tower(void)
{
    for (unsigned i = 0; i < WAITERS; i++) { expect_rests(&waiter[i]); }
    expect_result(kerne_remove(level[1].reference), normal);
}

static void alarms_in_a_stopped_tower(void)
{
    build(wait_until_due, false);
    expect_result(kerne_stop(level[1].reference), normal);
    family_nap(2 * ALARM_DELAY);
    expect_result(kerne_start(level[1].reference), normal);
    remove_tower();
}

static void alarms_in_a_tower(void)
{
    build(wait_until_due, false);
    remove_tower();
}

static void answers_in_a_tower(void)
{
    struct test_child server;
    require(
        expect_result(child_make(&server, "server", SERVER, NULL, 0), normal));
    build(wait_for_server, false);
    expect_result(child_remove(&server), normal);
    remove_tower();
}

static void debts_in_a_tower(void)
{
    build(wait_until_due, true);
    family_nap(TURNS);
    expect_result(kerne_remove(level[1].reference), normal);
}

/* ---- siblings ------------------------------------------------------------ */

static void make_siblings(uint64_t unused)
{
    char name[KERNE_NAME_BYTES];
    (void)unused;
    for (uint64_t i = 0; i < SIBLINGS; i++) {
        family_numbered(i, name);
        require(child_run(&sibling[i], name, i, actor_spin, &counter,
                          .share = 1, .buffers = CHILD_NONE,
                          .stack = IDLE_STACK));
    }
}

static void siblings_in_debt(void)
{
    uint64_t address;
    make_siblings(0);
    family_nap(TURNS);
    expect_result(kerne_look_up("p000", &address), normal);
    expect_result(kerne_look_up("nobody", &address), name_unknown);
    for (uint64_t i = 0; i < SIBLINGS; i++) {
        expect_result(child_remove(&sibling[i]), normal);
    }
}

/* ---- buffers ------------------------------------------------------------- */

enum { HOARDER, SINK };

/* Half of its messages are alarms, half lie with one that never runs. */
static void hoard(uint64_t unused)
{
    uint64_t buffer;
    struct kerne_words alarm = { { KERNE_OPERATION(KERNE_CLOCK_UNTIL, 0) } };
    uint64_t clock = family_clock();
    (void)unused;
    alarm.w[1] = due;
    for (uint64_t i = 0; i < MANY; i++) {
        require(
            expect_result(kerne_send_message(clock, &alarm, &buffer), normal));
        require(expect_result(
            kerne_send_message(KERNE_ADDRESS(1, SINK), WORDS(0), &buffer),
            normal));
    }
}

/* The alarms come, or those who wait for them are removed before. */
static void many_buffers(void)
{
    for (unsigned comes = 0; comes < 2; comes++) {
        struct test_child hoarder, sink;
        due =
            comes ? kerne_get_clock() + family_ticks(ALARM_DELAY) : UINT64_MAX;
        require(
            expect_result(child_make(&sink, "sink", SINK, NULL, 0), normal));
        require(child_run(&hoarder, "hoarder", HOARDER, hoard, 0,
                          .buffers = 2 * MANY + 4));
        expect_rests(&hoarder);
        if (comes) { family_nap(2 * ALARM_DELAY); }
        expect_result(child_remove(comes ? &hoarder : &sink), normal);
        expect_result(child_remove(comes ? &sink : &hoarder), normal);
    }
}

/* ---- tables -------------------------------------------------------------- */

/* A map across the border of two GiB, with tables that nobody ever had. */
static void new_tables(void)
{
    struct test_child child;
    uint64_t left;
    require(expect_result(
        child_make(&child, "wide", SERVER, NULL, 0, .tables = CHILD_TABLES + 4),
        normal));
    expect_result(kerne_map(child.reference, BORDER - MAPPED / 2 * KERNE_PAGE,
                            0, MAPPED, KERNE_READ, &left),
                  normal);
    expect_result(child_remove(&child), normal);
}

const struct test tests[] = {
    { "loads.new_tables", new_tables, .as_root = true },
    { "loads.alarms_in_a_stopped_tower", alarms_in_a_stopped_tower,
      .as_root = true },
    { "loads.alarms_in_a_tower", alarms_in_a_tower, .as_root = true },
    { "loads.answers_in_a_tower", answers_in_a_tower, .as_root = true },
    { "loads.debts_in_a_tower", debts_in_a_tower, .as_root = true },
    { "loads.siblings_in_debt", siblings_in_debt, .as_root = true },
    { "loads.many_buffers", many_buffers, .as_root = true },
    { NULL },
};
