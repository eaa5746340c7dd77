/*
 * What depth costs: the same figures with the process that is their parent at
 * more and more levels below the root.  Depth is that of the processes that
 * are measured; at depth 1 their parent is the root.
 */
#include "curves.h"

#include "bench.h"
#include "leaf.h"
#include "tower.h"

#define CLIENT 1
#define WALKED UINT64_C(0x100000)
#define STRIDE 64
#define TURNS 20000

static const uint64_t depths[] = { 1, 2, 4, 8, 16, TOWER_DEEPEST };
#define DEPTHS (sizeof depths / sizeof depths[0])

/* A look-up that goes further than a step of the nucleus (STEP) lets interrupts
 * in, once, and enters anew.  Nothing else here does. */
#define PAUSE 300
static struct figure look_up;

/* At most linear: further down, a level costs no more than a fifth above what
 * it costs between depth 2 and depth 4; `pause` is once on the way. */
static void expect_at_most_linear(const char *name,
                                  const uint64_t values[DEPTHS], uint64_t pause)
{
    for (unsigned i = 3; i < DEPTHS; i++) {
        uint64_t levels = depths[i] - depths[1];
        uint64_t linear = (values[2] - values[1]) * levels / 2;
        expect_equal_of(name, values[i] - values[1] <= linear * 6 / 5 + pause,
                        true);
    }
}

/* Takes the figure at each depth; `percent` is what it may differ by from the
 * first; CURVE_GROWS: at most linear.  `at_top` runs `above` levels above. */
static void along(struct figure *figure, struct tower tower, uint64_t above,
                  uint64_t percent)
{
    uint64_t values[DEPTHS];
    for (unsigned i = 0; i < DEPTHS; i++) {
        figure_forget(figure);
        tower.depth = depths[i] - above;
        tower_run(&tower);
        values[i] = figure_value(figure);
        figure_print_at(figure->name, "depth", depths[i], values[i]);
        curve_expect(figure->name, values[i], values[0], percent);
    }
    if (percent == CURVE_GROWS) {
        uint64_t pause = figure == &look_up ? PAUSE : 0;
        expect_at_most_linear(figure->name, values, pause);
    }
}

void depth_below_a_parent(struct figure *figure, uint64_t percent)
{
    struct tower tower = { .at_top = figure->run,
                           .uart = figure == &figure_interrupt };
    along(figure, tower, 1, percent);
}

void depth_slice(void) { depth_below_a_parent(&figure_slice, CURVE_GROWS); }

/* ---- what goes on without the nucleus ----------------------------------- */

static struct figure walk;
static struct figure computation;

static void walk_through(void)
{
    for (uint64_t at = 0; at < WALKED; at += STRIDE) {
        (void)*(volatile uint64_t *)(family_arena() + at);
    }
}

static void compute(void)
{
    uint64_t sum = 1;
    for (uint64_t i = 0; i < TURNS; i++) {
        sum = sum * 25 + i;
        __asm__ volatile("" : "+r"(sum));
    }
}

static void walker(uint64_t argument)
{
    (void)argument;
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        figure_measure(&walk, i, walk_through());
    }
    bench_finished();
}

static void computer(uint64_t argument)
{
    (void)argument;
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        figure_measure(&computation, i, compute());
    }
    bench_finished();
}

static void alone(void (*function)(uint64_t))
{
    struct test_child child;
    bench_open();
    require(expect_result(child_make(&child, "alone", CLIENT, function, 0,
                                     .tables = CHILD_TABLES + 2),
                          normal));
    expect_result(family_lend(child.reference, family_arena(), WALKED,
                              KERNE_READ | KERNE_WRITE),
                  normal);
    expect_result(kerne_start(child.reference), normal);
    bench_serve();
    expect_result(child_remove(&child), normal);
    bench_close();
}

static void walk_alone(void) { alone(walker); }

static void compute_alone(void) { alone(computer); }

static struct figure walk = { .name = "storage.walk", .run = walk_alone };
static struct figure computation = { .name = "computation",
                                     .run = compute_alone };

/* A round: one load of every 64 bytes of 1 MiB that is touched. */
void depth_walk(void) { depth_below_a_parent(&walk, 1); }

/* A round: additions and multiplications, no call. */
void depth_computation(void) { depth_below_a_parent(&computation, 1); }

/* ---- between a leaf and the root ---------------------------------------- */

/* A round, measured by the leaf: its message to the root, until the answer. */
void depth_leaf_to_root(void)
{
    along(&figure_leaf_to_root, (struct tower){ .at_top = leaf_asks }, 0, 5);
}

/* A round, measured by the root: its answer to the leaf, until the leaf's next
 * message. */
void depth_root_to_leaf(void)
{
    along(&figure_root_to_leaf,
          (struct tower){ .at_top = leaf_asks_on, .root = leaf_answer }, 0, 5);
}

/* ---- a name of the root ------------------------------------------------- */

static struct figure look_up = { .name = "name.look_up" };

static void looking_leaf(void)
{
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        figure_measure(&look_up, i, tower_root());
    }
}

/* A round: the root's name for itself looked up by the leaf.  Each level that
 * does not know it costs. */
void depth_look_up(void)
{
    along(&look_up, (struct tower){ .at_top = looking_leaf }, 0, CURVE_GROWS);
}
