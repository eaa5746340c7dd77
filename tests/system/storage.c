/*
 * Windows as the machine has them: its page tables, its faults, and what it
 * keeps of both.  What map and unmap mean is said by tests/unit/storage.c, and
 * what a window onto a window is by tests/tree/fault_climbs.c.
 */
#include "actor.h"
#include "harness.h"

#define WINDOW UINT64_C(0x90000000) /* where children see the arena */
#define READ_WRITE (KERNE_READ | KERNE_WRITE)
#define PATTERN UINT64_C(0x0123456789abcd00)

static struct test_child child;

/* ---- accesses ------------------------------------------------------------ */

static volatile uint64_t loaded;
static volatile uint64_t done; /* counts */

static void load(uint64_t address)
{
    loaded = *(volatile uint64_t *)address;
    done++;
}

static void store(uint64_t address)
{
    *(volatile uint64_t *)address = PATTERN;
    done++;
}

static void execute(uint64_t address) { ((void (*)(void))address)(); }

static uint64_t *arena_word(uint64_t page, uint64_t offset)
{
    return (uint64_t *)(family_arena() + page * KERNE_PAGE + offset);
}

static void lend(uint64_t address, uint64_t page, uint64_t pages,
                 uint64_t rights)
{
    uint64_t left;
    expect_result(kerne_map(child.reference, address,
                            family_arena() + page * KERNE_PAGE, pages, rights,
                            &left),
                  normal);
    expect_equal(left, 0);
}

/* A child that will do this, and is not started. */
static bool make(void (*function)(uint64_t), uint64_t argument)
{
    done = loaded = 0;
    return expect_result(
        child_make(&child, "child", 3, function, argument, .tables = 6),
        normal);
}

static bool ends(void)
{
    return expect_result(kerne_start(child.reference), normal) &&
           expect_rests(&child);
}

/* What the child's fault is told as, when it accesses `address`. */
static void expect_fault(uint64_t address, uint64_t access)
{
    struct kerne_received event = expect_break(&child, KERNE_BREAK_PAGE_FAULT);
    uint64_t pc = child_register(child.reference, 0);
    expect_words(&event.words,
                 WORDS(KERNE_BREAK_PAGE_FAULT, address, access, pc));
    if (access == KERNE_EXECUTE) { expect_equal(pc, address); }
    expect_result(family_answer_break(event.buffer, KERNE_STAY, 0), normal);
}

struct access {
    void (*function)(uint64_t address);
    uint64_t right;
};

/* Each access against each set of rights: it succeeds, on the parent's own
 * page, or the parent is told of exactly this access at this address. */
