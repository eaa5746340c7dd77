/* Create internal process. */
#include "actor.h"
#include "harness.h"

static const struct kerne_creation usual = {
    .name = "child",
    .number = 3,
    .buffers = 1,
    .processes = 0,
    .tables = 1,
    .mask = KERNE_MASK_ALL,
    .horizon = 1,
};

static struct kerne_words claim_of(uint64_t reference, uint64_t kind)
{
    uint64_t next;
    struct kerne_words words = { { 0 } };
    expect_result(
        kerne_describe(reference, KERNE_DESCRIBE_CLAIM, kind, &next, &words),
        normal);
    return words;
}

/* Claims move from the parent to the child, and back at removal. */
static void gives_out_of_its_own(void)
{
    static const uint64_t gift[] = { 7, 5, 9 };
    struct kerne_creation creation = usual;
    struct kerne_words before[3];
    uint64_t child;
    creation.buffers = gift[0];
    creation.processes = gift[1];
    creation.tables = gift[2];
    for (uint64_t kind = 0; kind < 3; kind++) {
        before[kind] = claim_of(0, kind);
    }
    require(expect_result(kerne_create(&creation, &child), normal));
    for (uint64_t kind = 0; kind < 3; kind++) {
        struct kerne_words own = claim_of(0, kind);
        struct kerne_words its = claim_of(child, kind);
        uint64_t itself = kind == 1 ? 1 : 0;
        expect_equal(own.w[0], before[kind].w[0]);
        expect_equal(own.w[1], before[kind].w[1] - gift[kind] - itself);
        expect_equal(own.w[1] + own.w[2] + own.w[3], own.w[0]);
        expect_equal(its.w[0], gift[kind]);
        expect_equal(its.w[1] + its.w[2], gift[kind]);
        expect_equal(its.w[3], 0);
    }
    expect_equal(claim_of(child, 0).w[1], gift[0]);
    expect_equal(claim_of(child, 1).w[1], gift[1]);
    expect_equal(claim_of(child, 3).w[1], 0);
    expect_result(kerne_remove(child), normal);
    for (uint64_t kind = 0; kind < 3; kind++) {
        struct kerne_words after = claim_of(0, kind);
        expect_words(&after, &before[kind]);
    }
}

static void is_as_described(void)
{
    struct kerne_creation creation = usual;
    struct kerne_words words;
    uint64_t name[2];
    uint64_t child;
    uint64_t next;
    creation.name = "abcdefghijklmno";
    creation.number = 383;
    creation.mask = KERNE_MASK_BIT(KERNE_send_message) | KERNE_MASK_COUNTERS;
    creation.horizon = 2;
    creation.closed = 1;
    creation.share = 250;
    require(expect_result(kerne_create(&creation, &child), normal));
    expect_result(
        kerne_describe(child, KERNE_DESCRIBE_PROCESS, 0, &next, &words),
        normal);
    kerne_name("abcdefghijklmno", name);
    expect_equal(words.w[0], name[0]);
    expect_equal(words.w[1], name[1]);
    expect_equal(words.w[2], (383 | UINT64_C(2) << 16 | UINT64_C(1) << 24 |
                              UINT64_C(1) << 40));
    expect_equal(words.w[3], (KERNE_WAITS_NOT | KERNE_SUSPENDED_STOP << 8));
    expect_equal(words.w[4], 0);
    expect_equal(words.w[5], creation.mask);
    expect_equal(words.w[6], 250);
    expect_equal(words.w[7], 0);
    struct kerne_register_file file;
    expect_result(kerne_read_registers(child, &file), normal);
    for (unsigned i = 0; i < sizeof file / 8; i++) {
        expect_equal(((const uint64_t *)&file)[i], 0);
    }
    expect_result(kerne_remove(child), normal);
    creation = usual;
    require(expect_result(kerne_create(&creation, &child), normal));
    expect_equal(family_describe(child, KERNE_DESCRIBE_PROCESS, 0, 6),
                 KERNE_SHARE);
    expect_result(kerne_remove(child), normal);
}

static void beyond_the_claim(void)
{
    struct kerne_creation creation = usual;
    uint64_t child;
    creation.buffers = family_free(0) + 1;
    expect_result(kerne_create(&creation, &child), no_buffers);
    creation.buffers = UINT64_MAX;
    expect_result(kerne_create(&creation, &child), no_buffers);
    creation.buffers = (UINT64_C(1) << 32) + 1;
    expect_result(kerne_create(&creation, &child), no_buffers);
    creation = usual;
    creation.processes = family_free(1); /* one is the child itself */
    expect_result(kerne_create(&creation, &child), no_processes);
    creation.processes = UINT64_MAX;
    expect_result(kerne_create(&creation, &child), no_processes);
    creation = usual;
    creation.tables = family_free(2) + 1;
    expect_result(kerne_create(&creation, &child), no_tables);
    creation.tables = UINT64_MAX;
    expect_result(kerne_create(&creation, &child), no_tables);
    creation.tables = 0;
    expect_result(kerne_create(&creation, &child), no_tables);
}

