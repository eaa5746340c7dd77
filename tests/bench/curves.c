/*
 * The bench along depth, and along the number of descendants.  As the bench,
 * but what is constant by design is expected to be.
 */
#include "bench.h"
#include "curves.h"

#include <harness.h>

#define CURVE(name, function)               \
    {                                       \
        (name), (function), .as_root = true \
    }

#define TEST(figure, percent)                              \
    static void depth_##figure(void)                       \
    {                                                      \
        depth_below_a_parent(&figure_##figure, (percent)); \
    }
CURVES_BELOW_A_PARENT(TEST)
#undef TEST

const struct test tests[] = {
#define TEST(figure, percent) CURVE("depth." #figure, depth_##figure),
    CURVES_BELOW_A_PARENT(TEST)
#undef TEST
        CURVE("depth.walk", depth_walk),
    CURVE("depth.computation", depth_computation),
    CURVE("depth.leaf_to_root", depth_leaf_to_root),
    CURVE("depth.root_to_leaf", depth_root_to_leaf),
    CURVE("depth.look_up", depth_look_up),
    CURVE("below.unmap", below_unmap),
    { NULL },
};
