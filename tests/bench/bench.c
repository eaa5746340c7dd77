/*
 * The bench: figures in retired instructions, one line each, and no verdict
 * on them.  To be run on the nucleus as it is released, under
 * `-icount shift=0,sleep=off`.
 */
#include "bench.h"

static uint64_t front;

void bench_open(void)
{
    expect_result(kerne_create_pseudo(0, "front", 300, KERNE_SELF,
                                      &front),
                  normal);
}

void bench_close(void)
{
    expect_result(kerne_remove(front), normal);
}

uint64_t bench_root(void)
{
    uint64_t address;
    expect_result(kerne_look_up("front", &address), normal);
    return address;
}

void bench_finished(void)
{
    struct kerne_words answer;
    kerne_converse(bench_root(), WORDS(BENCH_FINISHED), &answer);
}

void bench_serve(void)
{
    struct kerne_received r = kerne_serve(0, KERNE_r_normal, WORDS(0));
    while (KERNE_EVENT_KIND(r.event) == KERNE_MESSAGE
           && r.words.w[0] != BENCH_FINISHED) {
        r = kerne_serve(r.buffer, KERNE_r_normal, &r.words);
    }
    expect_equal(KERNE_EVENT_KIND(r.event), KERNE_MESSAGE);
    kerne_send_answer(r.buffer, KERNE_r_normal, WORDS(0));
}

#define FIGURE(name, function) { (name), (function), .as_root = true }

const struct test tests[] = {
    FIGURE("call.null", bench_null),
    FIGURE("conversation.four_calls", bench_four_calls),
    FIGURE("conversation.converse_serve", bench_converse_serve),
    FIGURE("conversation.converse_serve_fp", bench_converse_serve_fp),
    FIGURE("conversation.queued", bench_queued),
    FIGURE("conversation.child_to_root", bench_child_to_root),
    FIGURE("conversation.leaf_to_root", bench_leaf_to_root),
    FIGURE("break.foreign_call", bench_foreign_call),
    FIGURE("break.page_fault", bench_page_fault),
    FIGURE("process.create_start_remove", bench_create_start_remove),
    FIGURE("copy.4096", bench_copy),
    FIGURE("storage.first_touch", bench_first_touch),
    FIGURE("storage.unmap", bench_unmap),
    FIGURE("nesting.level_instructions", bench_level),
    FIGURE("nesting.relayed_line_per_level", bench_relayed_line),
    FIGURE("nesting.passed_line", bench_passed_line),
    FIGURE("interrupt.answer", bench_interrupt),
    FIGURE("time.slice", bench_slice),
    { NULL },
};
