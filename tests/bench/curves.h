/* Figures that are taken along a number: depth, descendants, processes. */
#ifndef BENCH_CURVES_H
#define BENCH_CURVES_H

#include <stdint.h>

#define CURVE_GROWS UINT64_MAX

/* Notes a failure if the value differs by more than `percent` from the first
 * one of its curve. */
void curve_expect(const char *name, uint64_t value, uint64_t first,
                  uint64_t percent);

/* The tests, one curve each. */
void depth_converse_serve(void);
void depth_foreign_call(void);
void depth_page_fault(void);
void depth_first_touch(void);
void depth_walk(void);
void depth_computation(void);
void depth_leaf_to_root(void);
void depth_root_to_leaf(void);
void depth_look_up(void);
void below_unmap(void);
void number_processes(void);
void number_buffers(void);
void number_siblings(void);

#endif
