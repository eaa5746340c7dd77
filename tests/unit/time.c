/* Who runs next, and who pays. */
#include <check/check.h>

#include "rig.h"

static struct process *root;

static void begin(void)
{
    root = rig_begin(20, 40, 80);
    nucleus.slice = 1000;
}

#define DELAY(ticks)                                 \
    {                                                \
        KERNE_OPERATION(KERNE_CLOCK_DELAY, 0), ticks \
    }

/* p asks the clock, whose address depends on the depth. */
static uint64_t ask_clock(struct process *p, uint64_t ticks)
{
    RESULT(CALL(p, send_message, KERNE_ADDRESS(p->depth, KERNE_EXTERNAL),
                DELAY(ticks)),
           normal);
    return p->x[R_A0];
}

/* The root waits; whoever spins, spins on. */
static void run_for(uint64_t ticks)
{
    if (process_wait(root) == KERNE_WAITS_NOT) {
        EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    }
    for (uint64_t end = simulator.now + ticks; simulator.now < end;) {
        rig_pass(100);
    }
}

TEST("time.shares_are_kept")
{
    static const char *const names[] = { "anna", "bert", "carl" };
    static const uint64_t shares[][3] = { { 100, 100, 100 }, { 300, 150, 50 } };
    for (unsigned i = 0; i < 2; i++) {
        struct process *p[3];
        begin();
        for (unsigned j = 0; j < 3; j++) {
            p[j] = rig_child(root, names[j], j);
            RESULT(CALL(root, set_share, process_reference(p[j]),
                        { shares[i][j] }),
                   normal);
        }
        run_for(300000);
        uint64_t sum = shares[i][0] + shares[i][1] + shares[i][2];
        for (unsigned j = 0; j < 3; j++) {
            uint64_t part = 300000 * shares[i][j] / sum;
            EXPECT(p[j]->time > part - 5000 && p[j]->time < part + 5000);
        }
    }
}

/* However many children a system has, it gets its own share. */
TEST("time.a_system_gets_its_share")
{
    begin();
    struct process *boss = rig_child(root, "boss", 0);
    struct process *anna = rig_child(root, "anna", 1);
    for (uint64_t i = 0; i < 3; i++) {
        struct call creation = rig_creation("job0", i);
        creation.w[0] += i << 24;
        creation.w[3] = creation.w[4] = 0;
        creation.w[5] = 2;
        rig_create(boss, creation);
    }
    EQUAL(CALL(boss, wait_message, 0), RIG_WAITS);
    run_for(400000);
    EXPECT(anna->time > 190000 && anna->time < 210000);
    EXPECT(boss->time_below > 190000 && boss->time_below < 210000);
    EXPECT(boss->time < 2000);
}

TEST("time.idle_time_is_nobodys")
{
    begin();
    struct process *anna = rig_child(root, "anna", 0);
    uint64_t clock = ask_clock(anna, 50000), idle = nucleus.idle;
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    uint64_t now = simulator.now;
    EQUAL(CALL(anna, wait_answer, clock), 1);
    EQUAL(simulator.now, now + 50000);
    EQUAL(nucleus.idle, idle + 50000);
}

/* Who is alone runs on without the timer. */
TEST("time.alone_without_timer")
{
    begin();
    struct process *anna = rig_child(root, "anna", 0);
    run_for(8000);
    EXPECT(this_hart->current == anna);
    EQUAL(simulator.timer, UINT64_MAX);
}

/* And has slices again when another is ready, to which it has sent something,
 * or which the clock has woken. */
