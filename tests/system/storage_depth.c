/*
 * Windows onto windows: a chain test - outer - inner, all looking at one page
 * of the arena at WINDOW.
 */
#include "actor.h"
#include "harness.h"

#define WINDOW UINT64_C(0x90000000)
#define ALL_RIGHTS (KERNE_READ | KERNE_WRITE | KERNE_EXECUTE)

static struct test_child outer;
static struct test_child inner;
static volatile uint64_t value;
static volatile uint64_t done;

static volatile uint64_t *arena_word(void)
{
    return (volatile uint64_t *)family_arena();
}

static void load(uint64_t unused)
{
    (void)unused;
    value = *(volatile uint64_t *)WINDOW;
    done++;
}

static void store(uint64_t unused)
{
    (void)unused;
    *(volatile uint64_t *)WINDOW = value;
    done++;
}

static uint64_t lend_outer(uint64_t rights)
{
    uint64_t left;
    return kerne_map(outer.reference, WINDOW, family_arena(), 1, rights, &left);
}

/* On behalf of `outer`: the page is outer's page at WINDOW. */
static uint64_t lend_inner(uint64_t rights)
{
    uint64_t left;
    return kerne_map(inner.reference, WINDOW, WINDOW, 1, rights, &left);
}

static bool make_chain(void (*function)(uint64_t), uint64_t outer_rights,
                       uint64_t inner_rights)
{
    done = 0;
    *arena_word() = 1000;
    return expect_result(child_make(&outer, "outer", 3, actor_rest, 0,
                                    .processes = 1, .tables = 12),
                         normal) &&
           expect_result(lend_outer(outer_rights), normal) &&
           expect_result(kerne_start(outer.reference), normal) &&
           expect_rests(&outer) &&
           expect_result(child_make(&inner, "inner", 4, function, 0,
                                    .behalf_of = outer.reference, .tables = 6,
                                    .buffers = 1),
                         normal) &&
           expect_result(lend_inner(inner_rights), normal) &&
           expect_result(kerne_start(inner.reference), normal);
}

static void end_chain(void) { expect_result(child_remove(&outer), normal); }

static void repeat(void (*function)(uint64_t))
{
    child_run_anew(&inner, function, 0);
}

static void through_two_windows(void)
{
    require(make_chain(load, KERNE_READ, KERNE_READ));
    require(expect_rests(&inner));
    expect_equal(value, 1000);
    *arena_word() = 1001;
    repeat(load);
    expect_becomes(&done, 2);
    expect_equal(value, 1001);
    end_chain();
}

/* A break of `outer`, though the process that faulted is inside it. */
static struct kerne_received expect_fault_inside(uint64_t access)
{
    struct kerne_received event = family_next();
    expect_equal(KERNE_EVENT_KIND(event.event), KERNE_BREAK);
    expect_equal(event.sender, child_address(&outer) | KERNE_SENDER_INSIDE);
    expect_equal(event.words.w[0], KERNE_BREAK_PAGE_FAULT);
    expect_equal(event.words.w[1], WINDOW);
    expect_equal(event.words.w[2], access);
    expect_equal(event.words.w[3], 0);
    expect_equal(event.words.w[4], 1);
    return event;
}

/* The window that is missing is outer's: outer is not bothered, and neither
 * of the two notices when the page comes back. */
static void fault_climbs(void)
{
    uint64_t left;
    require(make_chain(load, ALL_RIGHTS, ALL_RIGHTS));
    require(expect_rests(&inner));
    expect_result(kerne_unmap(outer.reference, WINDOW, 1, &left), normal);
    *arena_word() = 2000;
    repeat(load);
    struct kerne_received event = expect_fault_inside(KERNE_READ);
    expect_equal(done, 1);
    expect_result(lend_outer(ALL_RIGHTS), normal);
    expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0), normal);
    expect_becomes(&done, 2);
    expect_equal(value, 2000);
    expect_equal(family_describe(outer.reference, KERNE_DESCRIBE_CLAIM, 0, 2),
                 0);
    uint64_t next;
    struct kerne_words words;
    expect_result(
        kerne_describe(outer.reference, KERNE_DESCRIBE_EVENT, 0, &next, &words),
        no_more);
    end_chain();
}

/* A right that outer's window lacks is missing there, whatever outer gave. */
static void narrow_window_above(void)
{
    value = 7;
    require(make_chain(store, KERNE_READ, KERNE_READ | KERNE_WRITE));
    struct kerne_received event = expect_fault_inside(KERNE_WRITE);
    expect_equal(*arena_word(), 1000);
    expect_result(lend_outer(KERNE_READ | KERNE_WRITE), normal);
    expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0), normal);
    require(expect_rests(&inner));
    expect_equal(*arena_word(), 7);
    end_chain();
}

