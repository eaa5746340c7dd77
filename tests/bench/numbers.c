/*
 * The bench along numbers of processes, buffers and siblings: as curves.c, but
 * with short slices, since time.slice waits for the end of many.
 */
#include "curves.h"

#include <harness.h>

#define CURVE(name, function)               \
    {                                       \
        (name), (function), .as_root = true \
    }

const struct test tests[] = {
    CURVE("number.processes", number_processes),
    CURVE("number.buffers", number_buffers),
    CURVE("number.siblings", number_siblings),
    CURVE("depth.slice", depth_slice),
    { NULL },
};