static void rights_against_accesses(void)
{
    static const uint64_t rights[] = {
        KERNE_READ,
        READ_WRITE,
        KERNE_EXECUTE,
        KERNE_READ | KERNE_EXECUTE,
        READ_WRITE | KERNE_EXECUTE,
    };
    static const struct access accesses[] = {
        { load, KERNE_READ },
        { store, KERNE_WRITE },
        { execute, KERNE_EXECUTE },
    };
    const uint64_t code = 0x8067; /* ret */
    for (unsigned i = 0; i < 15; i++) {
        const struct access *access = &accesses[i % 3];
        uint64_t right = rights[i / 3];
        *arena_word(1, 2048) = code;
        require(make(access->function, WINDOW + 2048));
        lend(WINDOW, 1, 1, right);
        if (right & access->right) {
            require(ends());
            expect_equal(loaded, access->function == load ? code : 0);
            expect_equal(*arena_word(1, 2048),
                         access->function == store ? PATTERN : code);
        } else {
            expect_result(kerne_start(child.reference), normal);
            expect_fault(WINDOW + 2048, access->right);
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
    for (unsigned i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        for (unsigned stores = 0; stores < 2; stores++) {
            require(make(stores ? store : load, addresses[i]));
            expect_result(kerne_start(child.reference), normal);
            expect_fault(addresses[i], stores ? KERNE_WRITE : KERNE_READ);
            expect_equal(done, 0);
            child_remove(&child);
        }
    }
}

/* ---- changes of what is in use ------------------------------------------- */

static void run_again(void (*function)(uint64_t))
{
    child_run_anew(&child, function, WINDOW);
}

static void taken_away(void)
{
    uint64_t left;
    require(make(load, WINDOW));
    lend(WINDOW, 1, 2, KERNE_READ);
    require(ends());
    expect_result(kerne_unmap(child.reference, WINDOW, 1, &left), normal);
    run_again(load);
    expect_fault(WINDOW, KERNE_READ);
    expect_equal(done, 1);
    child_remove(&child);
}

static void replaced(void)
{
    *arena_word(1, 0) = 1;
    *arena_word(2, 0) = 2;
    require(make(load, WINDOW));
    lend(WINDOW, 1, 1, KERNE_READ);
    require(ends());
    expect_equal(loaded, 1);
    lend(WINDOW, 2, 1, KERNE_READ);
    run_again(load);
    expect_becomes(&done, 2);
    expect_equal(loaded, 2);
    child_remove(&child);
}

static void narrowed_and_widened(void)
{
    require(make(store, WINDOW));
    lend(WINDOW, 1, 1, READ_WRITE);
    require(ends());
    lend(WINDOW, 1, 1, KERNE_READ);
    run_again(load);
    expect_becomes(&done, 2);
    run_again(store);
    expect_fault(WINDOW, KERNE_WRITE);
    lend(WINDOW, 1, 1, READ_WRITE);
    expect_result(kerne_start(child.reference), normal);
    expect_becomes(&done, 3);
    child_remove(&child);
}

/* The pager's part, for a store onto two pages at once: a fault, a page, again;
 * as often as pages are missing. */
static void demand_paging(void)
{
    require(make(store, WINDOW + KERNE_PAGE - 4));
    expect_result(kerne_start(child.reference), normal);
    for (uint64_t i = 0; i < 2; i++) {
        struct kerne_received event =
            expect_break(&child, KERNE_BREAK_PAGE_FAULT);
        uint64_t page = (event.words.w[1] - WINDOW) / KERNE_PAGE;
        require(expect(page < 2));
        lend(WINDOW + page * KERNE_PAGE, 5 + page, 1, READ_WRITE);
        expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0),
                      normal);
    }
    require(expect_rests(&child));
    expect_equal(*(uint32_t *)arena_word(5, KERNE_PAGE - 4), (uint32_t)PATTERN);
    expect_equal(*(uint32_t *)arena_word(6, 0), PATTERN >> 32);
    child_remove(&child);
}

#define MANY 600 /* more than a table holds */

static void look_through(uint64_t first)
{
    for (uint64_t i = 0; i < MANY; i++) {
        const volatile uint64_t *word =
            (const volatile uint64_t *)(first + i * KERNE_PAGE);
        done += *word == PATTERN + i;
    }
}

/* From the last page of a table on. */
static void each_page_is_its_own(void)
{
    const uint64_t first = WINDOW + KERNE_LARGE_PAGE - KERNE_PAGE;
    for (uint64_t i = 0; i < MANY; i++) { *arena_word(i, 0) = PATTERN + i; }
    require(make(look_through, first));
    lend(first, 0, MANY, KERNE_READ);
    require(ends());
    expect_equal(done, MANY);
    child_remove(&child);
}

/* The root's addresses are physical, and the arena has them in the test. */
static void physical_address(void)
{
    uint64_t address;
    uint64_t *own = arena_word(7, 123);
    expect_result(kerne_physical_address(own, &address), normal);
    expect_equal(address, (uint64_t)own);
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
    uint64_t left;
    require(make(store_or_run, 0));
    lend(STORED, 1, 1, READ_WRITE);
    expect_result(kerne_start(child.reference), normal);
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
        lend(WINDOW, 1, 1,
             KERNE_READ | KERNE_EXECUTE | (copies ? KERNE_WRITE : 0));
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
    { .name = "storage.rights_against_accesses",
      .function = rights_against_accesses },
    { .name = "storage.no_window_at_all", .function = no_window_at_all },
    { .name = "storage.taken_away", .function = taken_away },
    { .name = "storage.replaced", .function = replaced },
    { .name = "storage.narrowed_and_widened",
      .function = narrowed_and_widened },
    { .name = "storage.demand_paging", .function = demand_paging },
    { .name = "storage.each_page_is_its_own",
      .function = each_page_is_its_own },
    { .name = "storage.physical_address", .function = physical_address },
    { .name = "storage.code_is_what_was_stored_last",
      .function = code_is_what_was_stored_last },
    { NULL },
};
