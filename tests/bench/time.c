/* Interrupts, and the ends of time slices. */
#include "bench.h"

#define RAISER 1
#define DRIVER 2
#define SPINNER 3

/* ---- interrupt.answer --------------------------------------------------- */

static volatile uint64_t stamp;
static volatile uint64_t answered;

static void driver(uint64_t argument)
{
    (void)argument;
    uint64_t line = family_external(LINE_UART);
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        struct kerne_words answer;
        uint64_t result = kerne_converse(
            line, WORDS(KERNE_OPERATION(KERNE_LINE_AWAIT, 0)), &answer);
        uint64_t now = instructions();
        *UART_INTERRUPTS = 0;
        figure_note(&figure_interrupt, i, now - stamp);
        expect_result_of("awaiting the line", result, KERNE_r_normal);
        answered = i + 1;
    }
    bench_finished();
}

/* The driver was started first and waits; it goes before its siblings. */
static void raiser(uint64_t argument)
{
    (void)argument;
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        stamp = instructions();
        *UART_INTERRUPTS = UART_WHEN_EMPTY;
        while (answered == i) {}
    }
}

/* A round: from before the store that raises an interrupt, in a process that
 * computes, to the driver's first instruction after its wait. */
void run_interrupt(void)
{
    struct test_child driver_child;
    struct test_child raiser_child;
    answered = 0;
    bench_open();
    expect_result(bench_make(&driver_child, "driver", DRIVER, driver, 0,
                             .tables = CHILD_TABLES + 2),
                  normal);
    expect_result(bench_make(&raiser_child, "raiser", RAISER, raiser, 0,
                             .tables = CHILD_TABLES + 2),
                  normal);
    expect_result(uart_lend(driver_child.reference), normal);
    expect_result(uart_lend(raiser_child.reference), normal);
    expect_result(kerne_include_user(driver_child.reference, LINE_UART),
                  normal);
    expect_result(kerne_start(driver_child.reference), normal);
    expect_waits(&driver_child, KERNE_WAITS_ANSWER);
    expect_result(kerne_start(raiser_child.reference), normal);
    bench_serve();
    expect_result(child_remove(&raiser_child), normal);
    expect_result(child_remove(&driver_child), normal);
    bench_close();
}

/* ---- time.slice --------------------------------------------------------- */

#define GAP_AT_MOST 100000 /* far less than a slice */

static volatile uint64_t last_runner;
static volatile uint64_t last_seen;
static volatile uint64_t changes;

/* The length of a slice is a multiple of that of a loop: without this, every
 * turn would end at the same instruction. */
static void change_pace(uint64_t turns)
{
    for (uint64_t i = turns % 7; i > 0; i--) { __asm__ volatile("nop"); }
}

/* Notes the gap between the two spinners' turns: it ends at the first look at
 * the counter after a turn begins, and begins at the last before it ended.  A
 * turn that ends between the two stores does not count. */
static void spinner(uint64_t self)
{
    uint64_t turns = self;
    while (changes < FIGURE_ALL) {
        uint64_t now = instructions();
        if (last_runner != self) {
            uint64_t gap = now - last_seen;
            if (last_runner != 0 && gap < GAP_AT_MOST) {
                figure_note(&figure_slice, (unsigned)changes, gap);
                changes++;
            }
            last_runner = self;
            change_pace(++turns);
        }
        last_seen = now;
    }
    if (__atomic_fetch_add(&changes, 1, __ATOMIC_SEQ_CST) == FIGURE_ALL) {
        bench_finished();
    }
}

/* A round: from one computing process to another when the first one's slice
 * ends, to within the ten instructions of their loops. */
void run_slice(void)
{
    struct test_child one;
    struct test_child other;
    last_runner = 0;
    changes = 0;
    bench_open();
    require(bench_run(&one, "one", SPINNER, spinner, SPINNER));
    require(bench_run(&other, "other", SPINNER + 1, spinner, SPINNER + 1));
    bench_serve();
    expect_result(child_remove(&one), normal);
    expect_result(child_remove(&other), normal);
    bench_close();
}