/* Narrowing takes the right away from all below, at once. */
static void narrowing_reaches_below(void)
{
    value = 7;
    require(make_chain(store, ALL_RIGHTS, ALL_RIGHTS));
    require(expect_rests(&inner));
    expect_equal(*arena_word(), 7);
    expect_result(lend_outer(KERNE_READ), normal);
    value = 8;
    repeat(store);
    struct kerne_received event = expect_fault_inside(KERNE_WRITE);
    expect_equal(*arena_word(), 7);
    value = 0;
    expect_result(child_set_register(inner.reference, 0, (uint64_t)load),
                  normal);
    expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0), normal);
    expect_becomes(&done, 2);
    expect_equal(value, 7);
    end_chain();
}

/* What outer takes from inner, outer and the test keep. */
static void neither_ancestor_nor_sibling(void)
{
    struct test_child sibling;
    uint64_t left;
    require(make_chain(load, ALL_RIGHTS, ALL_RIGHTS));
    require(expect_rests(&inner));
    require(expect_result(
        child_make(&sibling, "sibling", 5, load, 0, .tables = 6), normal));
    expect_result(kerne_map(sibling.reference, WINDOW, family_arena(), 1,
                            KERNE_READ, &left),
                  normal);
    expect_result(kerne_start(sibling.reference), normal);
    require(expect_rests(&sibling));
    expect_result(kerne_unmap(inner.reference, WINDOW, 1, &left), normal);
    *arena_word() = 3000;
    expect_equal(family_describe(outer.reference, KERNE_DESCRIBE_WINDOW,
                                 WINDOW / KERNE_PAGE, 2),
                 1);
    child_run_anew(&sibling, load, 0);
    expect_becomes(&done, 3);
    expect_equal(value, 3000);
    child_remove(&sibling);
    end_chain();
}

static struct kerne_received outer_got;

static void take_one_break(uint64_t unused)
{
    (void)unused;
    outer_got = family_next();
    done = 100;
}

/* "Not mine": the break goes to the next parent downwards, as a break of its
 * own child at that child's address. */
static void not_mine(void)
{
    uint64_t left;
    require(make_chain(load, ALL_RIGHTS, ALL_RIGHTS));
    require(expect_rests(&inner));
    child_run_anew(&outer, take_one_break, 0);
    expect_result(kerne_unmap(outer.reference, WINDOW, 1, &left), normal);
    repeat(load);
    struct kerne_received event = expect_fault_inside(KERNE_READ);
    expect_result(family_answer_break(event.buffer, KERNE_NOT_MINE, 0), normal);
    require(expect_becomes(&done, 100));
    expect_equal(KERNE_EVENT_KIND(outer_got.event), KERNE_BREAK);
    expect_equal(outer_got.sender, KERNE_ADDRESS(0, 4));
    expect_equal(outer_got.words.w[0], KERNE_BREAK_PAGE_FAULT);
    expect_equal(outer_got.words.w[1], WINDOW);
    expect_equal(outer_got.words.w[2], KERNE_READ);
    expect_equal(outer_got.words.w[4], 0);
    expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0), gone);
    end_chain();
}

/* An ancestor that is not the parent may only say "again" or "not mine". */
static void actions_of_an_ancestor(void)
{
    uint64_t left;
    require(make_chain(load, ALL_RIGHTS, ALL_RIGHTS));
    require(expect_rests(&inner));
    expect_result(kerne_unmap(outer.reference, WINDOW, 1, &left), normal);
    repeat(load);
    struct kerne_received event = expect_fault_inside(KERNE_READ);
    expect_result(family_answer_break(event.buffer, KERNE_GO_ON, 0),
                  bad_argument);
    expect_result(family_answer_break(event.buffer, KERNE_STAY, 0),
                  bad_argument);
    expect_result(lend_outer(ALL_RIGHTS), normal);
    expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0), normal);
    expect_becomes(&done, 2);
    end_chain();
}

/* A parent that never answers harms nobody else: here outer, whose inner
 * child waits, still serves and is served. */
static void nobody_else_waits(void)
{
    uint64_t left;
    require(make_chain(load, ALL_RIGHTS, ALL_RIGHTS));
    require(expect_rests(&inner));
    expect_result(kerne_unmap(outer.reference, WINDOW, 1, &left), normal);
    repeat(load);
    expect_fault_inside(KERNE_READ);
    struct actor_server server = { 0 };
    child_run_anew(&outer, actor_server, (uint64_t)&server);
    struct kerne_words answer;
    expect_result(kerne_converse(child_address(&outer), WORDS(1), &answer),
                  normal);
    expect_equal(answer.w[0], 2);
    end_chain();
}

const struct test tests[] = {
    { .name = "storage.depth.through_two_windows",
      .function = through_two_windows },
    { .name = "storage.depth.fault_climbs", .function = fault_climbs },
    { .name = "storage.depth.narrow_window_above",
      .function = narrow_window_above },
    { .name = "storage.depth.narrowing_reaches_below",
      .function = narrowing_reaches_below },
    { .name = "storage.depth.neither_ancestor_nor_sibling",
      .function = neither_ancestor_nor_sibling },
    { .name = "storage.depth.not_mine", .function = not_mine },
    { .name = "storage.depth.actions_of_an_ancestor",
      .function = actions_of_an_ancestor },
    { .name = "storage.depth.nobody_else_waits",
      .function = nobody_else_waits },
    { NULL },
};
