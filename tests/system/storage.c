/* Windows: map, unmap, rights, sharing, and what they cost. */
#include "actor.h"
#include "harness.h"

#define WINDOW UINT64_C(0x90000000) /* where children see the arena */
#define READ_WRITE (KERNE_READ | KERNE_WRITE)

/* A child that loads or stores on request, one word at a time. */
struct access {
    volatile uint64_t address;
    volatile uint64_t value;
    volatile uint64_t done; /* counts */
};

static void load(uint64_t argument)
{
    struct access *access = (struct access *)argument;
    access->value = *(volatile uint64_t *)access->address;
    access->done++;
}

static void store(uint64_t argument)
{
    struct access *access = (struct access *)argument;
    *(volatile uint64_t *)access->address = access->value;
    access->done++;
}

static uint64_t *arena_word(uint64_t page, uint64_t offset)
{
    return (uint64_t *)(family_arena() + page * KERNE_PAGE + offset);
}

static uint64_t lend(const struct test_child *child, uint64_t address,
                     uint64_t page, uint64_t pages, uint64_t rights)
{
    uint64_t left;
    return kerne_map(child->reference, address,
                     family_arena() + page * KERNE_PAGE, pages, rights, &left);
}

static void carries_content_both_ways(void)
{
    struct access access = { .address = WINDOW + 16 };
    struct test_child child;
    *arena_word(3, 16) = 4711;
    require(expect_result(
        child_make(&child, "child", 3, load, &access, .tables = 6), normal));
    expect_result(lend(&child, WINDOW, 3, 1, KERNE_READ), normal);
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_equal(access.value, 4711);
    child_remove(&child);

    access.value = 4712;
    require(expect_result(
        child_make(&child, "child", 3, store, &access, .tables = 6), normal));
    expect_result(lend(&child, WINDOW, 3, 1, READ_WRITE), normal);
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_equal(*arena_word(3, 16), 4712);
    child_remove(&child);
}

/* What the fault of a child is told as, when it accesses `address`. */
static void expect_fault(struct test_child *child, uint64_t address,
                         uint64_t access)
{
    struct kerne_received event = expect_break(child, KERNE_BREAK_PAGE_FAULT);
    expect_equal(event.words.w[1], address);
    expect_equal(event.words.w[2], access);
    expect_equal(event.words.w[3], child_register(child->reference, 0));
    expect_equal(event.words.w[4], 0);
    expect_equal(event.words.w[5], 0);
    expect_equal(event.words.w[6], 0);
    if (access == KERNE_EXECUTE) { expect_equal(event.words.w[3], address); }
    expect_result(family_answer_break(event.buffer, KERNE_STAY, 0), normal);
}

static void run_code(uint64_t address) { ((void (*)(void))address)(); }

/* Each access against each set of rights: it succeeds, or the parent is told
 * of exactly this access at this address. */
static void rights_against_accesses(void)
{
    static const uint64_t rights[] = {
        KERNE_READ,
        READ_WRITE,
        KERNE_EXECUTE,
        KERNE_READ | KERNE_EXECUTE,
        KERNE_READ | KERNE_WRITE | KERNE_EXECUTE,
    };
    static const uint64_t accesses[] = { KERNE_READ, KERNE_WRITE,
                                         KERNE_EXECUTE };
    *(uint32_t *)arena_word(1, 0) = 0x8067; /* ret */
    __asm__ volatile("fence.i" : : : "memory");
    for (unsigned i = 0; i < 15; i++) {
        struct access access = { .address = WINDOW + 2048 };
        uint64_t right = rights[i / 3];
        uint64_t wanted = accesses[i % 3];
        struct test_child child;
        uint64_t argument = (uint64_t)&access;
        void (*function)(uint64_t) = wanted == KERNE_READ ? load : store;
        if (wanted == KERNE_EXECUTE) {
            function = run_code;
            argument = WINDOW;
        }
        require(expect_result(
            child_make(&child, "child", 3, function, argument, .tables = 6),
            normal));
        expect_result(lend(&child, WINDOW, 1, 1, right), normal);
        expect_result(kerne_start(child.reference), normal);
        if (right & wanted) {
            require(expect_rests(&child));
        } else {
            expect_fault(&child,
                         wanted == KERNE_EXECUTE ? WINDOW : WINDOW + 2048,
                         wanted);
        }
        child_remove(&child);
    }
}

