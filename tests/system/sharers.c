/* Threads: processes that have the same windows, as the machine has them.  Who
 * pays, and whose children are whose, tests/unit/sharers.c says. */
#include "actor.h"
#include "harness.h"

#define WINDOW UINT64_C(0x90000000)
#define ROUNDS 6

static struct test_child first;
static struct test_child second;
static volatile uint64_t turn;
static volatile uint64_t seen[2];

static volatile uint64_t *word(void) { return (volatile uint64_t *)WINDOW; }

static volatile uint64_t *word_of(uint64_t page)
{
    return (volatile uint64_t *)(family_arena() + page * KERNE_PAGE);
}

static void lend(const struct test_child *child, uint64_t page)
{
    uint64_t left;
    expect_result(kerne_map(child->reference, WINDOW, (uint64_t)word_of(page),
                            1, KERNE_READ | KERNE_WRITE, &left),
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
                                    .windows = first.reference, .tables = 4),
                         normal);
}

/* Touches the page, and takes turns with the other: each adds one to the word
 * at WINDOW. */
static void count(uint64_t self)
{
    (void)*word();
    for (unsigned i = 0; i < ROUNDS; i++) {
        while (turn != self) { kerne_test_event(0); }
        ++*word();
        turn = 1 - self;
    }
    seen[self] = *word();
}

/* Each is told as itself that the page is missing; and one does for both. */
static void one_storage(void)
{
    uint64_t buffer[2];
    *word_of(0) = 0;
    require(make(count));
    kerne_start(first.reference);
    buffer[0] = expect_break(&first, KERNE_BREAK_PAGE_FAULT).buffer;
    kerne_start(second.reference);
    buffer[1] = expect_break(&second, KERNE_BREAK_PAGE_FAULT).buffer;
    lend(&second, 0);
    family_answer_break(buffer[0], KERNE_AGAIN, 0);
    family_answer_break(buffer[1], KERNE_AGAIN, 0);
    require(expect_rests(&first));
    require(expect_rests(&second));
    expect_equal(*word_of(0), 2 * ROUNDS);
    expect_equal(seen[1], 2 * ROUNDS);
    child_remove(&second);
    child_remove(&first);
}

static void touch(uint64_t self) { seen[self] = *word(); }

/* Whoever goes first, the other has its storage still, and its windows can be
 * changed. */
static void one_is_removed(struct test_child *one, struct test_child *other)
{
    struct test_child third;
    require(make(touch));
    lend(one, 0);
    *word_of(0) = 1;
    *word_of(1) = 2;
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

const struct test tests[] = {
    { .name = "sharers.one_storage", .function = one_storage },
    { .name = "sharers.the_older_is_removed",
      .function = the_older_is_removed },
    { .name = "sharers.the_younger_is_removed",
      .function = the_younger_is_removed },
    { NULL },
};
