/*
 * What numbers cost: the figures with more and more processes, buffers or
 * siblings in use.
 */
#include "curves.h"

#include "bench.h"

#define CROWD 340
#define BRANCH 50 /* of the crowd: a process and its children */
#define HOARDER 341
#define SINK 342
#define SIBLING 10 /* the number of the first */

static const uint64_t numbers[] = { 10, 100, 1000, 4000 };
#define NUMBERS (sizeof numbers / sizeof numbers[0])

/* A process has KERNE_CHILDREN children at most. */
static const uint64_t siblings[] = { 10, 100, 300 };
#define SIBLINGS (sizeof siblings / sizeof siblings[0])

static struct figure *const constant[] = {
    &figure_null_call,    &figure_four_calls,
    &figure_queued,       &figure_converse_serve,
    &figure_foreign_call, &figure_page_fault,
    &figure_copy,         &figure_first_touch,
    &figure_unmap,        &figure_create_start_remove,
};
#define FIGURES (sizeof constant / sizeof constant[0])

/* The figures with so much in use; `first` has the values of the first time. */
static void take_all(const char *what, uint64_t number, uint64_t first[FIGURES])
{
    for (unsigned i = 0; i < FIGURES; i++) {
        figure_forget(constant[i]);
        constant[i]->run();
        uint64_t value = figure_value(constant[i]);
        first[i] = first[i] ? first[i] : value;
        figure_print_at(constant[i]->name, what, number, value);
        curve_expect(constant[i]->name, value, first[i], 5);
    }
}

/* ---- processes ---------------------------------------------------------- */

static uint64_t make(uint64_t parent, uint64_t number, uint64_t processes)
{
    char name[] = { 'p', (char)('0' + number / 100),
                    (char)('0' + number / 10 % 10), (char)('0' + number % 10),
                    '\0' };
    uint64_t reference = 0;
    expect_result(
        kerne_create(&(struct kerne_creation){ .parent = parent,
                                               .name = name,
                                               .number = number,
                                               .processes = processes,
                                               .tables = 1 + processes,
                                               .mask = KERNE_MASK_ALL },
                     &reference),
        normal);
    return reference;
}

/* So many processes, of which one is a child of the caller. */
static uint64_t make_crowd(uint64_t processes)
{
    uint64_t crowd = make(0, CROWD, processes - 1);
    uint64_t branch = 0;
    for (uint64_t i = 0; i < processes - 1 && expect_failures() == 0; i++) {
        uint64_t left = processes - 1 - i;
        if (i % BRANCH == 0) {
            branch =
                make(crowd, i / BRANCH, left < BRANCH ? left - 1 : BRANCH - 1);
        } else {
            make(branch, i % BRANCH, 0);
        }
    }
    return crowd;
}

void number_processes(void)
{
    uint64_t first[FIGURES] = { 0 };
    for (unsigned i = 0; i < NUMBERS; i++) {
        uint64_t crowd = make_crowd(numbers[i]);
        take_all("processes", numbers[i], first);
        expect_result(kerne_remove(crowd), normal);
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
    uint64_t first[FIGURES] = { 0 };
    for (unsigned i = 0; i < NUMBERS; i++) {
        struct test_child hoarder;
        struct test_child sink;
        require(
            expect_result(child_make(&sink, "sink", SINK, hoard, 0), normal));
        bench_open();
        require(child_run(&hoarder, "hoarder", HOARDER, hoard, numbers[i],
                          .buffers = numbers[i] + 1));
        bench_serve();
        bench_close();
        take_all("buffers", numbers[i], first);
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

static void take_with_siblings(struct figure *figure, uint64_t number)
{
    figure_forget(figure);
    figure->run();
    figure_print_at(figure->name, "siblings", number, figure_value(figure));
}

/* A round: a name that no child of the caller has; or a process made beside so
 * many others, started and removed.  Both grow. */
void number_siblings(void)
{
    static uint64_t made[300];
    uint64_t count = 0;
    for (unsigned i = 0; i < SIBLINGS; i++) {
        for (; count < siblings[i]; count++) {
            made[count] = make(0, SIBLING + count, 0);
        }
        take_with_siblings(&look_up, count);
        take_with_siblings(&figure_create_start_remove, count);
    }
    while (count > 0) {
        expect_result(kerne_remove(made[--count]), normal);
    }
}