TEST("time.alone_no_longer")
{
    for (unsigned by_clock = 0; by_clock < 2; by_clock++) {
        begin();
        struct process *anna = rig_child(root, "anna", 0);
        struct process *bert = rig_child(root, "bert", 1);
        EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
        uint64_t clock = by_clock ? ask_clock(bert, 9000) : 0;
        EQUAL(by_clock ? CALL(bert, wait_answer, clock) : CALL(bert, serve, 0),
              RIG_WAITS);
        run_for(8000);
        EXPECT(this_hart->current == anna && this_hart->only_runnable);
        bert->credit = 0; /* else the clock puts it before anna */
        if (by_clock) {
            rig_pass(1000);
        } else {
            RESULT(CALL(anna, send_message, KERNE_ADDRESS(1, 1)), normal);
        }
        EXPECT(this_hart->current == anna);
        EXPECT(process_wait(bert) == KERNE_WAITS_NOT);
        EXPECT(simulator.timer <= simulator.now + nucleus.slice);
    }
}

/* When a slice is over, the timer is not left at its end. */
TEST("time.a_slice_ends_once")
{
    begin();
    rig_child(root, "anna", 0);
    rig_child(root, "bert", 1);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    const struct process *first = this_hart->current;
    rig_pass(nucleus.slice);
    EXPECT(this_hart->current != first);
    EXPECT(simulator.timer > simulator.now);
    EXPECT(simulator.timer <= simulator.now + nucleus.slice);
}

/* Working for a client is at the client's expense. */
TEST("time.a_servers_work_is_its_clients")
{
    begin();
    struct process *anna = rig_child(root, "anna", 0);
    struct process *bert = rig_child(root, "bert", 1);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    EQUAL(CALL(bert, serve, 0), RIG_WAITS);
    EQUAL(CALL(anna, converse, KERNE_ADDRESS(1, 1)), RIG_WAITS);
    uint64_t before = anna->time;
    rig_result(bert);
    EXPECT(this_hart->current == bert);
    simulator.now += 500;
    EQUAL(CALL(bert, serve, bert->x[R_A0], { 0 }, 1), RIG_WAITS);
    rig_run(root);
    EXPECT(anna->time >= before + 500);
}

/* A process is woken by the clock while the system that it belongs to is
 * stopped, and stands in no ring. */
TEST("time.woken_inside_a_stopped_system")
{
    begin();
    struct process *boss = rig_child(root, "boss", 0);
    struct process *anna = rig_child(root, "anna", 1);
    struct process *bert = rig_child(root, "bert", 2);
    struct process *driver = rig_child(boss, "driver", 0);
    uint64_t alarm = ask_clock(root, 10500);
    EQUAL(CALL(boss, wait_message, 0), RIG_WAITS);
    EQUAL(CALL(root, wait_answer, alarm), RIG_WAITS);
    run_for(11000); /* so that all have some credit */
    RESULT(rig_result(root), normal);
    uint64_t clock = ask_clock(driver, 6000);
    alarm = ask_clock(root, 9000);
    EQUAL(CALL(driver, wait_answer, clock), RIG_WAITS);
    /* Before the tree has missed the driver. */
    RESULT(CALL(root, stop_internal_process, process_reference(boss)), normal);
    EQUAL(CALL(root, wait_answer, alarm), RIG_WAITS);
    run_for(9100);
    RESULT(rig_result(root), normal);
    RESULT(CALL(root, start_internal_process, process_reference(boss)), normal);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    uint64_t annas = anna->time, berts = bert->time;
    run_for(10000);
    EXPECT(anna->time > annas + 2000 && bert->time > berts + 2000);
    RESULT(rig_result(driver), normal);
}

/* A direct switch does not pass over whoever precedes. */
TEST("time.direct_switch_and_a_ready_parent")
{
    begin();
    struct process *boss = rig_child(root, "boss", 0);
    struct process *job = rig_child(boss, "job", 0);
    EQUAL(CALL(boss, wait_message, 0), RIG_WAITS);
    RESULT(
        CALL(root, create_pseudo_process, 0, { NAME("door"), 9, KERNE_SELF }),
        normal);
    EQUAL(CALL(root, serve, 0), RIG_WAITS);
    EQUAL(CALL(job, converse, KERNE_ADDRESS(2, 9)), RIG_WAITS);
    EQUAL(rig_result(root) & 0xff, KERNE_MESSAGE);
    uint64_t message = root->x[R_A0];
    RESULT(CALL(root, send_message, KERNE_ADDRESS(0, 0)), normal);
    EQUAL(CALL(root, serve, message, { 0 }, 1), RIG_WAITS);
    EXPECT(this_hart->current == boss);
}

