/*
 * Word 4 of a window: exactly the pages that were touched since they were
 * mapped, whoever below touched them, and whatever became of the page since.
 */
#include "actor.h"
#include "harness.h"

#define WINDOW UINT64_C(0x90000000)
#define PAGES 3
#define READ_WRITE (KERNE_READ | KERNE_WRITE)

static struct test_child outer;
static struct test_child inner;

static volatile uint64_t stores;

static void store(uint64_t page)
{
    *(volatile uint64_t *)(WINDOW + page * KERNE_PAGE) = page;
    stores++;
}

static void store_again(const struct test_child *child, uint64_t page)
{
    uint64_t before = stores;
    child_run_anew(child, store, page);
    expect_becomes(&stores, before + 1);
}

static void lend(const struct test_child *child, uint64_t own)
{
    uint64_t left;
    expect_result(
        kerne_map(child->reference, WINDOW, own, PAGES, READ_WRITE, &left),
        normal);
}

static bool make(struct test_child *child, const char *name, uint64_t number,
                 uint64_t page)
{
    if (!expect_result(
            child_make(child, name, number, store, page, .tables = 6),
            normal)) {
        return false;
    }
    lend(child, family_arena());
    return true;
}

/* The set of pages that describe says were touched: windows in a row are told
 * together, so each is asked for alone and the next ones taken off. */
static uint64_t touched(const struct test_child *child)
{
    uint64_t set = 0, more = 0;
    for (uint64_t page = PAGES; page-- > 0;) {
        uint64_t count =
            family_describe(child->reference, KERNE_DESCRIBE_WINDOW,
                            WINDOW / KERNE_PAGE + page, 4);
        set |= (count - more) << page;
        more = count;
    }
    return set;
}

static void by_the_process(void)
{
    require(make(&outer, "outer", 3, 1));
    expect_equal(touched(&outer), 0);
    expect_result(kerne_start(outer.reference), normal);
    require(expect_rests(&outer));
    expect_equal(touched(&outer), 1 << 1);
    lend(&outer, family_arena());
    expect_equal(touched(&outer), 0);
    store_again(&outer, 2);
    expect_equal(touched(&outer), 1 << 2);
    child_remove(&outer);
}

static bool make_chain(void)
{
    if (!expect_result(child_make(&outer, "outer", 3, store, 0, .processes = 1,
                                  .tables = 12),
                       normal)) {
        return false;
    }
    lend(&outer, family_arena());
    if (!expect_result(child_make(&inner, "inner", 4, store, 2,
                                  .behalf_of = outer.reference, .tables = 6,
                                  .buffers = 1),
                       normal)) {
        return false;
    }
    lend(&inner, WINDOW);
    expect_result(kerne_start(outer.reference), normal);
    return expect_rests(&outer) &&
           expect_result(kerne_start(inner.reference), normal);
}

/* What is touched below counts at each level; and what is done above does not
 * make it untouched. */
static void from_below(void)
{
    require(make_chain());
    require(expect_rests(&inner));
    expect_equal(touched(&outer), 1 << 0 | 1 << 2);
    expect_equal(touched(&inner), 1 << 2);
    lend(&outer, family_arena());
    expect_equal(touched(&outer), 0);
    expect_equal(touched(&inner), 1 << 2);
    store_again(&inner, 1);
    expect_equal(touched(&outer), 1 << 1);
    expect_equal(touched(&inner), 1 << 1 | 1 << 2);
    child_remove(&outer);
}

/* One page for two: what is done with the one is nothing to the other. */
static void of_a_shared_page(void)
{
    require(make(&outer, "outer", 3, 1));
    require(make(&inner, "inner", 4, 1));
    expect_result(kerne_start(outer.reference), normal);
    require(expect_rests(&outer));
    expect_result(kerne_start(inner.reference), normal);
    require(expect_rests(&inner));
    lend(&outer, family_arena());
    expect_equal(touched(&outer), 0);
    expect_equal(touched(&inner), 1 << 1);
    child_remove(&outer);
    child_remove(&inner);
}

/* General copy touches for the process whose area it is. */
static void by_general_copy(void)
{
    static struct actor_client client;
    uint64_t bytes, word;
    client = CLIENT_OF(KERNE_PARENT, KERNE_OPERATION(KERNE_OUTPUT, 3), WINDOW,
                       WINDOW + PAGES * KERNE_PAGE);
    require(expect_result(
        child_make(&outer, "outer", 3, actor_client, &client, .tables = 6),
        normal));
    lend(&outer, family_arena());
    expect_result(kerne_start(outer.reference), normal);
    uint64_t buffer = kerne_wait_message().buffer;
    expect_equal(touched(&outer), 0);
    expect_result(kerne_general_copy(buffer, KERNE_FETCH, 2 * KERNE_PAGE, &word,
                                     sizeof word, &bytes),
                  normal);
    expect_equal(touched(&outer), 1 << 2);
    kerne_send_answer(buffer, KERNE_r_normal, WORDS(0));
    child_remove(&outer);
}

/* A page that is mapped for the process that waits for it. */
static void while_awaited(void)
{
    require(make(&outer, "outer", 3, 1));
    uint64_t left;
    expect_result(kerne_unmap(outer.reference, WINDOW + KERNE_PAGE, 1, &left),
                  normal);
    expect_result(kerne_start(outer.reference), normal);
    struct kerne_received r = expect_break(&outer, KERNE_BREAK_PAGE_FAULT);
    lend(&outer, family_arena());
    expect_equal(touched(&outer), 1 << 1);
    family_answer_break(r.buffer, KERNE_AGAIN, 0);
    require(expect_rests(&outer));
    expect_equal(touched(&outer), 1 << 1);
    child_remove(&outer);
}

const struct test tests[] = {
    { .name = "storage.touched.by_the_process", .function = by_the_process },
    { .name = "storage.touched.from_below", .function = from_below },
    { .name = "storage.touched.of_a_shared_page",
      .function = of_a_shared_page },
    { .name = "storage.touched.by_general_copy", .function = by_general_copy },
    { .name = "storage.touched.while_awaited", .function = while_awaited },
    { NULL },
};
