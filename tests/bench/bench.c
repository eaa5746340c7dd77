/*
 * The bench: figures in retired instructions, one line each, and no verdict on
 * them, but that what is to be linear is so.  To be run on the nucleus as it is
 * released, under `-icount shift=0,sleep=off`.
 */
#include "bench.h"

#define FIGURE(name, function)              \
    {                                       \
        (name), (function), .as_root = true \
    }

const struct test tests[] = {
    FIGURE("call.null", bench_null),
    FIGURE("conversation.four_calls", bench_four_calls),
    FIGURE("conversation.converse_serve", bench_converse_serve),
    FIGURE("conversation.converse_serve_fp", bench_converse_serve_fp),
    FIGURE("conversation.queued", bench_queued),
    FIGURE("break.foreign_call", bench_foreign_call),
    FIGURE("break.page_fault", bench_page_fault),
    FIGURE("process.create_start_remove", bench_create_start_remove),
    FIGURE("process.read_registers", bench_read_registers),
    FIGURE("process.set_registers", bench_set_registers),
    FIGURE("copy.4096", bench_copy),
    FIGURE("storage.first_touch", bench_first_touch),
    FIGURE("storage.map", bench_map),
    FIGURE("storage.unmap", bench_unmap),
    FIGURE("library.memcpy.4096", bench_memcpy),
    FIGURE("library.memset.4096", bench_memset),
    FIGURE("nesting.level_instructions", bench_level),
    FIGURE("nesting.relayed_line_per_level", bench_relayed_line),
    FIGURE("nesting.passed_line", bench_passed_line),
    FIGURE("interrupt.answer", bench_interrupt),
    FIGURE("time.slice", bench_slice),
    { NULL },
};
