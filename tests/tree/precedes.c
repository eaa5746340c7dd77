/*
 * An operating system precedes its programs: how many instructions pass from
 * an event of its own to its first instruction, while all its programs compute.
 * At depth 1 and at depth 16, on the released nucleus, in slices of 0.25 ms.
 */
#include <actor.h>
#include <harness.h>
#include <tap.h>

#define DEEP 16
#define SPINNERS 8 /* of the system, and as many in a system inside it */
#define CAUSE (2 * SPINNERS)
#define INNER (CAUSE + 1)
#define TIMES 200
#define AT_MOST 5000 /* instructions */

enum phase { BEGINNING, BY_CLOCK, BY_INTERRUPT, BY_MESSAGE, PHASES, OVER };

static struct test_child level[DEEP + 1];
static struct test_child program[INNER + 1];
static volatile uint64_t counter[2 * SPINNERS];
static uint64_t depth;
static volatile uint64_t phase, answered, stamp;
static volatile uint64_t worst[PHASES], sum[PHASES];

static void note(uint64_t late)
{
    worst[phase] = late > worst[phase] ? late : worst[phase];
    sum[phase] += late;
}

/* ---- programs ------------------------------------------------------------ */

static void spinners(uint64_t first)
{
    static const char names[SPINNERS][2] = { "a", "b", "c", "d",
                                             "e", "f", "g", "h" };
    for (uint64_t i = 0; i < SPINNERS; i++) {
        require(child_run(&program[first + i], names[i], i, actor_spin,
                          &counter[first + i], .buffers = CHILD_NONE));
    }
}

/* The one program that does more than compute: it causes the events. */
static void cause(uint64_t unused)
{
    (void)unused;
    for (uint64_t i = 0; phase != OVER; i++) {
        for (uint64_t pause = i * 37 % 1000; pause > 0; pause--) {
            counter[0]++;
        }
        uint64_t before = answered;
        stamp = instructions();
        if (phase == BY_INTERRUPT) {
            *UART_INTERRUPTS = UART_WHEN_EMPTY;
            while (answered == before) {}
        } else if (phase == BY_MESSAGE) {
            struct kerne_words words = { { 0 } };
            kerne_converse(KERNE_PARENT, &words, &words);
        }
    }
}

/* ---- the operating system ------------------------------------------------ */

/* The clock counts in ticks of a hundred instructions. */
#define INSTRUCTIONS_PER_TICK 100

static void wait_for_the_clock(uint64_t i)
{
    uint64_t until = kerne_get_clock() + 1000 + i * 97;
    struct kerne_words words = { { KERNE_OPERATION(KERNE_CLOCK_UNTIL, 0),
                                   until } };
    kerne_converse(family_clock(), &words, &words);
    note((kerne_get_clock() - until) * INSTRUCTIONS_PER_TICK);
}

static void wait_for_the_interrupt(void)
{
    struct kerne_words words = { { KERNE_OPERATION(KERNE_LINE_AWAIT, 0) } };
    uint64_t line = family_external(LINE_UART);
    uint64_t result = kerne_converse(line, &words, &words);
    uint64_t now = instructions();
    *UART_INTERRUPTS = 0;
    expect_result_of("awaiting the line", result, KERNE_r_normal);
    note(now - stamp);
    answered++;
}

static void wait_for_a_message(void)
{
    struct kerne_received message = kerne_wait_message();
    note(instructions() - stamp);
    kerne_send_answer(message.buffer, KERNE_r_normal, WORDS(0));
}

static void operate(void)
{
    spinners(0);
    require(child_run(&program[INNER], "inner", INNER, spinners, SPINNERS,
                      .processes = SPINNERS, .buffers = CHILD_NONE));
    require(child_run(&program[CAUSE], "cause", CAUSE, cause, 0,
                      .tables = CHILD_TABLES + 2));
    require(expect_result(uart_lend(program[CAUSE].reference), normal));
    family_nap(20000); /* all compute */
    phase = BY_CLOCK;
    for (uint64_t i = 0; i < TIMES; i++) { wait_for_the_clock(i); }
    phase = BY_INTERRUPT;
    for (uint64_t i = 0; i < TIMES; i++) { wait_for_the_interrupt(); }
    phase = BY_MESSAGE;
    for (uint64_t i = 0; i < TIMES; i++) { wait_for_a_message(); }
    phase = OVER;
}

static void make_level(uint64_t at);

static void system_at(uint64_t at)
{
    if (at < depth) {
        make_level(at + 1);
    } else {
        operate();
    }
}

#define NEEDED (INNER + 2) /* processes below the last level */

static void make_level(uint64_t at)
{
    require(expect_result(
        child_make(&level[at], "level", 0, system_at, at,
                   .processes = NEEDED + depth - at,
                   .buffers = 4 + NEEDED + 4 * (depth - at),
                   .tables = (CHILD_TABLES + 2) * (NEEDED + 1 + depth - at)),
        normal));
    require(expect_result(uart_lend(level[at].reference), normal));
    require(expect_result(kerne_include_user(level[at].reference, LINE_UART),
                          normal));
    require(expect_result(kerne_start(level[at].reference), normal));
}

/* ---- the test ------------------------------------------------------------ */

static void report(const char *what, enum phase of)
{
    tap_print("# depth %lu, %s: at most %lu instructions, on average %lu\n",
              depth, what, worst[of], sum[of] / TIMES);
    expect(worst[of] > 0);
    expect(worst[of] <= AT_MOST);
}

static void system_precedes_at(uint64_t this_depth)
{
    depth = this_depth;
    phase = BEGINNING;
    answered = 0;
    for (unsigned i = 0; i < PHASES; i++) {
        worst[i] = 0;
        sum[i] = 0;
    }
    make_level(1);
    expect_becomes(&phase, OVER);
    for (unsigned i = 0; i < 2 * SPINNERS; i++) { expect(counter[i] > 0); }
    expect_result(child_remove(&level[1]), normal);
    report("by the clock", BY_CLOCK);
    report("by an interrupt", BY_INTERRUPT);
    report("by a program's message", BY_MESSAGE);
}

static void at_depth_1(void) { system_precedes_at(1); }

static void at_depth_16(void) { system_precedes_at(DEEP); }

const struct test tests[] = {
    { "tree.precedes.at_depth_1", at_depth_1, .as_root = true },
    { "tree.precedes.at_depth_16", at_depth_16, .as_root = true },
    { NULL },
};
