/*
 * The bench along a number: depth, descendants, processes and buffers in use.
 * As the bench, but what is constant by design is expected to be.
 */
#include "curves.h"

#include <harness.h>

void curve_expect(const char *name, uint64_t value, uint64_t first,
                  uint64_t percent)
{
    uint64_t off = value > first ? value - first : first - value;
    if (percent != CURVE_GROWS && off * 100 > first * percent) {
        expect_equal_of(name, value, first);
    }
}

#define CURVE(name, function)               \
    {                                       \
        (name), (function), .as_root = true \
    }

const struct test tests[] = {
    CURVE("depth.converse_serve", depth_converse_serve),
    CURVE("depth.foreign_call", depth_foreign_call),
    CURVE("depth.page_fault", depth_page_fault),
    CURVE("depth.first_touch", depth_first_touch),
    CURVE("depth.walk", depth_walk),
    CURVE("depth.computation", depth_computation),
    CURVE("depth.leaf_to_root", depth_leaf_to_root),
    CURVE("depth.root_to_leaf", depth_root_to_leaf),
    CURVE("depth.look_up", depth_look_up),
    CURVE("below.unmap", below_unmap),
    CURVE("number.processes", number_processes),
    CURVE("number.buffers", number_buffers),
    CURVE("number.siblings", number_siblings),
    { NULL },
};
