/* Describe: its refusals, and each list while it changes.  That it tells all
 * of a whole subtree is checked by tests/tree. */
#include "actor.h"
#include "harness.h"

static struct test_child child;
static struct kerne_words words;
static uint64_t next;

static uint64_t ask(uint64_t reference, uint64_t what, uint64_t cursor)
{
    return kerne_describe(reference, (enum kerne_describe)what, cursor, &next,
                          &words);
}

static void refusals(void)
{
    expect_result(ask(0, 10, 0), bad_argument);
    expect_result(ask(0, UINT32_MAX, 0), bad_argument);
    expect_result(ask(0, KERNE_DESCRIBE_CLAIM, 5), no_more);
    expect_result(ask(0, KERNE_DESCRIBE_EVENT, 0), no_more);
    expect_result(ask(0, KERNE_DESCRIBE_HELD, 0), no_more);
    expect_result(ask(0, KERNE_DESCRIBE_SENT, 0), no_more);
    expect_result(ask(0, KERNE_DESCRIBE_EVENT, 77), gone);
    expect_result(ask(0, KERNE_DESCRIBE_HELD, 77), gone);
    expect_result(ask(0, KERNE_DESCRIBE_SENT, 77), gone);
    expect_result(ask(0, KERNE_DESCRIBE_WORDS, 77), gone);
    expect_result(ask(0, KERNE_DESCRIBE_WORDS, 0), gone);
    expect_result(ask(1, KERNE_DESCRIBE_PROCESS, 0), not_descendant);
    expect_result(ask(UINT64_MAX, KERNE_DESCRIBE_TREE, 0), not_descendant);
    expect_result(ask(0, KERNE_DESCRIBE_WINDOW, UINT64_C(1) << 60), no_more);
}

static void itself(void)
{
    uint64_t name[2];
    kerne_name("test", name);
    expect_result(ask(0, KERNE_DESCRIBE_PROCESS, 0), normal);
    expect_equal(words.w[0], name[0]);
    expect_equal(words.w[1], name[1]);
    expect_equal(words.w[2], TEST_NUMBER); /* nor depth, nor horizon */
    expect_equal(words.w[3], 0);
    expect_equal(words.w[5], KERNE_MASK_ALL);
    expect_result(ask(0, KERNE_DESCRIBE_TREE, 0), normal);
    expect_words(&words, WORDS(0));
}

/* The buffers of a list, in its order; their number. */
static unsigned list_of(uint64_t reference, uint64_t what, uint64_t *ret_list,
                        unsigned limit)
{
    unsigned count = 0;
    uint64_t cursor = 0;
    while (count < limit && ask(reference, what, cursor) == KERNE_r_normal) {
        ret_list[count++] = cursor = next;
    }
    expect_result(ask(reference, what, cursor), no_more);
    return count;
}

static bool contains(const uint64_t *list, unsigned count, uint64_t buffer)
{
    for (unsigned i = 0; i < count; i++) {
        if (list[i] == buffer) { return true; }
    }
    return false;
}

/* Six messages to a child that has taken two of them and answered one. */
static void queued_held_and_sent(void)
{
    static struct actor_server server;
    uint64_t buffer[6];
    uint64_t list[8];
    require(child_run(&child, "server", 3, actor_hold, &server));
    for (uint64_t i = 0; i < 6; i++) {
        expect_result(kerne_send_message(child_address(&child),
                                         WORDS(i, i + 100, 7 * i), &buffer[i]),
                      normal);
    }
    require(expect_rests(&child));
    require(expect_equal(
        list_of(child.reference, KERNE_DESCRIBE_EVENT, list, 8), 5));
    for (unsigned i = 0; i < 5; i++) { expect_equal(list[i], buffer[i + 1]); }
    expect_result(ask(child.reference, KERNE_DESCRIBE_EVENT, 0), normal);
    expect_equal(words.w[0], KERNE_MESSAGE);
    expect_equal(words.w[1], KERNE_PARENT);
    expect_result(ask(child.reference, KERNE_DESCRIBE_WORDS, buffer[3]),
                  normal);
    expect_words(&words, WORDS(3, 103, 21));
    require(expect_equal(list_of(child.reference, KERNE_DESCRIBE_HELD, list, 8),
                         1));
    expect_equal(list[0], buffer[0]);
    expect_result(ask(child.reference, KERNE_DESCRIBE_WORDS, buffer[0]),
                  normal);
    expect_words(&words, WORDS(0, 100, 0));
    require(expect_equal(list_of(0, KERNE_DESCRIBE_SENT, list, 8), 6));
    for (unsigned i = 0; i < 6; i++) { expect(contains(list, 6, buffer[i])); }
    expect_result(kerne_regret_message(buffer[2]), normal);
    expect_equal(list_of(0, KERNE_DESCRIBE_SENT, list, 8), 5);
    expect_equal(list_of(child.reference, KERNE_DESCRIBE_EVENT, list, 8), 4);
    expect_result(kerne_regret_message(buffer[0]), normal);
    expect_equal(list_of(0, KERNE_DESCRIBE_SENT, list, 8), 5);
    child_remove(&child);
    expect_equal(list_of(0, KERNE_DESCRIBE_EVENT, list, 8), 4);
    expect_equal(list[0], buffer[1]);
    expect_result(ask(0, KERNE_DESCRIBE_EVENT, 0), normal);
    expect_equal(words.w[0],
                 (KERNE_ANSWER | (uint64_t)KERNE_r_does_not_exist << 8));
    for (unsigned i = 1; i < 6; i++) {
        if (i != 2) {
            expect_result(kerne_wait_answer(buffer[i], &words), does_not_exist);
        }
    }
}

