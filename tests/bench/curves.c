/*
 * The bench along depth, and along the number of descendants.  As the bench,
 * but what is constant by design is expected to be.
 */
#include "curves.h"

#include <harness.h>

#define CURVE(name, function)               \
    {                                       \
        (name), (function), .as_root = true \
    }

const struct test tests[] = {
    CURVE("depth.null", depth_null),
    CURVE("depth.four_calls", depth_four_calls),
    CURVE("depth.queued", depth_queued),
    CURVE("depth.converse_serve", depth_converse_serve),
    CURVE("depth.converse_serve_fp", depth_converse_serve_fp),
    CURVE("depth.foreign_call", depth_foreign_call),
    CURVE("depth.page_fault", depth_page_fault),
    CURVE("depth.copy", depth_copy),
    CURVE("depth.map", depth_map),
    CURVE("depth.unmap", depth_unmap),
    CURVE("depth.interrupt", depth_interrupt),
    CURVE("depth.create_start_remove", depth_create_start_remove),
    CURVE("depth.first_touch", depth_first_touch),
    CURVE("depth.walk", depth_walk),
    CURVE("depth.computation", depth_computation),
    CURVE("depth.leaf_to_root", depth_leaf_to_root),
    CURVE("depth.root_to_leaf", depth_root_to_leaf),
    CURVE("depth.look_up", depth_look_up),
    CURVE("below.unmap", below_unmap),
    { NULL },
};