static void no_window_at_all(void)
{
    static const uint64_t addresses[] = {
        0,
        8,
        WINDOW,
        UINT64_C(0x40000000),
        UINT64_C(0x3ffffffff8),
        UINT64_C(0x4000000000),
        UINT64_C(1) << 63,
        UINT64_C(0xffffffc000000000),
        UINT64_C(0xffffffff80200000),
        UINT64_MAX - 7,
    };
    for (unsigned i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        for (unsigned kind = 0; kind < 2; kind++) {
            struct access access = { .address = addresses[i] };
            struct test_child child;
            require(
                child_run(&child, "child", 3, kind ? store : load, &access));
            expect_fault(&child, addresses[i], kind ? KERNE_WRITE : KERNE_READ);
            expect_equal(access.done, 0);
            child_remove(&child);
        }
    }
}

/* A page taken away is gone at once, also where it was in use. */
static void unmap_takes_away(void)
{
    struct access access = { .address = WINDOW + 16 };
    struct test_child child;
    uint64_t left = 1;
    require(expect_result(
        child_make(&child, "child", 3, load, &access, .tables = 6), normal));
    expect_result(lend(&child, WINDOW, 3, 2, KERNE_READ), normal);
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_result(kerne_unmap(child.reference, WINDOW, 1, &left), normal);
    expect_equal(left, 0);
    child_run_anew(&child, load, (uint64_t)&access);
    expect_fault(&child, WINDOW + 16, KERNE_READ);
    expect_equal(access.done, 1);
    child_remove(&child);
}

/* The pager's part: a fault, a page, again; as often as pages are touched. */
static void demand_paging(void)
{
    struct access access = { .value = 1 };
    struct test_child child;
    require(expect_result(
        child_make(&child, "child", 3, store, &access, .tables = 6), normal));
    access.address = WINDOW + KERNE_PAGE - 4; /* on two pages at once */
    expect_result(kerne_start(child.reference), normal);
    for (uint64_t page = 0; page < 2; page++) {
        struct kerne_received event =
            expect_break(&child, KERNE_BREAK_PAGE_FAULT);
        uint64_t at = event.words.w[1] & ~(uint64_t)(KERNE_PAGE - 1);
        expect(at == WINDOW || at == WINDOW + KERNE_PAGE);
        expect_result(lend(&child, at, at == WINDOW ? 5 : 6, 1, READ_WRITE),
                      normal);
        expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0),
                      normal);
    }
    require(expect_rests(&child));
    expect_equal(*(uint32_t *)arena_word(5, KERNE_PAGE - 4), 1);
    child_remove(&child);
}

/* One page, two windows in one child, one in another: one storage. */
static void overlap(void)
{
    struct access first = { .address = WINDOW, .value = 21 };
    struct access second = { .address = WINDOW + 5 * KERNE_PAGE };
    struct test_child one;
    struct test_child two;
    require(expect_result(
        child_make(&one, "one", 3, store, &first, .tables = 6), normal));
    require(expect_result(
        child_make(&two, "two", 4, load, &second, .tables = 6), normal));
    expect_result(lend(&one, WINDOW, 9, 1, READ_WRITE), normal);
    expect_result(lend(&two, WINDOW + 5 * KERNE_PAGE, 9, 1, KERNE_READ),
                  normal);
    expect_result(lend(&two, WINDOW, 9, 1, KERNE_READ), normal);
    expect_result(kerne_start(one.reference), normal);
    require(expect_rests(&one));
    expect_result(kerne_start(two.reference), normal);
    require(expect_rests(&two));
    expect_equal(second.value, 21);
    expect_equal(*arena_word(9, 0), 21);
    child_remove(&one);
    child_remove(&two);
}

/* A map over what is mapped replaces it at once. */
static void map_replaces(void)
{
    struct access access = { .address = WINDOW };
    struct test_child child;
    *arena_word(1, 0) = 1;
    *arena_word(2, 0) = 2;
    require(expect_result(
        child_make(&child, "child", 3, load, &access, .tables = 6), normal));
    expect_result(lend(&child, WINDOW, 1, 1, KERNE_READ), normal);
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_equal(access.value, 1);
    expect_result(lend(&child, WINDOW, 2, 1, KERNE_READ), normal);
    child_run_anew(&child, load, (uint64_t)&access);
    expect_becomes(&access.done, 2);
    expect_equal(access.value, 2);
    child_remove(&child);
}

