/*
 * Storage that nobody but the nucleus has: a child loads, stores and jumps
 * wherever it likes, through addresses that it has not and through windows
 * onto pages that not even the root has.  Each touch is a page fault that says
 * where and how, and nothing else.
 */
#include <harness.h>
#include <program.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define TOUCHER 3
/* In the child, the page under test: in the middle of both its tables, where
 * one that was a space before had the half of the nucleus. */
#define WINDOW UINT64_C(0x60100000)
#define RAM UINT64_C(0x80000000)

/* The child's one page: a touch of each kind at a0, and a break behind it. */
extern const char touch_read[], touch_write[], touch_execute[];
__asm__(".pushsection .text.touch, \"ax\", @progbits\n"
        ".balign 4096\n"
        ".globl touch_read, touch_write, touch_execute\n"
        "touch_read: lbu a1, 0(a0)\n"
        "ebreak\n"
        "touch_write: sb zero, 0(a0)\n"
        "ebreak\n"
        "touch_execute: jalr a0\n"
        "ebreak\n"
        ".balign 4096\n"
        ".popsection\n");

static uint64_t toucher;
static uint64_t last_break; /* 0: it has not been started */

/* Tables are free that have been spaces. */
static void leave_spaces(void)
{
    uint64_t empty[8];
    for (unsigned i = 0; i < COUNT(empty); i++) {
        expect_result(family_empty(0, 10 + i, 0, 1, &empty[i]), normal);
    }
    for (unsigned i = 0; i < COUNT(empty); i++) {
        expect_result(kerne_remove(empty[i]), normal);
    }
}

static bool begin(void)
{
    struct test_child child;
    leave_spaces();
    last_break = 0;
    if (!expect_result(child_make(&child, "toucher", TOUCHER, NULL, 0,
                                  .unmapped = true, .tables = 8),
                       normal)) {
        return false;
    }
    toucher = child.reference;
    return expect_result(family_lend(toucher, (uint64_t)touch_read, KERNE_PAGE,
                                     KERNE_READ | KERNE_EXECUTE),
                         normal);
}

static void end(void)
{
    expect_result(kerne_remove(toucher), normal);
    expect_result(
        kerne_send_answer(last_break, KERNE_r_normal, WORDS(KERNE_STAY)), gone);
}

/* What comes of one touch: the words of the break that ends it. */
static struct kerne_words touch(uint64_t access, uint64_t address)
{
    const char *pc = access == KERNE_READ    ? touch_read
                     : access == KERNE_WRITE ? touch_write
                                             : touch_execute;
    struct kerne_register_file file = {
        .x = { [0] = (uint64_t)pc, [10] = address }
    };
    kerne_modify(toucher, &file);
    if (last_break == 0) { kerne_start(toucher); }
    struct kerne_received r =
        kerne_serve(last_break, KERNE_r_normal, WORDS(KERNE_AGAIN));
    expect_equal(KERNE_EVENT_KIND(r.event), KERNE_BREAK);
    last_break = r.buffer;
    return r.words;
}

static void expect_fault(uint64_t access, uint64_t address)
{
    struct kerne_words words = touch(access, address);
    uint64_t pc = access == KERNE_EXECUTE ? address & ~UINT64_C(1)
                  : access == KERNE_READ  ? (uint64_t)touch_read
                                          : (uint64_t)touch_write;
    if (!expect_equal(words.w[0], KERNE_BREAK_PAGE_FAULT)) {
        expect_equal_of("at this address", address, 0);
        return;
    }
    expect_equal(words.w[1], access == KERNE_EXECUTE ? pc : address);
    expect_equal(words.w[2], access);
    expect_equal(words.w[3], pc);
    expect_equal(words.w[4], 0);
}

static void expect_no_touch(uint64_t address)
{
    expect_fault(KERNE_READ, address);
    expect_fault(KERNE_WRITE, address);
    expect_fault(KERNE_EXECUTE, address);
}

/* ---- addresses ---------------------------------------------------------- */

