#include "tower.h"

#include "bench.h"

#include <stack.h>

#define LINK 350
#define WAY_DOWN 351 /* to the root */
#define BUFFERS 4    /* of each process of a tower, and for each that it has */

static struct tower tower;
static struct test_child links[TOWER_DEEPEST + 1];

static void climb(uint64_t depth);

static void make_next(uint64_t depth)
{
    struct test_child *link = &links[depth + 1];
    uint64_t below = tower.depth - depth - 1 + tower.processes;
    require(expect_result(
        bench_make(link, "link", LINK, climb, depth + 1,
                   .buffers = BUFFERS * (2 + below), .processes = below,
                   .tables = (tower.depth - depth) * TOWER_TABLES +
                             tower.processes * tower.tables),
        normal));
    require(expect_result(family_lend(link->reference, family_arena(),
                                      ARENA_BYTES, KERNE_READ | KERNE_WRITE),
                          normal));
    if (tower.uart) {
        expect_result(uart_lend(link->reference), normal);
        expect_result(kerne_include_user(link->reference, LINE_UART), normal);
    }
    expect_result(kerne_start(link->reference), normal);
}

static void climb(uint64_t depth)
{
    if (depth < tower.depth) {
        make_next(depth);
        return;
    }
    tower.at_top();
    struct kerne_words answer;
    kerne_converse(tower_root(), WORDS(BENCH_FINISHED), &answer);
}

uint64_t tower_root(void)
{
    uint64_t address;
    expect_result(kerne_look_up("ground", &address), normal);
    return address;
}

void tower_run(const struct tower *asked)
{
    tower = *asked;
    if (tower.processes == 0) { tower.processes = TOWER_PROCESSES; }
    if (tower.depth == 0) {
        tower.at_top();
        return;
    }
    uint64_t ground;
    require(expect_result(
        kerne_create_pseudo(0, "ground", WAY_DOWN, KERNE_SELF, &ground),
        normal));
    make_next(0);
    if (tower.root) { tower.root(); }
    bench_serve();
    expect_result(child_remove(&links[1]), normal);
    for (uint64_t depth = 2; depth <= tower.depth; depth++) {
        stack_give_back(links[depth].stack);
    }
    expect_result(kerne_remove(ground), normal);
}
