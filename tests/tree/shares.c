/*
 * Time by the tree: what each process gets while all compute, over 8,000 slices
 * of 0.15 ms of virtual time, on the released nucleus.  A leaf's time is read
 * from its account, and compared with what it counted itself.
 */
#include "shares.h"

#include <dice.h>
#include <tap.h>

#define MEASURE 1200000 /* microseconds */

static uint64_t difference(uint64_t a, uint64_t b)
{
    return a > b ? a - b : b - a;
}

static uint64_t due(unsigned leaf)
{
    return plan_due(leaf, plan_ticks(PLACE_TOP));
}

/* Hundredths of a percent. */
static uint64_t off(unsigned leaf)
{
    return difference(place[leaf].ticks, due(leaf)) * 10000 / due(leaf);
}

static void report(const char *what, unsigned leaf)
{
    tap_print(
        "# %s%s was due %lu ticks and got %lu, off by %lu hundredths of a "
        "percent\n",
        what, place[leaf].name, due(leaf), place[leaf].ticks, off(leaf));
}

/* Each leaf got what it was due, within so many hundredths of a percent. */
static void expect_shares(uint64_t most, unsigned deepest, uint64_t its_most)
{
    unsigned worst = 0;
    for (unsigned i = 1; i < places; i++) {
        if (place[i].children == 0) {
            worst = worst == 0 || off(i) > off(worst) ? i : worst;
            uint64_t allowed = i == deepest ? its_most : most;
            if (!expect(off(i) <= allowed)) { report("missed: ", i); }
        }
    }
    report("worst: ", worst);
}

#define INSTRUCTIONS_PER_TICK 100
#define INSTRUCTIONS_PER_TURN 4
#define CHANGES 5 /* percent of the time that goes to changes, at most */

/* Nobody did more than its account says, nor much less: between the two are
 * the changes from one process to the next. */
static void expect_counts_agree(void)
{
    for (unsigned i = 1; i < places; i++) {
        if (place[i].children == 0) {
            uint64_t own = place[i].counted * INSTRUCTIONS_PER_TURN /
                           INSTRUCTIONS_PER_TICK;
            expect(own <= place[i].ticks);
            expect(own * 100 >= place[i].ticks * (100 - CHANGES));
        }
    }
}

/* All that passed was somebody's, but for a thousandth. */
static void expect_all_is_given(void)
{
    uint64_t all = family_ticks(MEASURE);
    expect(difference(plan_ticks(PLACE_TOP), all) * 1000 < all);
}

/* ---- deep ---------------------------------------------------------------- */

#define DEPTH 16

static void three_quarters_passed_on(void)
{
    plan_begin();
    unsigned above = PLACE_TOP;
    for (unsigned depth = 1; depth <= DEPTH; depth++) {
        unsigned first = plan_children(above, 2);
        place[first].share = 25;
        place[first + 1].share = 75;
        above = first + 1;
    }
    plan_run(MEASURE);
    expect_shares(100, above, 200);
    expect_counts_agree();
    expect_all_is_given();
}

/* ---- at random ----------------------------------------------------------- */

#define TREES 6
#define LEAST_DUE 100   /* a hundredth, or 80 slices, to each leaf */
#define LEAST_PLACES 16 /* of a tree that is worth it */

static void draw_below(unsigned above, struct dice *dice, unsigned depth)
{
    unsigned count = 2 + (unsigned)dice_below(dice, 2);
    unsigned first = plan_children(above, count);
    for (unsigned i = first; i < first + count; i++) {
        place[i].share = 10 + dice_below(dice, 41);
    }
    for (unsigned i = first; i < first + count; i++) {
        if (depth < DEPTH && places < PLACES / 2 && dice_one_in(dice, 2)) {
            draw_below(i, dice, depth + 1);
        }
    }
}

static bool is_worth_it(void)
{
    for (unsigned i = 1; i < places; i++) {
        if (plan_due(i, 1000000) * LEAST_DUE < 1000000) { return false; }
    }
    return places >= LEAST_PLACES;
}

static void drawn_at_random(void)
{
    struct dice dice = dice_from(1969);
    for (unsigned i = 0; i < TREES; i++) {
        do {
            plan_begin();
            draw_below(PLACE_TOP, &dice, 1);
        } while (!is_worth_it());
        plan_run(MEASURE);
        expect_shares(100, 0, 0);
        expect_counts_agree();
        expect_all_is_given();
    }
}

/* ---- many ---------------------------------------------------------------- */

#define CROWD 500
#define CROWD_SYSTEMS 25

static void many_get_no_more(void)
{
    plan_begin();
    unsigned first = plan_children(PLACE_TOP, 2);
    unsigned systems = plan_children(first, CROWD_SYSTEMS);
    for (unsigned i = 0; i < CROWD_SYSTEMS; i++) {
        plan_children(systems + i, CROWD / CROWD_SYSTEMS);
    }
    plan_run(MEASURE);
    report("beside 500: ", first + 1);
    expect(off(first + 1) <= 100);
    expect(difference(plan_ticks(first), due(first)) * 100 <= due(first));
    expect_all_is_given();
}

const struct test tests[] = {
    { "tree.shares.three_quarters_passed_on", three_quarters_passed_on,
      .as_root = true },
    { "tree.shares.drawn_at_random", drawn_at_random, .as_root = true },
    { "tree.shares.many_get_no_more", many_get_no_more, .as_root = true },
    { NULL },
};