/* All of each claim can be given away, and comes back. */
static void the_whole_claim(void)
{
    struct kerne_creation creation = usual;
    uint64_t child;
    creation.buffers = family_free(0);
    creation.processes = family_free(1) - 1;
    creation.tables = family_free(2);
    require(expect_result(kerne_create(&creation, &child), normal));
    for (uint64_t kind = 0; kind < 3; kind++) {
        expect_equal(family_free(kind), 0);
    }
    struct kerne_creation another = usual;
    uint64_t other;
    another.name = "another";
    another.number = 4;
    expect_result(kerne_create(&another, &other), no_processes);
    expect_result(kerne_remove(child), normal);
    expect_equal(family_free(0), creation.buffers);
    expect_equal(family_free(1), creation.processes + 1);
    expect_equal(family_free(2), creation.tables);
}

static void name_or_number_taken(void)
{
    struct kerne_creation creation = usual;
    uint64_t child;
    uint64_t other;
    require(expect_result(kerne_create(&creation, &child), normal));
    creation.number = 4;
    expect_result(kerne_create(&creation, &other), name_taken);
    creation.name = "another";
    creation.number = 3;
    expect_result(kerne_create(&creation, &other), number_taken);
    creation.number = KERNE_CHILDREN;
    expect_result(kerne_create(&creation, &other), number_out_of_range);
    creation.number = UINT64_MAX;
    expect_result(kerne_create(&creation, &other), number_out_of_range);
    creation.number = 65536 + 4;
    expect_result(kerne_create(&creation, &other), number_out_of_range);
    expect_result(kerne_remove(child), normal);
    creation.number = 3;
    require(expect_result(kerne_create(&creation, &other), normal));
    expect(other != child);
    expect_result(kerne_remove(other), normal);
}

static void horizon_exceeded(void)
{
    struct kerne_creation creation = usual;
    uint64_t child;
    creation.horizon = 3;
    expect_result(kerne_create(&creation, &child), horizon_exceeded);
    creation.horizon = 255;
    expect_result(kerne_create(&creation, &child), horizon_exceeded);
    creation.horizon = 2;
    creation.processes = 1;
    creation.tables = 2;
    require(expect_result(kerne_create(&creation, &child), normal));
    struct kerne_creation inner = usual;
    uint64_t grandchild;
    inner.parent = child;
    inner.buffers = 0;
    inner.horizon = 4;
    expect_result(kerne_create(&inner, &grandchild), horizon_exceeded);
    inner.horizon = 3;
    expect_result(kerne_create(&inner, &grandchild), normal);
    expect_result(kerne_remove(child), normal);
}

struct creating {
    struct kerne_creation creation;
    volatile uint64_t result;
};

static void create_one(uint64_t argument)
{
    struct creating *creating = (struct creating *)argument;
    uint64_t child;
    creating->result = kerne_create(&creating->creation, &child);
}

/* A child that lacks a function cannot give it to its own children. */
static void mask_exceeded(void)
{
    struct creating creating = { .creation = usual };
    struct test_child child;
    require(child_run(&child, "parent", 5, create_one, &creating,
                      .processes = 2, .without = KERNE_MASK_COUNTERS));
    require(expect_rests(&child));
    expect_result(creating.result, mask_exceeded);
    creating.creation.parent = child.reference;
    uint64_t inner;
    expect_result(kerne_create(&creating.creation, &inner), mask_exceeded);
    creating.creation.mask &= ~KERNE_MASK_COUNTERS;
    expect_result(kerne_create(&creating.creation, &inner), normal);
    child_remove(&child);
}

static void share_out_of_range(void)
{
    struct kerne_creation creation = usual;
    uint64_t child;
    creation.share = 1001;
    expect_result(kerne_create(&creation, &child), bad_argument);
    creation.share = UINT64_C(1) << 32;
    expect_result(kerne_create(&creation, &child), bad_argument);
    creation.share = 1000;
    require(expect_result(kerne_create(&creation, &child), normal));
    expect_result(kerne_remove(child), normal);
}

