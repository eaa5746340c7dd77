/*
 * What numbers cost: the figures with more and more processes, buffers or
 * siblings in use.
 */
#include "curves.h"

#include "bench.h"
#include "leaf.h"

#include <actor.h>

#define CROWD 340
#define BRANCH 50 /* of the crowd: a process and its children */
#define HOARDER 341
#define SINK 342
#define SIBLING 10 /* the number of the first */

#define NUMBERS 4
static const uint64_t crowds[NUMBERS] = { 10, 100, 1000, 4000 };
static const uint64_t hoards[NUMBERS] = { 10, 100, 1000, 16000 };

/* A process has KERNE_CHILDREN children at most. */
static const uint64_t siblings[] = { 10, 100, 300 };
#define SIBLINGS (sizeof siblings / sizeof siblings[0])

static const struct curve with_processes = {
    "processes", 5, { CURVE_SAME, &figure_create_start_remove, NULL }
};
static const struct curve with_buffers = {
    "buffers", 5, { CURVE_SAME, &figure_create_start_remove, NULL }
};

/* ---- processes ---------------------------------------------------------- */

static struct test_child above;

/* So many processes, of which one is the only child of one that runs. */
static uint64_t make_crowd(uint64_t processes)
{
    if (!child_run(&above, "above", CROWD, actor_rest, 0,
                   .processes = processes, .tables = CHILD_TABLES + processes,
                   .buffers = CHILD_NONE)) {
        return 0;
    }
    uint64_t crowd = bench_empty(above.reference, 0, processes - 1);
    uint64_t branch = 0;
    for (uint64_t i = 0; i < processes - 1 && expect_failures() == 0; i++) {
        uint64_t left = processes - 1 - i;
        if (i % BRANCH == 0) {
            branch = bench_empty(crowd, i / BRANCH,
                                 left < BRANCH ? left - 1 : BRANCH - 1);
        } else {
            bench_empty(branch, i % BRANCH, 0);
        }
    }
    return crowd;
}

static void stop_often(void);

static struct figure stop = { .name = "process.stop", .run = stop_often };

/* A round: the crowd is stopped, with the one above it. */
static void stop_often(void)
{
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        uint64_t result;
        figure_measure(&stop, i, result = kerne_stop(above.reference));
        expect_result_of("stop", result, KERNE_r_normal);
        expect_result(kerne_start(above.reference), normal);
    }
}

static const struct curve of_crowd = { "processes", 1, { &stop, NULL } };

/* Instructions for each process of it. */
static uint64_t remove_crowd(uint64_t crowd, uint64_t number)
{
    uint64_t before = instructions();
    uint64_t result = kerne_remove(crowd);
    uint64_t each = (instructions() - before) / number;
    expect_result_of("removing the crowd", result, KERNE_r_normal);
    figure_print_at("process.remove_each", "processes", number, each);
    return each;
}

void number_processes(void)
{
    uint64_t first[CURVE_FIGURES] = { 0 }, first_stop[CURVE_FIGURES] = { 0 };
    uint64_t each[NUMBERS];
    for (unsigned i = 0; i < NUMBERS; i++) {
        uint64_t crowd = make_crowd(crowds[i]);
        curve_take(&with_processes, crowds[i], first);
        curve_take(&of_crowd, crowds[i], first_stop);
        each[i] = remove_crowd(crowd, crowds[i]);
        expect_result(child_remove(&above), normal);
        curve_expect("removal, for each process", each[i], each[0], 5);
    }
}

/* ---- buffers ------------------------------------------------------------ */

static void hoard(uint64_t messages)
{
    for (uint64_t i = 0; i < messages; i++) {
        uint64_t buffer;
        expect_result(
            kerne_send_message(KERNE_ADDRESS(1, SINK), WORDS(8), &buffer),
            normal);
    }
    bench_finished();
}

/* The buffers wait in the queue of a process that is never started. */
void number_buffers(void)
{
    uint64_t first[CURVE_FIGURES] = { 0 };
    for (unsigned i = 0; i < NUMBERS; i++) {
        struct test_child hoarder;
        struct test_child sink;
        require(
            expect_result(child_make(&sink, "sink", SINK, hoard, 0), normal));
        bench_open();
        require(child_run(&hoarder, "hoarder", HOARDER, hoard, hoards[i],
                          .buffers = hoards[i] + 1));
        bench_serve();
        bench_close();
        curve_take(&with_buffers, hoards[i], first);
        expect_result(child_remove(&hoarder), normal);
        expect_result(child_remove(&sink), normal);
    }
}

/* ---- siblings ----------------------------------------------------------- */

static void look_up_often(void);

static struct figure look_up = { .name = "name.look_up_unknown",
                                 .run = look_up_often };

static void look_up_often(void)
{
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        uint64_t address;
        uint64_t result;
        figure_measure(&look_up, i, result = kerne_look_up("nobody", &address));
        expect_result_of("look up", result, KERNE_r_name_unknown);
    }
}

/* In a table of fixed size, the names that fall together become more: 300 of
 * them cost a look-up two links, of 8 instructions each. */
static const struct curve with_siblings = {
    "siblings", 7, { &look_up, &figure_create_start_remove, NULL }
};

/* A round: a name that no child of the caller has; or a process made beside so
 * many others, started and removed. */
void number_siblings(void)
{
    static uint64_t made[300];
    uint64_t count = 0;
    uint64_t first[CURVE_FIGURES] = { 0 };
    for (unsigned i = 0; i < SIBLINGS; i++) {
        for (; count < siblings[i]; count++) {
            made[count] = bench_empty(0, SIBLING + count, 0);
        }
        curve_take(&with_siblings, count, first);
    }
    while (count > 0) { expect_result(kerne_remove(made[--count]), normal); }
}
