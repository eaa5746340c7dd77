/* What the figures share: a list, and a way to the root, from any depth. */
#include "bench.h"

#define FIGURE(identifier, called, parts) \
    struct figure figure_##identifier = { \
        .name = (called),                 \
        .divisor = (parts),               \
        .run = run_##identifier,          \
    };
#include "figures.def"
#undef FIGURE

static uint64_t front;

void bench_open(void)
{
    expect_result(kerne_create_pseudo(0, "front", 300, KERNE_SELF, &front),
                  normal);
}

void bench_close(void) { expect_result(kerne_remove(front), normal); }

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
    while (KERNE_EVENT_KIND(r.event) == KERNE_MESSAGE &&
           r.words.w[0] != BENCH_FINISHED) {
        r = kerne_serve(r.buffer, KERNE_r_normal, &r.words);
    }
    expect_equal(KERNE_EVENT_KIND(r.event), KERNE_MESSAGE);
    kerne_send_answer(r.buffer, KERNE_r_normal, WORDS(0));
}
