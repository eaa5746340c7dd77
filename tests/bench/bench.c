/*
 * The bench: figures in retired instructions, one line each, and no verdict on
 * them, but that what is to be linear is so.  To be run on the nucleus as it is
 * released, under `-icount shift=0,sleep=off`.
 */
#include "bench.h"

#define FIGURE(identifier, name, parts) \
    static void take_##identifier(void) { figure_take(&figure_##identifier); }
#include "figures.def"
#undef FIGURE

const struct test tests[] = {
    { "nesting.level_instructions", bench_level, .as_root = true },
    { "nesting.relayed_line_per_level", bench_relayed_line, .as_root = true },
    { "nesting.passed_line", bench_passed_line, .as_root = true },
#define FIGURE(identifier, name, parts) \
    { (name), take_##identifier, .as_root = true },
#include "figures.def"
#undef FIGURE
    { NULL },
};