/* The words of a conversation are told to those above its sides only. */
static void words_of_others(void)
{
    static struct actor_server server;
    static struct test_child other;
    uint64_t buffer;
    require(child_run(&child, "server", 3, actor_hold, &server));
    require(child_run(&other, "other", 4, actor_rest, 0));
    expect_result(kerne_send_message(child_address(&child), WORDS(5), &buffer),
                  normal);
    require(expect_rests(&child));
    expect_result(ask(child.reference, KERNE_DESCRIBE_WORDS, buffer), normal);
    expect_equal(words.w[0], 5);
    expect_result(ask(0, KERNE_DESCRIBE_WORDS, buffer), normal);
    expect_result(ask(other.reference, KERNE_DESCRIBE_WORDS, buffer), gone);
    expect_result(ask(other.reference, KERNE_DESCRIBE_HELD, buffer), gone);
    child_remove(&child);
    child_remove(&other);
    expect_result(kerne_wait_answer(buffer, &words), does_not_exist);
}

static void windows(void)
{
    static const uint64_t at[] = { 0x90000000, 0x90003000, 0x3000000000 };
    static const uint64_t pages[] = { 2, 3, 1 };
    static const uint64_t rights[] = {
        KERNE_READ,
        KERNE_READ | KERNE_WRITE,
        KERNE_EXECUTE,
    };
    uint64_t left;
    require(expect_result(child_make(&child, "child", 3, actor_rest, 0,
                                     .unmapped = true, .tables = 8),
                          normal));
    for (unsigned i = 0; i < 3; i++) {
        expect_result(kerne_map(child.reference, at[i],
                                family_arena() + i * 8 * KERNE_PAGE, pages[i],
                                rights[i], &left),
                      normal);
    }
    unsigned found = 0;
    uint64_t cursor = 0;
    while (ask(child.reference, KERNE_DESCRIBE_WINDOW, cursor) ==
           KERNE_r_normal) {
        if (words.w[2] != 0) {
            require(expect(found < 3));
            expect_equal(words.w[0], at[found]);
            expect_equal(words.w[1], family_arena() + found * 8 * KERNE_PAGE);
            expect_equal(words.w[2], pages[found]);
            expect_equal(words.w[3], rights[found]);
            expect_equal(words.w[4], 0);
            found++;
        }
        require(expect(next > cursor));
        cursor = next;
    }
    expect_equal(found, 3);
    child_remove(&child);
}

/* The tree, as references: children, siblings, and the way up. */
static void tree(void)
{
    static struct test_child inner;
    require(expect_result(
        child_make(&child, "outer", 3, actor_rest, 0, .processes = 1), normal));
    expect_result(ask(child.reference, KERNE_DESCRIBE_TREE, 0), normal);
    expect_words(&words, WORDS(0));
    require(expect_result(child_make(&inner, "inner", 4, actor_rest, 0,
                                     .behalf_of = child.reference),
                          normal));
    expect_result(ask(0, KERNE_DESCRIBE_TREE, 0), normal);
    expect_equal(words.w[1], child.reference);
    expect_result(ask(child.reference, KERNE_DESCRIBE_TREE, 0), normal);
    expect_equal(words.w[1], inner.reference);
    expect_equal(words.w[2], 0);
    expect_result(ask(inner.reference, KERNE_DESCRIBE_TREE, 0), normal);
    expect_equal(words.w[0], child.reference);
    expect_equal(words.w[1], 0);
    child_remove(&child);
    expect_result(ask(0, KERNE_DESCRIBE_TREE, 0), normal);
    expect_equal(words.w[1], 0);
}

const struct test tests[] = {
    { .name = "describe.refusals", .function = refusals },
    { .name = "describe.itself", .function = itself },
    { .name = "describe.queued_held_and_sent",
      .function = queued_held_and_sent },
    { .name = "describe.words_of_others", .function = words_of_others },
    { .name = "describe.windows", .function = windows },
    { .name = "describe.tree", .function = tree },
    { NULL },
};
