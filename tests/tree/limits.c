/* How deep, how wide, and how many: each limit is a refusal that names it,
 * and is gone when what reached it is. */
#include <harness.h>

#define DEPTH_AT_LEAST 32

/* ---- deep --------------------------------------------------------------- */

/* Empty processes, one under the other, each made on behalf of the last. */
static uint64_t make_chain(uint64_t *ret_first, uint64_t *ret_result)
{
    struct kerne_creation creation = {
        .name = "deep",
        .number = 1,
        .mask = KERNE_MASK_ALL,
        .processes = 300,
        .tables = 301,
        .buffers = 300,
    };
    for (uint64_t depth = 1;; depth++) {
        uint64_t child;
        *ret_result = kerne_create(&creation, &child);
        if (*ret_result != KERNE_r_normal) { return depth - 1; }
        expect_equal(
            family_describe(child, KERNE_DESCRIBE_PROCESS, 0, 2) >> 40 & 0xff,
            depth);
        *ret_first = depth == 1 ? child : *ret_first;
        creation.parent = child;
        creation.processes--;
        creation.tables--;
        creation.buffers--;
    }
}

static void deep(void)
{
    uint64_t before = 0;
    for (unsigned i = 0; i < 3; i++) {
        uint64_t first = 0;
        uint64_t result;
        uint64_t depth = make_chain(&first, &result);
        expect_result(result, too_deep);
        expect(depth >= DEPTH_AT_LEAST);
        expect_equal(depth, i == 0 ? depth : before);
        before = depth;
        require(expect_result(kerne_remove(first), normal));
    }
}

#define CHAIN 64

static struct test_child chain[CHAIN + 1];
static volatile uint64_t deepest;

static bool make_link(uint64_t depth);

/* Passes on each message upwards, with 1 added to its last word, and the
 * answer downwards in the same manner. */
static void relay(uint64_t depth)
{
    if (!make_link(depth + 1)) {
        struct kerne_words words = { { 0 } };
        deepest = depth;
        uint64_t result = kerne_converse(KERNE_PARENT, &words, &words);
        expect_result_of("the deepest one's answer", result, KERNE_r_normal);
        expect_equal(words.w[7], depth - 1);
        return;
    }
    for (;;) {
        struct kerne_received r = kerne_wait_message();
        r.words.w[7]++;
        uint64_t result = kerne_converse(KERNE_PARENT, &r.words, &r.words);
        r.words.w[7]++;
        kerne_send_answer(r.buffer, result, &r.words);
    }
}

static bool make_link(uint64_t depth)
{
    uint64_t left = CHAIN - depth;
    uint64_t result =
        child_make(&chain[depth], "link", 1, relay, depth,
                   .processes = left ? left : CHILD_NONE, .buffers = left + 2);
    if (result == KERNE_r_normal) {
        return expect_result(kerne_start(chain[depth].reference), normal);
    }
    expect_result_of("create at the limit", result, KERNE_r_too_deep);
    return false;
}

/* A conversation through all of the deepest tree that there can be. */
static void deepest_talks(void)
{
    require(make_link(1));
    struct kerne_received r = kerne_wait_message();
    expect(deepest >= DEPTH_AT_LEAST);
    expect_equal(r.words.w[7], deepest - 1);
    expect_result(kerne_send_answer(r.buffer, KERNE_r_normal, WORDS(0)),
                  normal);
    expect_rests(&chain[deepest]);
    child_remove(&chain[1]);
}

/* ---- wide --------------------------------------------------------------- */

static uint64_t wide_reference[KERNE_CHILDREN];

/* c000 to c383. */
static const char *wide_name(uint64_t number)
{
    static char name[8];
    name[0] = 'c';
    name[1] = (char)('0' + number / 100);
    name[2] = (char)('0' + number / 10 % 10);
    name[3] = (char)('0' + number % 10);
    return name;
}

static uint64_t make_wide(uint64_t number, const char *name,
                          uint64_t *ret_reference)
{
    struct kerne_creation creation = {
        .name = name,
        .number = number,
        .tables = 1,
        .mask = KERNE_MASK_ALL,
    };
    return kerne_create(&creation, ret_reference);
}

static uint64_t children_told(void)
{
    uint64_t count = 0;
    uint64_t child = family_describe(0, KERNE_DESCRIBE_TREE, 0, 1);
    while (child && count <= KERNE_CHILDREN) {
        count++;
        child = family_describe(child, KERNE_DESCRIBE_TREE, 0, 2);
    }
    return count;
}

static void expect_each_found(void)
{
    for (uint64_t i = 0; i < KERNE_CHILDREN; i++) {
        uint64_t address;
        expect_result(kerne_look_up(wide_name(i), &address), normal);
        expect_equal(address, KERNE_ADDRESS(0, i));
    }
}

static void expect_no_room(void)
{
    uint64_t reference;
    expect_result(make_wide(KERNE_CHILDREN, "other", &reference),
                  number_out_of_range);
    expect_result(make_wide(7, "other", &reference), number_taken);
}

static void remove_scattered(void)
{
    for (uint64_t i = 0; i < KERNE_CHILDREN; i++) {
        uint64_t number = (i * 131 + 7) % KERNE_CHILDREN;
        expect_result(kerne_remove(wide_reference[number]), normal);
    }
}

static void wide(void)
{
    for (unsigned round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < KERNE_CHILDREN; i++) {
            require(expect_result(
                make_wide(i, wide_name(i), &wide_reference[i]), normal));
        }
        expect_equal(children_told(), KERNE_CHILDREN);
        expect_each_found();
        expect_no_room();
        remove_scattered();
        expect_equal(children_told(), 0);
    }
}

/* The highest number is 383; one name stands for one child only. */
static void name_taken(void)
{
    uint64_t first;
    uint64_t other;
    require(expect_result(make_wide(5, "same", &first), normal));
    expect_result(make_wide(6, "same", &other), name_taken);
    expect_result(kerne_remove(first), normal);
    expect_result(make_wide(6, "same", &first), normal);
    expect_result(kerne_remove(first), normal);
}

const struct test tests[] = {
    { .name = "tree.limits.deep", .function = deep, .as_root = true },
    { .name = "tree.limits.deepest_talks",
      .function = deepest_talks,
      .as_root = true },
    { .name = "tree.limits.wide", .function = wide, .as_root = true },
    { .name = "tree.limits.name_taken", .function = name_taken },
    { NULL, .function = NULL },
};
