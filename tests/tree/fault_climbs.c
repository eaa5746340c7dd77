/*
 * A fault that climbs: the root takes a page from a parent under it, that
 * parent's child touches it, the root brings it back, and neither of the two
 * notices, however deep the child is.
 */
#include "climb.h"

#define BEFORE UINT64_C(0x6265666f7265)
#define AFTER UINT64_C(0x6166746572)
#define READ_WRITE (KERNE_READ | KERNE_WRITE)
#define READ_EXECUTE (KERNE_READ | KERNE_EXECUTE)

#define DATA ((uint64_t)climb_data)
#define CODE ((uint64_t)climb_code)

/* What one order does to its page, and what it reports. */
struct climb_case {
    enum climb_order order;
    uint64_t page;
    uint64_t rights; /* of the window onto the page */
    uint64_t access; /* as the break says it */
    uint64_t report; /* 0: what stands in the page */
};

static const struct climb_case cases[] = {
    { CLIMB_READ, DATA, READ_WRITE, KERNE_READ, 0 },
    { CLIMB_WRITE, DATA, READ_WRITE, KERNE_WRITE, CLIMB_WRITTEN },
    { CLIMB_EXECUTE, CODE, READ_EXECUTE, KERNE_EXECUTE, CLIMB_EXECUTED },
};

static void take_away(uint64_t page)
{
    uint64_t left;
    expect_result(kerne_unmap(climb_top(), page, 1, &left), normal);
}

static void give(uint64_t page, const void *frame, uint64_t rights)
{
    uint64_t left;
    expect_result(
        kerne_map(climb_top(), page, (uint64_t)frame, 1, rights, &left),
        normal);
}

/* The root's break: of its child, from inside, at the child's address. */
static void expect_climbed(const struct kerne_received *event, uint64_t page,
                           uint64_t access)
{
    expect_equal(KERNE_EVENT_KIND(event->event), KERNE_BREAK);
    expect_equal(event->sender,
                 KERNE_ADDRESS(0, CLIMB_LINK) | KERNE_SENDER_INSIDE);
    expect_words(&event->words,
                 WORDS(KERNE_BREAK_PAGE_FAULT, page, access, 0, 1));
}

static void touch_while_there(const struct climb_case *c)
{
    climb_data[0] = BEFORE;
    struct kerne_received event = climb_order(c->order);
    climb_expect_report(&event, c->report ? c->report : BEFORE);
}

/* Data come back in another frame, as from a disk; code in its own, for an
 * instruction that is written needs more than a window. */
static void bring_back(const struct climb_case *c)
{
    climb_data[0] = 0;
    climb_other[0] = AFTER;
    give(c->page, c->access == KERNE_EXECUTE ? (void *)c->page : climb_other,
         c->rights);
}

static void climb(enum climb_order order, uint64_t depth)
{
    const struct climb_case *c = &cases[order];
    require(climb_begin(depth));
    touch_while_there(c);
    take_away(c->page);
    struct kerne_received event = climb_order(order);
    expect_climbed(&event, c->page, c->access);
    bring_back(c);
    event = climb_answer(&event, KERNE_AGAIN);
    climb_expect_report(&event, c->report ? c->report : AFTER);
    if (order == CLIMB_WRITE) { expect_equal(climb_other[0], c->report); }
    expect_equal(climb_data[0], 0);
    expect_equal(climb_noticed(), 0);
    climb_end();
}

#define CLIMB(name, order)                                   \
    static void name##_at_depth_2(void) { climb(order, 2); } \
    static void name##_at_depth_20(void) { climb(order, 20); }
CLIMB(read, CLIMB_READ)
CLIMB(write, CLIMB_WRITE)
CLIMB(execute, CLIMB_EXECUTE)
#undef CLIMB

/* A window that is too narrow is reported like one that is missing; what it
 * still allows goes on without a fault. */
static void narrowed(void)
{
    require(climb_begin(20));
    touch_while_there(&cases[CLIMB_READ]);
    touch_while_there(&cases[CLIMB_WRITE]);
    give(DATA, climb_data, KERNE_READ);
    touch_while_there(&cases[CLIMB_READ]);
    struct kerne_received event = climb_order(CLIMB_WRITE);
    expect_climbed(&event, DATA, KERNE_WRITE);
    expect_equal(climb_data[0], BEFORE);
    give(DATA, climb_data, READ_WRITE);
    event = climb_answer(&event, KERNE_AGAIN);
    climb_expect_report(&event, CLIMB_WRITTEN);
    expect_equal(climb_data[0], CLIMB_WRITTEN);
    expect_equal(climb_noticed(), 0);
    climb_end();
}

/* Tried again with nothing done, it breaks again, and so often as it takes. */
static void again_and_again(void)
{
    require(climb_begin(20));
    climb_data[0] = BEFORE;
    take_away(DATA);
    struct kerne_received event = climb_order(CLIMB_READ);
    for (unsigned i = 0; i < 100; i++) {
        expect_climbed(&event, DATA, KERNE_READ);
        event = climb_answer(&event, KERNE_AGAIN);
    }
    expect_climbed(&event, DATA, KERNE_READ);
    give(DATA, climb_data, READ_WRITE);
    event = climb_answer(&event, KERNE_AGAIN);
    climb_expect_report(&event, BEFORE);
    expect_equal(climb_noticed(), 0);
    climb_end();
}

/* Declined by the root and by each parent below, it comes to the leaf's own
 * parent, which may do what it likes: here it ends it with a value. */
static void declined_by_all(void)
{
    const uint64_t depth = 20;
    require(climb_begin(depth));
    take_away(DATA);
    struct kerne_received event = climb_order(CLIMB_READ);
    expect_climbed(&event, DATA, KERNE_READ);
    event = climb_answer(&event, KERNE_NOT_MINE);
    climb_expect_report(&event, CLIMB_SKIPPED);
    expect_equal(climb_noticed(), depth - 1);
    for (uint64_t i = 1; i < depth - 1; i++) {
        expect_climbed(climb_seen(i), DATA, KERNE_READ);
    }
    const struct kerne_received *own = climb_seen(depth - 1);
    expect_equal(KERNE_EVENT_KIND(own->event), KERNE_BREAK);
    expect_equal(own->sender, KERNE_ADDRESS(0, CLIMB_LINK));
    expect_equal(own->words.w[0], KERNE_BREAK_PAGE_FAULT);
    expect_equal(own->words.w[1], DATA);
    expect_equal(own->words.w[2], KERNE_READ);
    expect(own->words.w[3] != 0);
    expect_equal(own->words.w[4], 0);
    climb_end();
}

#define AS_ROOT(name)                                     \
    {                                                     \
        "tree.fault_climbs." #name, name, .as_root = true \
    }

const struct test tests[] = {
    AS_ROOT(read_at_depth_2),    AS_ROOT(read_at_depth_20),
    AS_ROOT(write_at_depth_2),   AS_ROOT(write_at_depth_20),
    AS_ROOT(execute_at_depth_2), AS_ROOT(execute_at_depth_20),
    AS_ROOT(narrowed),           AS_ROOT(again_and_again),
    AS_ROOT(declined_by_all),    { NULL },
};
