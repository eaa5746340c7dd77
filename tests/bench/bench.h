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

/* Figures that are taken in more circumstances than one. */
extern struct figure figure_null_call;
extern struct figure figure_four_calls;
extern struct figure figure_converse_serve;
extern struct figure figure_converse_serve_fp;
extern struct figure figure_queued;
extern struct figure figure_foreign_call;
extern struct figure figure_page_fault;
extern struct figure figure_create_start_remove;
extern struct figure figure_copy;
extern struct figure figure_first_touch;
extern struct figure figure_map;
extern struct figure figure_unmap;
extern struct figure figure_interrupt;
extern struct figure figure_slice;

/* Rounds of a conversation with an echo. */
void bench_converse(struct figure *figure, uint64_t address, unsigned rounds);

/* The tests, one figure each. */
void bench_null(void);
void bench_four_calls(void);
void bench_converse_serve(void);
void bench_converse_serve_fp(void);
void bench_queued(void);
void bench_foreign_call(void);
void bench_page_fault(void);
void bench_create_start_remove(void);
void bench_read_registers(void);
void bench_set_registers(void);
void bench_copy(void);
void bench_first_touch(void);
void bench_map(void);
void bench_unmap(void);
void bench_memcpy(void);
void bench_memset(void);
void bench_level(void);
void bench_relayed_line(void);
void bench_passed_line(void);
void bench_interrupt(void);
void bench_slice(void);
