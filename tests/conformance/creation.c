/*
 * Creation: a parent gives a subset of its own resources, and controls its own
 * children only, and through them their descendants; names are unique among
 * the children of one parent; what was given returns at removal.
 */
#include "actor.h"
#include "harness.h"

static struct kerne_creation small(const char *name, uint64_t number)
{
    return (struct kerne_creation){
        .name = name,
        .number = number,
        .buffers = 1,
        .tables = 1,
        .mask = KERNE_MASK_ALL,
    };
}

static void names_ill_formed(void)
{
    static const char *const wrong[] = { "",    "9lives", "Boss",
                                         "a b", "-x",     "toolongforaname1" };
    for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct kerne_creation creation = small(wrong[i], 1);
        uint64_t child;
        expect_result_of(wrong[i], kerne_create(&creation, &child),
                         KERNE_r_name_ill_formed);
    }
}

/* Unique among siblings; the same name elsewhere is another process. */
static void names_taken(void)
{
    struct kerne_creation creation = small("boss", 1);
    uint64_t boss;
    uint64_t other;
    uint64_t inner;
    creation.processes = 1;
    creation.tables = 2;
    require(expect_result(kerne_create(&creation, &boss), normal));
    creation = small("boss", 2);
    expect_result(kerne_create(&creation, &other), name_taken);
    creation.parent = boss;
    creation.buffers = 0;
    expect_result(kerne_create(&creation, &inner), normal);
    uint64_t address;
    expect_result(kerne_look_up("boss", &address), normal);
    expect_equal(address, KERNE_ADDRESS(0, 1));
    expect_result(kerne_remove(boss), normal);
    creation = small("boss", 2);
    expect_result(kerne_create(&creation, &other), normal);
    expect_result(kerne_look_up("boss", &address), normal);
    expect_equal(address, KERNE_ADDRESS(0, 2));
    expect_result(kerne_remove(other), normal);
}

/* A refused creation has changed nothing: no claim, name, or number. */
static void beyond_ones_claims(void)
{
    struct family_claims before;
    struct family_claims after;
    family_claims(0, &before);
    uint64_t child;
    uint64_t address;
    struct kerne_creation creation = small("greedy", 1);
    creation.buffers = before.claim[0].w[1] + 1;
    expect_result(kerne_create(&creation, &child), no_buffers);
    creation = small("greedy", 1);
    creation.processes = before.claim[1].w[1];
    expect_result(kerne_create(&creation, &child), no_processes);
    creation = small("greedy", 1);
    creation.tables = before.claim[2].w[1] + 1;
    expect_result(kerne_create(&creation, &child), no_tables);
    family_claims(0, &after);
    for (unsigned kind = 0; kind < 4; kind++) {
        expect_words(&after.claim[kind], &before.claim[kind]);
    }
    expect_result(kerne_look_up("greedy", &address), name_unknown);
    expect_equal(family_describe(0, KERNE_DESCRIBE_TREE, 0, 1), 0);
    creation = small("modest", 1);
    require(expect_result(kerne_create(&creation, &child), normal));
    expect_result(kerne_remove(child), normal);
}

struct making {
    struct kerne_creation creation;
    volatile uint64_t made;
    volatile uint64_t refused;
};

static void make_many(uint64_t argument)
{
    struct making *making = (struct making *)argument;
    static const char *const names[] = { "a", "b", "c", "d", "e" };
    for (unsigned i = 0; i < 5; i++) {
        uint64_t child;
        making->creation.name = names[i];
        making->creation.number = i;
        uint64_t result = kerne_create(&making->creation, &child);
        if (result != KERNE_r_normal) {
            making->refused = result;
            return;
        }
        making->made++;
    }
}

/* A child makes children out of what it was given, and no more. */
static void out_of_what_it_was_given(void)
{
    static struct making making;
    struct family_claims before;
    struct family_claims after;
    struct test_child child;
    family_claims(0, &before);
    making = (struct making){ .creation = small("", 0) };
    require(child_run(&child, "parent", 1, make_many, &making, .processes = 3,
                      .buffers = 20));
    require(expect_rests(&child));
    expect_equal(making.made, 3);
    expect_result(making.refused, no_processes);
    child_remove(&child);
    making = (struct making){ .creation = small("", 0) };
    require(child_run(&child, "parent", 1, make_many, &making, .processes = 5,
                      .buffers = 2, .tables = 20));
    require(expect_rests(&child));
    expect_equal(making.made, 2);
    expect_result(making.refused, no_buffers);
    child_remove(&child);
    making = (struct making){ .creation = small("", 0) };
    require(child_run(&child, "parent", 1, make_many, &making, .processes = 5,
                      .buffers = 20, .tables = CHILD_TABLES + 4));
    require(expect_rests(&child));
    expect_equal(making.made, 4);
    expect_result(making.refused, no_tables);
    child_remove(&child);
    family_claims(0, &after);
    for (unsigned kind = 0; kind < 4; kind++) {
        expect_words(&after.claim[kind], &before.claim[kind]);
    }
}

/* The function mask of a child is a subset of its parent's. */
static void functions_are_a_subset(void)
{
    static struct making making;
    struct test_child child;
    making = (struct making){ .creation = small("", 0) };
    require(child_run(&child, "parent", 1, make_many, &making, .processes = 1,
                      .buffers = 4,
                      .without = KERNE_MASK_BIT(KERNE_include_user)));
    require(expect_rests(&child));
    expect_equal(making.made, 0);
    expect_result(making.refused, mask_exceeded);
    child_remove(&child);
}

static struct test_child victim;

struct trying {
    uint64_t reference;
    volatile uint64_t start, stop, modify, remove, describe;
};

static void try_control(uint64_t argument)
{
    struct trying *trying = (struct trying *)argument;
    struct kerne_words words = { { 0 } };
    struct kerne_register_file file = { .x = { 0 } };
    uint64_t next;
    trying->start = kerne_start(trying->reference);
    trying->stop = kerne_stop(trying->reference);
    trying->modify = kerne_modify(trying->reference, &file);
    trying->remove = kerne_remove(trying->reference);
    trying->describe = kerne_describe(trying->reference, KERNE_DESCRIBE_PROCESS,
                                      0, &next, &words);
}

/* A process controls its descendants, and nobody else. */
static void controls_its_own_descendants_only(void)
{
    struct test_child stranger;
    struct trying trying;
    require(child_run(&victim, "victim", 2, actor_rest, 0));
    const uint64_t references[] = { victim.reference, harness_reference() };
    for (unsigned i = 0; i < 2; i++) {
        trying = (struct trying){ .reference = references[i] };
        require(child_run(&stranger, "stranger", 3, try_control, &trying));
        require(expect_rests(&stranger));
        expect_result(trying.start, not_descendant);
        expect_result(trying.stop, not_descendant);
        expect_result(trying.modify, not_descendant);
        expect_result(trying.remove, not_descendant);
        expect_result(trying.describe, not_descendant);
        child_remove(&stranger);
    }
    expect_equal(family_suspended(victim.reference), 0);
    child_remove(&victim);
}

const struct test tests[] = {
    { .name = "creation.names_ill_formed", .function = names_ill_formed },
    { .name = "creation.names_taken", .function = names_taken },
    { .name = "creation.beyond_ones_claims", .function = beyond_ones_claims },
    { .name = "creation.out_of_what_it_was_given",
      .function = out_of_what_it_was_given },
    { .name = "creation.functions_are_a_subset",
      .function = functions_are_a_subset },
    { .name = "creation.controls_its_own_descendants_only",
      .function = controls_its_own_descendants_only },
    { NULL },
};