static uint64_t tables_used(const struct test_child *child)
{
    return family_describe(child->reference, KERNE_DESCRIBE_CLAIM, 2, 2);
}

/* Each further 2 MiB costs one table, each further GiB one more; unmap gives
 * them back. */
static void tables_are_charged(void)
{
    struct test_child child;
    uint64_t left;
    require(expect_result(
        child_make(&child, "child", 3, actor_rest, 0, .tables = 9), normal));
    uint64_t used = tables_used(&child);
    expect_equal(used, CHILD_TABLES);
    expect_result(lend(&child, WINDOW, 1, 1, KERNE_READ), normal);
    expect_equal(tables_used(&child), used + 1);
    expect_result(lend(&child, WINDOW + 511 * KERNE_PAGE, 1, 1, KERNE_READ),
                  normal);
    expect_equal(tables_used(&child), used + 1);
    expect_result(lend(&child, WINDOW + 512 * KERNE_PAGE, 1, 1, KERNE_READ),
                  normal);
    expect_equal(tables_used(&child), used + 2);
    expect_result(lend(&child, UINT64_C(0x1000), 1, 1, KERNE_READ), normal);
    expect_equal(tables_used(&child), used + 4);
    expect_equal(family_describe(child.reference, KERNE_DESCRIBE_CLAIM, 2, 1),
                 9 - used - 4);
    expect_result(kerne_unmap(child.reference, 0, 2, &left), normal);
    expect_result(kerne_unmap(child.reference, WINDOW, 1024, &left), normal);
    expect_equal(tables_used(&child), used);
    child_remove(&child);
}

/* The claim of tables ends in the middle: what is mapped is mapped, and the
 * rest is told. */
static void tables_used_up(void)
{
    struct access access = { .address = WINDOW + 511 * KERNE_PAGE };
    struct test_child child;
    uint64_t left = 0;
    require(expect_result(child_make(&child, "child", 3, load, &access,
                                     .tables = CHILD_TABLES + 1),
                          normal));
    expect_result(kerne_map(child.reference, WINDOW + 510 * KERNE_PAGE,
                            family_arena(), 5, KERNE_READ, &left),
                  no_tables);
    expect_equal(left, 3);
    expect_result(kerne_start(child.reference), normal);
    require(expect_rests(&child));
    expect_result(kerne_unmap(child.reference, WINDOW, 512, &left), normal);
    expect_result(kerne_map(child.reference, WINDOW + 512 * KERNE_PAGE,
                            family_arena(), 5, KERNE_READ, &left),
                  normal);
    expect_equal(left, 0);
    child_remove(&child);
}

static void expect_map(uint64_t reference, uint64_t to, uint64_t from,
                       uint64_t pages, uint64_t rights, uint64_t result)
{
    uint64_t left;
    expect_result_of(
        "map", kerne_map(reference, to, from, pages, rights, &left), result);
}

static void arguments_without_meaning(void)
{
    struct test_child child;
    uint64_t left;
    uint64_t end = UINT64_C(1) << 38;
    require(
        expect_result(child_make(&child, "child", 3, actor_rest, 0), normal));
    uint64_t it = child.reference;
    uint64_t own = family_arena();
    expect_map(it, WINDOW + 8, own, 1, 1, KERNE_r_bad_address);
    expect_map(it, WINDOW, own + 8, 1, 1, KERNE_r_bad_address);
    expect_map(it, UINT64_MAX & ~UINT64_C(4095), own, 1, 1,
               KERNE_r_bad_address);
    expect_map(it, WINDOW, UINT64_MAX & ~UINT64_C(4095), 1, 1,
               KERNE_r_bad_address);
    expect_map(it, UINT64_MAX & ~UINT64_C(4095), own, 2, 1,
               KERNE_r_bad_address);
    expect_map(it, UINT64_C(0xffffffff80200000), own, 1, 1,
               KERNE_r_bad_address);
    expect_map(it, end, own, 1, 1, KERNE_r_bad_address);
    expect_map(it, end - KERNE_PAGE, own, 2, 1, KERNE_r_bad_address);
    expect_map(it, WINDOW, own, UINT64_MAX, 1, KERNE_r_bad_address);
    expect_map(it, WINDOW, own, UINT64_C(1) << 52, 1, KERNE_r_bad_address);
    expect_map(it, WINDOW, own, 1, 8, KERNE_r_bad_argument);
    expect_map(it, WINDOW, own, 1, UINT64_MAX, KERNE_r_bad_argument);
    expect_map(0, WINDOW, own, 1, 1, KERNE_r_not_descendant);
    expect_map(it, WINDOW, own, 0, 1, KERNE_r_normal);
    expect_result(kerne_unmap(it, WINDOW + 8, 1, &left), bad_address);
    expect_result(kerne_unmap(it, end, 1, &left), bad_address);
    expect_result(kerne_unmap(it, WINDOW, UINT64_MAX, &left), bad_address);
    expect_result(kerne_unmap(it, WINDOW, UINT64_C(1) << 52, &left),
                  bad_address);
    expect_result(kerne_unmap(0, WINDOW, 1, &left), not_descendant);
    expect_result(kerne_unmap(it, WINDOW, 0, &left), normal);
    expect_result(kerne_unmap(it, 0, 512, &left), normal);
    child_remove(&child);
}

