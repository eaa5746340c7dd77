/*
 * What it costs to take a page away from a process below which there are
 * others, some of which have touched it.
 */
#include "curves.h"

#include "bench.h"
#include "tower.h"

#define OWNER 1
#define PAGES FIGURE_ALL
#define ALL UINT64_MAX
#define BRANCH 250 /* the most processes in one with its children, if many */
#define TABLES 4   /* one page of the program, and the arena */

/* The arena: a page in which those who have touched are counted, the pages that
 * are taken away, and one more, so that their table stays. */
#define COUNTED ((volatile uint64_t *)family_arena())
#define FIRST (family_arena() + KERNE_PAGE)

static struct figure unmap;

static struct {
    uint64_t descendants;
    uint64_t touching; /* so many of them */
} asked;

/* The program of a descendant: loads from each page behind a0, counts itself at
 * a0, and is at its end. */
void touches(void);
__asm__(".pushsection .text.touches, \"ax\", @progbits\n"
        ".balign 4096\n"
        ".globl touches\n"
        "touches: li t0, 14\n"
        "mv t1, a0\n"
        "li t3, 4096\n"
        "1: add t1, t1, t3\n"
        "ld t2, 0(t1)\n"
        "addi t0, t0, -1\n"
        "bnez t0, 1b\n"
        "li t0, 1\n"
        "amoadd.d zero, t0, (a0)\n"
        "ebreak\n"
        ".balign 4096\n"
        ".popsection\n");
_Static_assert(PAGES == 14, "as in the program");

/* ---- the descendants ---------------------------------------------------- */

static void lend(uint64_t reference)
{
    uint64_t page = (uint64_t)touches;
    expect_result(
        family_lend(reference, page, KERNE_PAGE, KERNE_READ | KERNE_EXECUTE),
        normal);
    expect_result(family_lend(reference, family_arena(),
                              (PAGES + 2) * KERNE_PAGE,
                              KERNE_READ | KERNE_WRITE),
                  normal);
}

/* One more, with so many below it; starts it if it is to touch. */
static uint64_t make(uint64_t parent, uint64_t number, uint64_t processes,
                     uint64_t made)
{
    uint64_t reference = 0;
    expect_result(family_empty(parent, number, processes,
                               TABLES * (1 + processes), &reference),
                  normal);
    lend(reference);
    child_set_registers(reference, (uint64_t)touches, 0, family_arena());
    if (made < asked.touching) {
        expect_result(kerne_start(reference), normal);
    }
    return reference;
}

/* Few are all children of the caller; of many, each BRANCHth is. */
static void make_all(void)
{
    bool many = asked.descendants > BRANCH;
    uint64_t branch = 0;
    for (uint64_t i = 0; i < asked.descendants && expect_failures() == 0; i++) {
        if (many && i % BRANCH == 0) {
            branch = make(0, i / BRANCH, BRANCH - 1, i);
        } else {
            make(branch, i % BRANCH, 0, i);
        }
    }
}

static void owner(uint64_t argument)
{
    (void)argument;
    *COUNTED = 0;
    for (unsigned i = 0; i < PAGES; i++) {
        *(volatile uint64_t *)(FIRST + i * KERNE_PAGE) = i;
    }
    make_all();
    uint64_t touching =
        asked.touching < asked.descendants ? asked.touching : asked.descendants;
    expect_becomes(COUNTED, touching);
    bench_finished();
}

/* ---- the figures -------------------------------------------------------- */

static void unmap_from_owner(void)
{
    struct test_child child;
    uint64_t left;
    bench_open();
    require(expect_result(
        child_make(&child, "owner", OWNER, owner, 0, .buffers = 4,
                   .processes = asked.descendants,
                   .tables = CHILD_TABLES + 1 + TABLES * asked.descendants),
        normal));
    lend(child.reference);
    expect_result(kerne_start(child.reference), normal);
    bench_serve();
    for (unsigned i = 0; i < PAGES; i++) {
        uint64_t result;
        figure_measure(&unmap, i,
                       result = kerne_unmap(child.reference,
                                            FIRST + i * KERNE_PAGE, 1, &left));
        expect_result_of("unmap", result, KERNE_r_normal);
    }
    expect_result(child_remove(&child), normal);
    bench_close();
}

#define NUMBERS 3
static const uint64_t numbers[NUMBERS] = { 0, 10, 1000 };

/* `name` says how many descendants have touched; `values` is what it cost. */
static void along(const char *name, uint64_t depth, uint64_t touching,
                  uint64_t values[NUMBERS])
{
    for (unsigned i = 0; i < NUMBERS; i++) {
        asked.descendants = numbers[i];
        asked.touching = touching;
        figure_forget(&unmap);
        tower_run(&(struct tower){ .depth = depth - 1,
                                   .at_top = unmap_from_owner,
                                   .processes = numbers[i] + 8,
                                   .tables = TABLES });
        values[i] = figure_value(&unmap);
        figure_print_at(name, "below", numbers[i], values[i]);
    }
}

static void expect_same_at(const char *what, const uint64_t deep[NUMBERS],
                           const uint64_t shallow[NUMBERS])
{
    for (unsigned i = 0; i < NUMBERS; i++) {
        curve_expect(what, deep[i], shallow[i], 1);
    }
}

/* A round: one page taken away from a process at this depth.  It costs for each
 * that has touched the page, and for nothing else. */
void below_unmap(void)
{
    uint64_t one[NUMBERS], one_deep[NUMBERS], all[NUMBERS], all_deep[NUMBERS];
    along("storage.unmap.touched_by_one.depth1", 1, 1, one);
    along("storage.unmap.touched_by_one.depth32", 32, 1, one_deep);
    along("storage.unmap.touched_by_all.depth1", 1, ALL, all);
    along("storage.unmap.touched_by_all.depth32", 32, ALL, all_deep);
    expect_same_at("touched by one, at depth 32", one_deep, one);
    expect_same_at("touched by all, at depth 32", all_deep, all);
    curve_expect("touched by one of 1000, not of 10", one[2], one[1], 1);
    uint64_t each = (all[1] - all[0]) / numbers[1];
    curve_expect("touched by 1000", all[2] - all[0], each * numbers[2], 20);
}