/* On behalf of a descendant: everything is the descendant's, the child too. */
static void on_behalf_of_a_descendant(void)
{
    struct kerne_creation creation = usual;
    uint64_t child;
    uint64_t inner;
    creation.buffers = 6;
    creation.processes = 3;
    creation.tables = 10;
    require(expect_result(kerne_create(&creation, &child), normal));
    struct family_claims own;
    struct family_claims after;
    family_claims(0, &own);
    creation.parent = child;
    creation.buffers = 2;
    creation.processes = 1;
    creation.tables = 4;
    require(expect_result(kerne_create(&creation, &inner), normal));
    family_claims(0, &after);
    for (uint64_t kind = 0; kind < 3; kind++) {
        expect_words(&after.claim[kind], &own.claim[kind]);
    }
    expect_equal(claim_of(child, 0).w[1], 4);
    expect_equal(claim_of(child, 1).w[1], 1);
    expect_equal(claim_of(child, 2).w[1] + claim_of(child, 2).w[2], 6);
    expect_equal(claim_of(inner, 0).w[1], 2);
    expect_equal(family_describe(inner, KERNE_DESCRIBE_TREE, 0, 0), child);
    expect_equal(family_describe(child, KERNE_DESCRIBE_TREE, 0, 1), inner);
    creation.name = "more";
    creation.number = 9;
    creation.buffers = 5;
    uint64_t more;
    expect_result(kerne_create(&creation, &more), no_buffers);
    expect_result(kerne_remove(inner), normal);
    expect_equal(claim_of(child, 0).w[1], 6);
    expect_equal(claim_of(child, 1).w[1], 3);
    expect_result(kerne_remove(child), normal);
}

static void parent_is_no_descendant(void)
{
    static const uint64_t wrong[] = { 1, 4096, UINT64_MAX, UINT64_C(1) << 32 };
    struct kerne_creation creation = usual;
    uint64_t child;
    uint64_t inner;
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        creation.parent = wrong[i];
        expect_result(kerne_create(&creation, &child), not_descendant);
    }
    creation.parent = 0;
    require(expect_result(kerne_create(&creation, &child), normal));
    expect_result(kerne_remove(child), normal);
    creation.parent = child;
    expect_result(kerne_create(&creation, &inner), not_descendant);
}

/* As deep as the tree can be, which is at least 32; then it can be removed,
 * and made again. */
static void too_deep(void)
{
    for (unsigned round = 0; round < 2; round++) {
        struct kerne_creation creation = usual;
        uint64_t left = family_free(1) - 1;
        uint64_t depth = family_clock() >> 16;
        uint64_t first = 0;
        uint64_t child = 0;
        uint64_t result;
        creation.buffers = 0;
        do {
            require(expect(left > 0));
            creation.processes = --left;
            creation.tables = left + 1;
            result = kerne_create(&creation, &child);
            creation.parent = child;
            first = first == 0 ? child : first;
        } while (result == KERNE_r_normal && ++depth);
        expect_result_of("one level too many", result, KERNE_r_too_deep);
        expect(depth >= 31);
        expect_result(kerne_remove(first), normal);
    }
}

/* As much as the machine has, in one child; nothing is left, and all comes
 * back. */
static void everything_of_the_root(void)
{
    for (unsigned round = 0; round < 3; round++) {
        struct kerne_creation creation = usual;
        uint64_t child;
        uint64_t other;
        struct family_claims before;
        struct family_claims after;
        family_claims(0, &before);
        creation.buffers = family_free(0);
        creation.processes = family_free(1) - 1;
        creation.tables = family_free(2);
        require(expect_result(kerne_create(&creation, &child), normal));
        expect_equal(family_free(0), 0);
        expect_equal(family_free(1), 0);
        expect_equal(family_free(2), 0);
        expect_equal(claim_of(child, 0).w[1], creation.buffers);
        expect_result(kerne_create_pseudo(0, "another", 9, KERNE_SELF, &other),
                      no_processes);
        expect_result(kerne_remove(child), normal);
        family_claims(0, &after);
        for (unsigned kind = 0; kind < 3; kind++) {
            expect_words(&after.claim[kind], &before.claim[kind]);
        }
    }
}

const struct test tests[] = {
    { .name = "process.create.gives_out_of_its_own",
      .function = gives_out_of_its_own },
    { .name = "process.create.is_as_described", .function = is_as_described },
    { .name = "process.create.beyond_the_claim", .function = beyond_the_claim },
    { .name = "process.create.the_whole_claim", .function = the_whole_claim },
    { .name = "process.create.name_or_number_taken",
      .function = name_or_number_taken },
    { .name = "process.create.horizon_exceeded", .function = horizon_exceeded },
    { .name = "process.create.mask_exceeded", .function = mask_exceeded },
    { .name = "process.create.share_out_of_range",
      .function = share_out_of_range },
    { .name = "process.create.on_behalf_of_a_descendant",
      .function = on_behalf_of_a_descendant },
    { .name = "process.create.parent_is_no_descendant",
      .function = parent_is_no_descendant },
    { .name = "process.create.too_deep", .function = too_deep },
    { .name = "process.create.everything_of_the_root",
      .function = everything_of_the_root,
      .as_root = true },
    { NULL },
};