/* A client withdraws while its server waits for another: what the server does
 * from then on is its own. */
TEST("time.direct_switch_and_a_withdrawn_account")
{
    begin();
    struct process *disk = rig_child(root, "disk", 0);
    struct process *files = rig_child(root, "files", 1);
    struct process *anna = rig_child(root, "anna", 2);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    EQUAL(CALL(disk, serve, 0), RIG_WAITS);
    EQUAL(CALL(files, serve, 0), RIG_WAITS);
    RESULT(CALL(anna, send_message, KERNE_ADDRESS(1, 1)), normal);
    uint64_t message = anna->x[R_A0];
    EQUAL(rig_result(files), KERNE_MESSAGE);
    EQUAL(CALL(files, converse, KERNE_ADDRESS(1, 0)), RIG_WAITS);
    EQUAL(rig_result(disk), KERNE_MESSAGE);
    uint64_t held = disk->x[R_A0];
    EXPECT(time_account(disk) == anna);
    RESULT(CALL(anna, regret_message, message), normal);
    EQUAL(CALL(disk, serve, held, { 0 }, 1), RIG_WAITS);
    EXPECT(this_hart->account == time_account(this_hart->current));
    EXPECT(time_account(files) == files);
}

/* What was done at the expense of one that is removed then is charged to it. */
TEST("time.removed_while_it_pays")
{
    begin();
    struct process *boss = rig_child(root, "boss", 0);
    struct process *anna = rig_child(boss, "anna", 1);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    EQUAL(CALL(boss, serve, 0), RIG_WAITS);
    RESULT(CALL(anna, send_message, KERNE_PARENT), normal);
    EQUAL(rig_result(boss), KERNE_MESSAGE);
    EXPECT(this_hart->account == anna);
    uint64_t own = boss->time, all = boss->time_below;
    simulator.now += 500;
    RESULT(CALL(boss, remove_process, process_reference(anna)), normal);
    EQUAL(CALL(boss, wait_message, 0), RIG_WAITS);
    EXPECT(boss->time < own + 500);
    EXPECT(boss->time_below >= all + 500);
}

/* Whoever works on another's account spends what that has, and a quantum more;
 * the rest is its own. */
TEST("time.the_rest_is_the_servers")
{
    begin();
    struct process *anna = rig_child(root, "anna", 0);
    struct process *server = rig_child(root, "server", 1);
    struct process *carl = rig_child(root, "carl", 2);
    EQUAL(CALL(server, wait_message, 0), RIG_WAITS);
    EQUAL(CALL(anna, converse, KERNE_ADDRESS(1, 1)), RIG_WAITS);
    EQUAL(rig_result(server), KERNE_MESSAGE);
    run_for(600000);
    EXPECT(carl->time > 295000);
    EXPECT(server->time > 295000);
    EXPECT(anna->time < 3000);
    EXPECT(anna->credit < 0);
    EXPECT(anna->credit >= -1000);
}

/* Nor does that hurt those who share what the other has its part of: inside a
 * system, `poor` has a share of 1, and `rich` one of 100. */
TEST("time.an_outsider_starves_nobody")
{
    begin();
    struct process *boss = rig_child(root, "boss", 0);
    struct process *server = rig_child(root, "server", 1);
    struct process *poor = rig_child(boss, "poor", 0);
    struct process *rich = rig_child(boss, "rich", 1);
    RESULT(CALL(boss, set_share, process_reference(poor), { 1 }), normal);
    EQUAL(CALL(server, wait_message, 0), RIG_WAITS);
    RESULT(CALL(poor, send_message, KERNE_ADDRESS(2, 1)), normal);
    EQUAL(CALL(boss, wait_message, 0), RIG_WAITS);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    EQUAL(rig_result(server), KERNE_MESSAGE);
    run_for(400000);
    EXPECT(rich->time > 194000);
    EXPECT(server->time > 194000);
}

