/* Figures that are taken along a number: depth, descendants, processes. */
#pragma once

#include "figure.h"

#include <stdbool.h>
#include <stdint.h>

#define CURVE_GROWS UINT64_MAX
#define CURVE_FIGURES 16 /* at most, along one number */

/* Figures that are taken along one number, whose name is `along`, and by how
 * much they may differ. */
struct curve {
    const char *along;
    uint64_t percent;
    struct figure *figures[CURVE_FIGURES + 1]; /* a null pointer at the end */
};

/* Is the value off by more than `percent` from the first one of its curve? */
bool curve_differs(uint64_t value, uint64_t first, uint64_t percent);

/* Notes a failure if it is. */
void curve_expect(const char *name, uint64_t value, uint64_t first,
                  uint64_t percent);

/* Takes and prints all figures of the curve at this number.  `first` has the
 * values at the first number, or zeros. */
void curve_take(const struct curve *curve, uint64_t number, uint64_t *first);

/* The tests, one curve each, or several. */
void depth_null(void);
void depth_four_calls(void);
void depth_queued(void);
void depth_converse_serve(void);
void depth_converse_serve_fp(void);
void depth_foreign_call(void);
void depth_page_fault(void);
void depth_copy(void);
void depth_map(void);
void depth_unmap(void);
void depth_interrupt(void);
void depth_create_start_remove(void);
void depth_slice(void);
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
