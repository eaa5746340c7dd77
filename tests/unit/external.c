/* The clock and the interrupt lines. */
#include "rig.h"

static struct process *root, *anna, *bert, *carl;

/* carl is bert's child. */
static void begin(void)
{
    root = rig_begin(20, 60, 60);
    anna = rig_child(root, "anna", 1);
    bert = rig_child(root, "bert", 2);
    carl = rig_child(bert, "carl", 3);
}

static uint64_t send(struct process *p, uint64_t number, uint64_t word0,
                     uint64_t word1)
{
    RESULT(CALL(p, send_message,
                KERNE_ADDRESS(p->depth, KERNE_EXTERNAL + number),
                { word0, word1, 3, 4, 5, 6, 7, 8 }),
           normal);
    return p->x[R_A0];
}

static uint64_t clock(struct process *p, uint64_t operation, uint64_t word1)
{
    return send(p, 0, KERNE_OPERATION(operation, 0), word1);
}

/* The answer is there, with the time in word 1 and nothing else. */
static void expect_time(struct process *p, uint64_t buffer, uint64_t time)
{
    RESULT(CALL(p, wait_answer, buffer), normal);
    EQUAL(rig_word(p, 1), time);
    EQUAL(rig_word(p, 0) | rig_word(p, 2) | rig_word(p, 7), 0);
}

static bool is_answered(struct process *p, uint64_t buffer)
{
    uint64_t kind = CALL(p, test_event, 0);
    return kind == (KERNE_ANSWER | KERNE_r_normal << 8) && p->x[R_A0] == buffer;
}

/* ---- the clock --------------------------------------------------------- */

static void the_clock_answers_at_once(void)
{
    begin();
    simulator.now += 12345;
    expect_time(anna, clock(anna, KERNE_SENSE, 0), simulator.now);
    expect_time(anna, clock(anna, KERNE_CLOCK_DELAY, 0), simulator.now);
    expect_time(anna, clock(anna, KERNE_CLOCK_UNTIL, 5), simulator.now);
    expect_time(anna, clock(anna, KERNE_CLOCK_UNTIL, simulator.now),
                simulator.now);
    RESULT(CALL(anna, wait_answer, clock(anna, 3, 0)), unintelligible);
    RESULT(CALL(anna, wait_answer, send(anna, 0, UINT64_MAX, 0)),
           unintelligible);
    EQUAL(look_free(anna, BUFFERS), 4);
}

static void delays_end_in_their_order(void)
{
    static const uint64_t delays[] = { 500, 100, 900, 300 };
    static const int order[] = { 1, 3, 0, 2 };
    uint64_t buffers[4], now;
    begin();
    now = simulator.now;
    for (int i = 0; i < 4; i++) {
        buffers[i] = clock(anna, KERNE_CLOCK_DELAY, delays[i]);
    }
    EQUAL(simulator.timer, now + 100);
    rig_pass(99);
    EQUAL(CALL(anna, test_event, 0), KERNE_NO_EVENT);
    rig_pass(1);
    EXPECT(is_answered(anna, buffers[1]));
    rig_pass(1000);
    for (int i = 0; i < 4; i++) {
        uint64_t buffer = buffers[order[i]];
        EXPECT(is_answered(anna, buffer));
        expect_time(anna, buffer, now + (i == 0 ? 100 : 1100));
    }
}

static void a_delay_is_regretted(void)
{
    begin();
    uint64_t first = clock(anna, KERNE_CLOCK_DELAY, 100);
    uint64_t second = clock(anna, KERNE_CLOCK_UNTIL, simulator.now + 50);
    uint64_t third = clock(anna, KERNE_CLOCK_DELAY, 70);
    RESULT(CALL(anna, regret_message, second), normal);
    EQUAL(look_free(anna, BUFFERS), 2);
    rig_pass(60);
    EQUAL(CALL(anna, test_event, 0), KERNE_NO_EVENT);
    rig_pass(10);
    EXPECT(is_answered(anna, third));
    RESULT(CALL(anna, wait_answer, third), normal);
    rig_pass(30);
    EXPECT(is_answered(anna, first));
}

