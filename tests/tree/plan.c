#include "shares.h"

struct place place[PLACES];
unsigned places;

/* Leaves never return, nor keep anything on their stack: they share one. */
static uint8_t leaf_stack[CHILD_STACK_BYTES] __attribute__((aligned(16)));

void plan_begin(void)
{
    memset(place, 0, sizeof place);
    places = 1;
}

unsigned plan_children(unsigned above, unsigned count)
{
    unsigned first = places;
    place[above].first = first;
    place[above].children = count;
    for (; places < first + count; places++) {
        place[places].above = above;
        place[places].share = KERNE_SHARE;
        family_numbered(places, place[places].name);
    }
    return first;
}

static unsigned all_below(unsigned of)
{
    unsigned count = 0;
    for (unsigned i = 0; i < place[of].children; i++) {
        count += 1 + all_below(place[of].first + i);
    }
    return count;
}

/* A turn of its loop is four instructions. */
static void leaf(uint64_t turns)
{
    __asm__ volatile("1: ld t0, (%0)\n"
                     "addi t0, t0, 1\n"
                     "sd t0, (%0)\n"
                     "j 1b\n" ::"r"(turns)
                     : "t0", "memory");
}

/* A system makes its children, and rests. */
static void system_of(uint64_t self)
{
    for (unsigned i = 0; i < place[self].children; i++) {
        unsigned to = place[self].first + i;
        bool is_leaf = place[to].children == 0;
        uint64_t turns = (uint64_t)&place[to].turns;
        require(child_run(&place[to].child, place[to].name, i,
                          is_leaf ? leaf : system_of, is_leaf ? turns : to,
                          .processes = all_below(to), .buffers = CHILD_NONE,
                          .share = place[to].share,
                          .stack = is_leaf ? (uint64_t)leaf_stack : 0));
    }
}

static uint64_t account(unsigned of)
{
    return family_describe(place[of].child.reference, KERNE_DESCRIBE_TIME, 0,
                           0);
}

/* What each leaf has from now on (back: until now). */
static void note(bool back)
{
    for (unsigned i = 1; i < places; i++) {
        uint64_t ticks = account(i);
        uint64_t turns = place[i].turns;
        place[i].ticks = back ? ticks - place[i].ticks : ticks;
        place[i].counted = back ? turns - place[i].counted : turns;
    }
}

static bool all_have_begun(void)
{
    for (unsigned i = 1; i < places; i++) {
        if (place[i].children == 0 && place[i].turns == 0) { return false; }
    }
    return true;
}

/* Who runs this precedes all that is below it: while it notes, nothing there
 * moves on. */
void plan_run(uint64_t microseconds)
{
    system_of(PLACE_TOP);
    for (unsigned i = 0; i < 1000 && !all_have_begun(); i++) {
        family_nap(5000);
    }
    expect(all_have_begun());
    note(false);
    family_nap(microseconds);
    note(true);
    for (unsigned i = 0; i < place[PLACE_TOP].children; i++) {
        unsigned gone = place[PLACE_TOP].first + i;
        expect_result(child_remove(&place[gone].child), normal);
    }
}

uint64_t plan_ticks(unsigned of)
{
    uint64_t ticks = place[of].ticks;
    for (unsigned i = 0; i < place[of].children; i++) {
        ticks += plan_ticks(place[of].first + i);
    }
    return ticks;
}

uint64_t plan_due(unsigned of, uint64_t all)
{
    if (of == PLACE_TOP) { return all; }
    const struct place *above = &place[place[of].above];
    uint64_t shares = 0;
    for (unsigned i = 0; i < above->children; i++) {
        shares += place[above->first + i].share;
    }
    return plan_due(place[of].above, all) * place[of].share / shares;
}
