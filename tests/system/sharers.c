/* Threads: processes that have the same windows. */
#include "actor.h"
#include "harness.h"

#define WINDOW UINT64_C(0x90000000)
#define READ_WRITE (KERNE_READ | KERNE_WRITE)
#define ROUNDS 6

static struct test_child first;
static struct test_child second;
static volatile uint64_t turn;
static volatile uint64_t seen[2];

static volatile uint64_t *word(void) { return (volatile uint64_t *)WINDOW; }

/* Takes turns with the other: each adds one to the word at WINDOW. */
static void count(uint64_t self)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        while (turn != self) { kerne_test_event(0); }
        ++*word();
        turn = 1 - self;
    }
    seen[self] = *word();
}

static void lend(const struct test_child *child, uint64_t page)
{
    uint64_t left;
    expect_result(kerne_map(child->reference, WINDOW,
                            family_arena() + page * KERNE_PAGE, 1, READ_WRITE,
                            &left),
                  normal);
}

/* The windows that the first got are the second's. */
static bool make(void (*function)(uint64_t))
{
    turn = 0;
    return expect_result(
               child_make(&first, "first", 3, function, 0, .tables = 6),
               normal) &&
           expect_result(child_make(&second, "second", 4, function, 1,
                                    .windows = first.reference, .tables = 4,
                                    .processes = 1, .buffers = 8),
                         normal);
}

static uint64_t tables_used(const struct test_child *child)
{
    return family_describe(child->reference, KERNE_DESCRIBE_CLAIM, 2, 2);
}

static void one_storage(void)
{
    *(volatile uint64_t *)family_arena() = 0;
    require(make(count));
    lend(&second, 0);
    expect_equal(tables_used(&first), CHILD_TABLES + 1);
    expect_equal(tables_used(&second), 1);
    kerne_start(first.reference);
    kerne_start(second.reference);
    require(expect_rests(&first));
    require(expect_rests(&second));
    expect_equal(*(volatile uint64_t *)family_arena(), 2 * ROUNDS);
    expect_equal(seen[1], 2 * ROUNDS);
    child_remove(&second);
    child_remove(&first);
}

static void touch(uint64_t self) { seen[self] = *word(); }

/* Both fault; each is told as itself, and one page does for both. */
static void faults_of_each(void)
{
    require(make(touch));
    *(volatile uint64_t *)family_arena() = 7;
    kerne_start(first.reference);
    struct kerne_received r = expect_break(&first, KERNE_BREAK_PAGE_FAULT);
    expect_equal(r.words.w[1], WINDOW);
    kerne_start(second.reference);
    struct kerne_received other = expect_break(&second, KERNE_BREAK_PAGE_FAULT);
    expect_equal(other.words.w[1], WINDOW);
    lend(&second, 0);
    family_answer_break(r.buffer, KERNE_AGAIN, 0);
    family_answer_break(other.buffer, KERNE_AGAIN, 0);
    require(expect_rests(&first));
    require(expect_rests(&second));
    expect_equal(seen[0], 7);
    expect_equal(seen[1], 7);
    child_remove(&first);
    child_remove(&second);
}

/* Whoever goes first, the other has its storage still, and its windows can be
 * changed. */
static void one_is_removed(struct test_child *one, struct test_child *other)
{
    struct test_child third;
    require(make(touch));
    lend(one, 0);
    *(volatile uint64_t *)family_arena() = 1;
    *(volatile uint64_t *)(family_arena() + KERNE_PAGE) = 2;
    kerne_start(one->reference);
    require(expect_rests(one));
    expect_result(child_remove(one), normal);
    /* It may have the record of the one, but not the address space. */
    require(child_run(&third, "third", 5, actor_rest, 0));
    kerne_start(other->reference);
    require(expect_rests(other));
    expect_equal(seen[other->argument], 1);
    lend(other, 1);
    child_run_anew(other, touch, other->argument);
    expect_becomes(&seen[other->argument], 2);
    expect_result(child_remove(&third), normal);
    expect_result(child_remove(other), normal);
}

static void the_older_is_removed(void) { one_is_removed(&first, &second); }

static void the_younger_is_removed(void) { one_is_removed(&second, &first); }

static struct test_child below;

static void make_below(uint64_t unused)
{
    (void)unused;
    uint64_t left;
    require(expect_result(
        child_make(&below, "below", 1, touch, 1, .tables = 3, .buffers = 1),
        normal));
    expect_result(
        kerne_map(below.reference, WINDOW, WINDOW, 1, KERNE_READ, &left),
        no_tables);
    child_remove(&below);
    require(expect_result(
        child_make(&below, "below", 1, touch, 1, .tables = 4, .buffers = 1),
        normal));
    expect_result(
        kerne_map(below.reference, WINDOW, WINDOW, 1, KERNE_READ, &left),
        normal);
    expect_result(kerne_start(below.reference), normal);
    require(expect_rests(&below));
    child_remove(&below);
}

/* The child of one has windows onto the storage of both. */
static void a_child_of_one(void)
{
    require(expect_result(
        child_make(&first, "first", 3, actor_rest, 0, .tables = 6), normal));
    require(expect_result(child_make(&second, "second", 4, make_below, 0,
                                     .windows = first.reference, .tables = 5,
                                     .processes = 1, .buffers = 8),
                          normal));
    lend(&first, 0);
    *(volatile uint64_t *)family_arena() = 11;
    kerne_start(second.reference);
    require(expect_rests(&second));
    expect_equal(seen[1], 11);
    child_remove(&first);
    child_remove(&second);
}

static void refused(void)
{
    struct test_child child;
    require(make(touch));
    expect_result(child_make(&child, "child", 5, touch, 0, .windows = 1),
                  not_descendant);
    uint64_t stale = second.reference;
    child_remove(&second);
    expect_result(child_make(&child, "child", 5, touch, 0, .windows = stale),
                  not_descendant);
    child_remove(&first);
}

const struct test tests[] = {
    { .name = "sharers.one_storage", .function = one_storage },
    { .name = "sharers.faults_of_each", .function = faults_of_each },
    { .name = "sharers.the_older_is_removed",
      .function = the_older_is_removed },
    { .name = "sharers.the_younger_is_removed",
      .function = the_younger_is_removed },
    { .name = "sharers.a_child_of_one", .function = a_child_of_one },
    { .name = "sharers.refused", .function = refused },
    { NULL },
};