#define MANY 150

/* However many are due: one at a time, in their order. */
static void many_delays(void)
{
    uint64_t buffers[MANY], count = 0, last = 0;
    root = rig_begin(20, MANY + 50, 60);
    for (uint64_t i = 0; i < MANY; i++) {
        uint64_t ticks = i * 37 % MANY;
        buffers[ticks] = clock(root, KERNE_CLOCK_DELAY, 1 + ticks);
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

static void a_delay_of_a_removed_process(void)
{
    begin();
    uint32_t free = look_free(root, BUFFERS);
    clock(anna, KERNE_CLOCK_DELAY, 100);
    clock(root, KERNE_CLOCK_DELAY, 200);
    RESULT(CALL(root, remove_process, process_reference(anna)), normal);
    EQUAL(look_free(root, BUFFERS), free + 4 - 1);
    EQUAL(nucleus.heap_size, 1);
    EQUAL(simulator.now < simulator.timer, true);
    rig_pass(300);
    EQUAL(nucleus.heap_size, 0);
}

/* ---- lines ------------------------------------------------------------- */

#define INCLUDE(p, child, line) \
    CALL(p, include_user, process_reference(child), { line })
#define EXCLUDE(p, child, line) \
    CALL(p, exclude_user, process_reference(child), { line })

static uint64_t await(struct process *p, uint64_t line)
{
    return send(p, line, KERNE_OPERATION(KERNE_LINE_AWAIT, 0), 0);
}

static void interrupt(uint32_t line)
{
    simulator.pending[line] = true;
    rig_pass(1);
}

static void an_interrupt_is_an_answer(void)
{
    begin();
    RESULT(INCLUDE(root, anna, 5), normal);
    EXPECT(!simulator.enabled[5]);
    uint64_t buffer = await(anna, 5);
    EXPECT(simulator.enabled[5]);
    EQUAL(CALL(anna, test_event, 0), KERNE_NO_EVENT);
    interrupt(5);
    EXPECT(is_answered(anna, buffer));
    EXPECT(!simulator.enabled[5]);
    interrupt(5); /* kept until somebody waits again */
    EXPECT(simulator.pending[5]);
    RESULT(CALL(anna, wait_answer, buffer), normal);
    buffer = await(anna, 5);
    rig_pass(1);
    EXPECT(is_answered(anna, buffer));
}

static void one_user_one_message(void)
{
    begin();
    RESULT(INCLUDE(root, anna, 5), normal);
    RESULT(CALL(bert, wait_answer, await(bert, 5)), rejected);
    RESULT(CALL(root, wait_answer, await(root, 5)), rejected);
    uint64_t buffer = await(anna, 5);
    RESULT(CALL(anna, wait_answer, await(anna, 5)), rejected);
    RESULT(CALL(anna, regret_message, buffer), normal);
    EXPECT(!simulator.enabled[5]);
    RESULT(CALL(anna, wait_answer, send(anna, 5, 0, 0)), unintelligible);
    RESULT(CALL(root, wait_answer, send(root, 0, KERNE_OPERATION(9, 0), 0)),
           unintelligible);
}

/* The lines that p has received: for itself or for one below it. */
static uint64_t lines_of(const struct process *p)
{
    uint64_t lines = 0;
    for (int n = 1; n < KERNE_LINES; n++) {
        if (process_is_within(nucleus.lines[n].user, p)) {
            lines |= UINT64_C(1) << n;
        }
    }
    return lines;
}

static void rights_move_along_the_tree(void)
{
    begin();
    RESULT(INCLUDE(root, carl, 5), normal); /* over bert's head */
    EQUAL(lines_of(bert), UINT64_C(1) << 5);
    RESULT(INCLUDE(root, anna, 5), line_in_use);
    RESULT(INCLUDE(bert, carl, 5), line_in_use);
    RESULT(EXCLUDE(root, bert, 5), line_in_use);
    RESULT(EXCLUDE(root, anna, 5), not_user);
    RESULT(EXCLUDE(bert, carl, 5), normal);
    EQUAL(lines_of(carl), 0);
    RESULT(INCLUDE(bert, carl, 6), not_user);
    RESULT(EXCLUDE(root, bert, 5), normal);
    EQUAL(lines_of(bert), 0);
    RESULT(INCLUDE(root, anna, 5), normal);
}

static void include_refused(void)
{
    static const uint64_t lines[] = { 0, 64, 65, UINT64_MAX,
                                      UINT64_C(0x100000005) };
    begin();
    for (unsigned i = 0; i < sizeof lines / sizeof *lines; i++) {
        RESULT(INCLUDE(root, anna, lines[i]), bad_argument);
        RESULT(EXCLUDE(root, anna, lines[i]), bad_argument);
    }
    RESULT(INCLUDE(bert, anna, 5), not_descendant);
    RESULT(EXCLUDE(carl, bert, 5), not_descendant);
}

static void who_waits_is_told(void)
{
    begin();
    RESULT(INCLUDE(root, anna, 5), normal);
    uint64_t buffer = await(anna, 5);
    RESULT(EXCLUDE(root, anna, 5), normal);
    RESULT(CALL(anna, wait_answer, buffer), rejected);
    EXPECT(!simulator.enabled[5]);
    buffer = await(root, 5);
    RESULT(INCLUDE(root, anna, 5), normal);
    RESULT(CALL(root, wait_answer, buffer), rejected);
}

static void a_driver_dies(void)
{
    begin();
    RESULT(INCLUDE(root, carl, 5), normal);
    await(carl, 5);
    RESULT(CALL(root, remove_process, process_reference(bert)), normal);
    EXPECT(!simulator.enabled[5]);
    EXPECT(nucleus.lines[5].user == root);
    simulator.pending[5] = true;
    RESULT(INCLUDE(root, anna, 5), normal);
    uint64_t buffer = await(anna, 5);
    rig_pass(1);
    EXPECT(is_answered(anna, buffer));
}

/* A driver that an interrupt wakes goes before its siblings. */
static void a_driver_goes_first(void)
{
    begin();
    RESULT(INCLUDE(root, anna, 5), normal);
    EQUAL(CALL(root, wait_message, 0), RIG_WAITS);
    EQUAL(CALL(carl, wait_message, 0), RIG_WAITS);
    uint64_t buffer = await(anna, 5);
    nucleus.slice = 1000;
    for (int i = 0; i < 50; i++) { rig_pass(100); }
    EQUAL(CALL(anna, wait_answer, buffer), RIG_WAITS);
    rig_pass(10);
    EXPECT(this_hart->current == bert);
    anna->credit = 500;
    interrupt(5);
    EXPECT(this_hart->current == anna);
    RESULT(rig_result(anna), normal);
}

static const struct test tests[] = {
    { "external.clock.at_once", the_clock_answers_at_once },
    { "external.clock.delays_end_in_their_order", delays_end_in_their_order },
    { "external.clock.regret", a_delay_is_regretted },
    { "external.clock.many", many_delays },
    { "external.clock.removed_process", a_delay_of_a_removed_process },
    { "external.line.an_interrupt_is_an_answer", an_interrupt_is_an_answer },
    { "external.line.one_user_one_message", one_user_one_message },
    { "external.line.rights_move_along_the_tree", rights_move_along_the_tree },
    { "external.line.include_refused", include_refused },
    { "external.line.who_waits_is_told", who_waits_is_told },
    { "external.line.a_driver_dies", a_driver_dies },
    { "external.line.a_driver_goes_first", a_driver_goes_first },
};

RIG_MAIN(tests)