/* A quantum is a tick at least. */
TEST("time.the_least_share_of_a_coarse_clock")
{
    begin();
    struct process *anna = rig_child(root, "anna", 0);
    struct process *bert = rig_child(root, "bert", 1);
    nucleus.slice = 25;
    RESULT(CALL(root, set_share, process_reference(anna), { 1 }), normal);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    for (unsigned i = 0; i < 4000; i++) { rig_pass(1); }
    EXPECT(anna->time > 100);
    EXPECT(bert->time > 3600);
}

/* And its interrupts do not put it before its siblings for ever. */
TEST("time.woken_on_the_account_of_one_in_debt")
{
    begin();
    struct process *anna = rig_child(root, "anna", 0);
    struct process *server = rig_child(root, "server", 1);
    struct process *carl = rig_child(root, "carl", 2);
    EQUAL(CALL(server, wait_message, 0), RIG_WAITS);
    EQUAL(CALL(anna, converse, KERNE_ADDRESS(1, 1)), RIG_WAITS);
    EQUAL(rig_result(server), KERNE_MESSAGE);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    for (uint64_t end = simulator.now + 500000; simulator.now < end;) {
        bool works = this_hart->current == server;
        rig_pass(works ? 900 : 10);
        if (works && this_hart->current == server) {
            CALL(server, converse, KERNE_ADDRESS(1, KERNE_EXTERNAL), DELAY(10));
        }
    }
    EXPECT(carl->time > 200000);
}

/* A driver that an interrupt wakes goes before its siblings. */
TEST("time.a_driver_goes_first")
{
    begin();
    struct process *driver = rig_child(root, "driver", 0);
    struct process *anna = rig_child(root, "anna", 1);
    RESULT(CALL(root, include_user, process_reference(driver), { 5 }), normal);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    RESULT(CALL(driver, send_message, KERNE_ADDRESS(1, KERNE_EXTERNAL + 5),
                { KERNE_OPERATION(KERNE_LINE_AWAIT, 0) }),
           normal);
    uint64_t buffer = driver->x[R_A0];
    run_for(5000);
    EQUAL(CALL(driver, wait_answer, buffer), RIG_WAITS);
    rig_pass(10);
    EXPECT(this_hart->current == anna);
    driver->credit = 500;
    simulator.pending[5] = true;
    rig_pass(1);
    EXPECT(this_hart->current == driver);
    RESULT(rig_result(driver), normal);
}

#define MANY 150

/* However many are due: one at a time, in their order. */
TEST("time.many_delays")
{
    uint64_t buffers[MANY], count = 0, last = 0;
    root = rig_begin(20, MANY + 50, 60);
    for (uint64_t i = 0; i < MANY; i++) {
        uint64_t ticks = i * 37 % MANY;
        buffers[ticks] = ask_clock(root, 1 + ticks);
    }
    simulator.now += MANY + 50;
    simulator_serve();
    EXPECT(nucleus.heap_size > 0);
    for (int i = 0; i < MANY; i++) { simulator_serve(); }
    rig_check();
    while (CALL(root, test_event, last) != KERNE_NO_EVENT && count < MANY) {
        last = root->x[R_A0];
        EQUAL(last, buffers[count++]);
    }
    EQUAL(count, MANY);
}

TEST("describe.times")
{
    begin();
    struct process *boss = rig_child(root, "boss", 0);
    struct process *job = rig_child(boss, "job", 0);
    rig_run(job);
    simulator.now += 700;
    RESULT(CALL(root, describe, process_reference(job),
                { KERNE_DESCRIBE_TIME, 0 }),
           normal);
    EXPECT(rig_word(root, 0) >= 700);
    RESULT(CALL(root, describe, process_reference(boss),
                { KERNE_DESCRIBE_TIME, 0 }),
           normal);
    EXPECT(rig_word(root, 1) >= rig_word(root, 0) + 700);
    EQUAL(rig_word(root, 3), 0);
}
