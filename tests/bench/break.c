/* What a child cannot do itself, done by its parent. */
#include "bench.h"

#define CHILD 1
#define PAGES FIGURE_ALL

/* A foreign program: calls, and calls again with the value that it got. */
static void foreign(uint64_t argument)
{
    register uint64_t a0 __asm__("a0") = argument;
    register uint64_t a7 __asm__("a7") = 64;
    __asm__ volatile("1: ecall\n"
                     "j 1b"
                     : "+r"(a0)
                     : "r"(a7)
                     : "memory");
}

/* A round, measured by the parent as the foreign child has no counters: from
 * one call's break to the next one's. */
void run_foreign_call(void)
{
    struct test_child child;
    require(bench_run(&child, "foreign", CHILD, foreign, 0, .foreign = true));
    struct kerne_received r = family_next();
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        expect_equal(KERNE_EVENT_KIND(r.event), KERNE_BREAK);
        expect_equal(r.words.w[0], KERNE_BREAK_CALL);
        expect_equal(r.words.w[1], 64);
        expect_equal(r.words.w[2], i);
        figure_measure(&figure_foreign_call, i,
                       r = kerne_serve(r.buffer, KERNE_r_normal,
                                       WORDS(KERNE_GO_ON, i + 1)));
    }
    expect_result(child_remove(&child), normal);
}

static void toucher(uint64_t argument)
{
    for (unsigned i = 0; i < PAGES; i++) {
        volatile uint64_t *word =
            (volatile uint64_t *)(argument + i * KERNE_PAGE);
        figure_measure(&figure_page_fault, i, *word = i);
    }
    bench_finished();
}

/* A round, measured by the child: one store into a page that it does not have
 * until its parent, who has touched it before, has mapped it. */
void run_page_fault(void)
{
    struct test_child child;
    uint64_t left;
    bench_open();
    for (unsigned i = 0; i < PAGES; i++) {
        *(volatile uint64_t *)(family_arena() + i * KERNE_PAGE) = 0;
    }
    require(bench_run(&child, "toucher", CHILD, toucher, family_arena(),
                      .tables = CHILD_TABLES + 1));
    struct kerne_received r = family_next();
    while (KERNE_EVENT_KIND(r.event) == KERNE_BREAK) {
        uint64_t page = r.words.w[1] & ~(uint64_t)(KERNE_PAGE - 1);
        kerne_map(child.reference, page, page, 1, KERNE_READ | KERNE_WRITE,
                  &left);
        r = kerne_serve(r.buffer, KERNE_r_normal, WORDS(KERNE_AGAIN));
    }
    expect_equal(r.words.w[0], BENCH_FINISHED);
    expect_equal(
        *(volatile uint64_t *)(family_arena() + (PAGES - 1) * KERNE_PAGE),
        PAGES - 1);
    kerne_send_answer(r.buffer, KERNE_r_normal, WORDS(0));
    expect_result(child_remove(&child), normal);
    bench_close();
}
