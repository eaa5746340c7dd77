#include "leaf.h"

#include "bench.h"
#include "lent.h"
#include "tower.h"

/* What is lent is the root's: only its children have it. */
static void run(void)
{
    uint64_t depth = lent_bytes() > 0 ? 1 : TOWER_DEEPEST;
    tower_run(&(struct tower){ .depth = depth, .at_top = leaf_asks });
}

struct figure figure_leaf_to_root = { .name = "conversation.leaf_to_root",
                                      .run = run };
struct figure figure_root_to_leaf = { .name = "conversation.root_to_leaf" };

void leaf_asks(void)
{
    bench_converse(&figure_leaf_to_root, tower_root(), FIGURE_ALL);
}

static struct figure unused;

void leaf_asks_on(void)
{
    bench_converse(&unused, tower_root(), FIGURE_ALL + 1);
}

void leaf_answer(void)
{
    struct kerne_received r = kerne_serve(0, KERNE_r_normal, WORDS(0));
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        figure_measure(&figure_root_to_leaf, i,
                       r = kerne_serve(r.buffer, KERNE_r_normal, &r.words));
        expect_equal(KERNE_EVENT_KIND(r.event), KERNE_MESSAGE);
    }
    kerne_send_answer(r.buffer, KERNE_r_normal, &r.words);
}