/* ---- code ---------------------------------------------------------------- */

#define STORED (WINDOW + KERNE_PAGE) /* the page at WINDOW, to be stored into */

/* A function that returns a number below 2,048. */
static void store_code(uint64_t address, uint64_t number)
{
    volatile uint32_t *code = (volatile uint32_t *)address;
    code[0] = 0x513 | (uint32_t)number << 20; /* li a0, number */
    code[1] = 0x8067;                         /* ret */
}

/* Stores the code that an answer asks for; else tells what it gives. */
static void store_or_run(uint64_t unused)
{
    uint64_t value = 0;
    (void)unused;
    for (;;) {
        struct kerne_words answer;
        kerne_converse(KERNE_PARENT,
                       WORDS(KERNE_OPERATION(KERNE_INPUT, KERNE_GRANT_WRITE),
                             WINDOW, WINDOW + 8, value),
                       &answer);
        if (answer.w[0] != 0) {
            store_code(STORED, answer.w[0]);
        } else {
            value = ((uint64_t(*)(void))WINDOW)();
        }
    }
}

/* Stored by the parent or by the child before the page becomes executable, or
 * copied into one that is: nobody but the nucleus executes a fence.i. */
static void code_is_what_was_stored_last(void)
{
    struct test_child child;
    uint64_t left;
    require(child_run(&child, "child", 3, store_or_run, 0, .tables = 6));
    expect_result(lend(&child, STORED, 1, 1, READ_WRITE), normal);
    struct kerne_received asks = family_next();
    for (uint64_t number = 1; number < 13; number++) {
        bool copies = number % 3 == 0;
        if (number % 3 == 1) {
            store_code((uint64_t)arena_word(1, 0), number);
        } else if (number % 3 == 2) {
            kerne_send_answer(asks.buffer, KERNE_r_normal, WORDS(number));
            asks = family_next();
        }
        expect_result(kerne_unmap(child.reference, WINDOW, 1, &left), normal);
        expect_result(
            lend(&child, WINDOW, 1, 1,
                 KERNE_READ | KERNE_EXECUTE | (copies ? KERNE_WRITE : 0)),
            normal);
        if (copies) {
            uint32_t code[2];
            store_code((uint64_t)code, number);
            expect_result(kerne_general_copy(asks.buffer, KERNE_STORE, 0, code,
                                             sizeof code, &left),
                          normal);
        }
        kerne_send_answer(asks.buffer, KERNE_r_normal, WORDS(0));
        asks = family_next();
        expect_equal(asks.words.w[3], number);
    }
    child_remove(&child);
    kerne_send_answer(asks.buffer, KERNE_r_normal, WORDS(0));
}

const struct test tests[] = {
    { .name = "storage.map.carries_content_both_ways",
      .function = carries_content_both_ways },
    { .name = "storage.map.rights_against_accesses",
      .function = rights_against_accesses },
    { .name = "storage.map.no_window_at_all", .function = no_window_at_all },
    { .name = "storage.map.overlap", .function = overlap },
    { .name = "storage.map.replaces", .function = map_replaces },
    { .name = "storage.map.demand_paging", .function = demand_paging },
    { .name = "storage.map.tables_are_charged",
      .function = tables_are_charged },
    { .name = "storage.map.tables_used_up", .function = tables_used_up },
    { .name = "storage.map.arguments_without_meaning",
      .function = arguments_without_meaning },
    { .name = "storage.unmap.takes_away", .function = unmap_takes_away },
    { .name = "storage.code_is_what_was_stored_last",
      .function = code_is_what_was_stored_last },
    { NULL },
};
