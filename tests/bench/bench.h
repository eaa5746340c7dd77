/*
 * What the parts of the bench share.
 *
 * All run in the root: it waits for the process that measures by a message,
 * not by the clock, so that no timer ends inside a stretch.
 */
#pragma once

#include "figure.h"

#include <family.h>
#include <harness.h>

/* The message to the root that says that all rounds are measured. */
#define BENCH_FINISHED KERNE_OPERATION(16, 0)

/* In the root, around each figure: `front`, a pseudo process that leads to
 * the root from any depth. */
void bench_open(void);
void bench_close(void);

/* Its address, in any other process. */
uint64_t bench_root(void);

/* In a process that measured, at any depth: tells the root. */
void bench_finished(void);

/* In the root: serves, as an echo, until that is told. */
void bench_serve(void);

/* Children as those of family.h, with the storage of lent.h beside. */
uint64_t bench_make_with(struct test_child *ret_child, const char *name,
                         uint64_t number, void (*function)(uint64_t),
                         uint64_t argument,
                         const struct child_options *options);
#define bench_make(child, name, number, function, argument, ...) \
    bench_make_with((child), (name), (number), (function),       \
                    (uint64_t)(argument),                        \
                    &(struct child_options){ __VA_ARGS__ })
#define bench_run(child, name, number, function, argument, ...)      \
    (expect_result(bench_make((child), (name), (number), (function), \
                              (argument), __VA_ARGS__),              \
                   normal) &&                                        \
     expect_result(kerne_start((child)->reference), normal))

/* One that is never started, with so many below it, a table for each. */
static inline uint64_t bench_empty(uint64_t parent, uint64_t number,
                                   uint64_t processes)
{
    uint64_t reference = 0;
    expect_result(
        family_empty(parent, number, processes, 1 + processes, &reference),
        normal);
    return reference;
}

/* How many messages the figure `queued` sends ahead. */
#define BENCH_QUEUED 16

#define FIGURE(identifier, name, parts)       \
    extern struct figure figure_##identifier; \
    void run_##identifier(void);
#include "figures.def"
#undef FIGURE

/* Rounds of a conversation with an echo. */
void bench_converse(struct figure *figure, uint64_t address, unsigned rounds);

/* Tests of what nesting.c measures. */
void bench_level(void);
void bench_relayed_line(void);
void bench_passed_line(void);
