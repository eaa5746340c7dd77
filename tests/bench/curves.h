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

/* Figures that are the same however much is in use beside. */
#define CURVE_SAME                                                      \
    &figure_null_call, &figure_four_calls, &figure_queued,              \
        &figure_converse_serve, &figure_converse_serve_fp,              \
        &figure_leaf_to_root, &figure_foreign_call, &figure_page_fault, \
        &figure_copy, &figure_first_touch, &figure_map, &figure_unmap,  \
        &figure_interrupt, &figure_slice

/* Is the value off by more than `percent` from the first one of its curve? */
bool curve_differs(uint64_t value, uint64_t first, uint64_t percent);

/* Notes a failure if it is. */
void curve_expect(const char *name, uint64_t value, uint64_t first,
                  uint64_t percent);

/* Takes and prints all figures of the curve at this number.  `first` has the
 * values at the first number, or zeros. */
void curve_take(const struct curve *curve, uint64_t number, uint64_t *first);

/* What a parent at any depth does for its child, or that does itself: by how
 * much a figure may differ from that at depth 1, in percent.  Where both block,
 * who runs next is chosen through the tree; a new process is told all its
 * ancestors; and nobody on the way down has touched a page. */
#define CURVES_BELOW_A_PARENT(DO)        \
    DO(null_call, 1)                     \
    DO(four_calls, CURVE_GROWS)          \
    DO(queued, 1)                        \
    DO(converse_serve, 1)                \
    DO(converse_serve_fp, 1)             \
    DO(foreign_call, 1)                  \
    DO(page_fault, 1)                    \
    DO(copy, 1)                          \
    DO(map, 1)                           \
    DO(unmap, 1)                         \
    DO(interrupt, CURVE_GROWS)           \
    DO(create_start_remove, CURVE_GROWS) \
    DO(first_touch, CURVE_GROWS)
void depth_below_a_parent(struct figure *figure, uint64_t percent);

/* The tests, one curve each, or several. */
void depth_slice(void);
void depth_walk(void);
void depth_computation(void);
void depth_leaf_to_root(void);
void depth_root_to_leaf(void);
void depth_look_up(void);
void below_unmap(void);
void number_processes(void);
void number_buffers(void);
void number_siblings(void);