static void addresses_that_are_not_there(void)
{
    static const uint64_t nowhere[] = {
        0,
        8,
        4096,
        UINT64_C(0x80200000),
        UINT64_C(0x3ffffffff8),
        UINT64_C(0x4000000000),
        UINT64_C(0x7fffffffffffff00),
        UINT64_C(0x8000000000000000),
        UINT64_C(0xffffffbffffffff8),
        UINT64_C(0xffffffc000000000),
        UINT64_C(0xffffffc080000000),
        UINT64_C(0xffffffc080200000),
        UINT64_C(0xffffffc088000000),
        UINT64_C(0xffffffff80000000),
        UINT64_C(0xfffffffffffff000),
        UINT64_C(0xfffffffffffffff8),
    };
    require(begin());
    for (unsigned i = 0; i < COUNT(nowhere); i++) {
        expect_no_touch(nowhere[i]);
    }
    end();
}

/* ---- pages -------------------------------------------------------------- */

static void window_onto(uint64_t physical)
{
    uint64_t left;
    expect_result(kerne_map(toucher, WINDOW, physical, 1,
                            KERNE_READ | KERNE_WRITE | KERNE_EXECUTE, &left),
                  normal);
}

/* Firmware, the nucleus but for what only boot needed, interrupt controller,
 * timer, and what is no storage at all. */
static void pages_that_the_root_lacks(void)
{
    static const uint64_t pages[] = {
        UINT64_C(0x80000000),
        UINT64_C(0x80040000),
        UINT64_C(0x80203000),
        UINT64_C(0x80204000),
        UINT64_C(0x80205000),
        UINT64_C(0x0c000000),
        UINT64_C(0x0c002000),
        UINT64_C(0x0c200000),
        UINT64_C(0x0c201000),
        UINT64_C(0x02000000),
        UINT64_C(0x02004000),
        UINT64_C(0x0200b000),
        0,
        UINT64_C(0x50000000),
        UINT64_C(0x3ffffff000),
        UINT64_C(0x2000000000),
    };
    require(begin());
    for (unsigned i = 0; i < COUNT(pages); i++) {
        window_onto(pages[i]);
        expect_no_touch(WINDOW);
        expect_no_touch(WINDOW + 0x800);
        if (expect_failures() > 0) {
            expect_equal_of("behind the window", pages[i], 0);
            break;
        }
    }
    end();
}

static bool is_in(uint64_t page, const struct kerne_range *range)
{
    return page + KERNE_PAGE > range->first && page < range->last;
}

/* Does the start record name this page? */
static bool is_named(uint64_t page)
{
    const struct kerne_start *start = kerne_start_record;
    for (unsigned i = 0; i < KERNE_START_RANGES; i++) {
        if (is_in(page, &start->storage[i])) { return true; }
    }
    const struct kerne_range program = {
        (uint64_t)touch_read & ~UINT64_C(0xfffff),
        (uint64_t)start + sizeof *start,
    };
    return is_in(page, &start->image) || is_in(page, &start->device_tree) ||
           is_in(page, &program);
}

/* Every page of the machine's storage: the root has all that its start record
 * names, and much is the nucleus's alone: tables, records, buffers. */
static void all_of_the_storage(void)
{
    const uint64_t had_at_least = 3000;
    const uint64_t nucleus_at_least = 1000;
    uint64_t had = 0;
    uint64_t lacked = 0;
    uint64_t end_of_ram = kerne_start_record->storage[0].last;
    for (unsigned i = 1; i < KERNE_START_RANGES; i++) {
        if (kerne_start_record->storage[i].last > end_of_ram) {
            end_of_ram = kerne_start_record->storage[i].last;
        }
    }
    require(begin());
    for (uint64_t page = RAM; page < end_of_ram; page += KERNE_PAGE) {
        window_onto(page);
        bool touched = touch(KERNE_READ, WINDOW).w[0] == KERNE_BREAK_BREAKPOINT;
        if (is_named(page)) {
            expect_equal_of("a page that the start record names",
                            touched ? 0 : page, 0);
        }
        had += touched;
        lacked += !touched;
    }
    end();
    expect(had > had_at_least);
    expect(lacked > nucleus_at_least);
}

const struct test tests[] = {
    { .name = "hostile.touch.addresses_that_are_not_there",
      .function = addresses_that_are_not_there },
    { "hostile.touch.pages_that_the_root_lacks", pages_that_the_root_lacks,
      .as_root = true },
    { "hostile.touch.all_of_the_storage", all_of_the_storage, .as_root = true },
    { NULL },
};
