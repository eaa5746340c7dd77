/*
 * Set interrupt: a process handles its own breaks.  The process goes on
 * directly behind the area, where the test puts a jump to its handler; so the
 * page of the area is readable, writable and executable.
 */
#include "actor.h"
#include "harness.h"

#define WINDOW UINT64_C(0x90000000)
#define ALL_RIGHTS (KERNE_READ | KERNE_WRITE | KERNE_EXECUTE)

static struct test_child child;
static volatile uint64_t handled;
static volatile uint64_t went_on;
static volatile uint64_t result;

struct area {
    uint64_t words[KERNE_WORDS];
    uint64_t x[32]; /* x[0] is the pc */
    uint32_t code[4];
    uint64_t target;
};
_Static_assert(offsetof(struct area, code) == KERNE_AREA_BYTES,
               "the area of set interrupt");

static struct area *area(void) { return (struct area *)family_arena(); }

static void prepare(void (*handler)(void))
{
    *area() = (struct area){
        .code = {
            0x00000297, /* auipc t0, 0 */
            0x0102b283, /* ld t0, 16(t0) */
            0x00028067, /* jr t0 */
            0x00000013, /* nop */
        },
        .target = (uint64_t)handler,
    };
    __asm__ volatile("fence.i" : : : "memory");
    handled = went_on = result = 0;
}

/* A child with the page of the area. */
static bool run(void (*function)(uint64_t), uint64_t rights)
{
    uint64_t left;
    return expect_result(
               child_make(&child, "child", 3, function, 0, .tables = 6),
               normal) &&
           expect_result(kerne_map(child.reference, family_arena(),
                                   family_arena(), 1, rights, &left),
                         normal) &&
           expect_result(kerne_start(child.reference), normal);
}

static _Noreturn void handle(void)
{
    handled++;
    child.at_rest = 1;
    child_rest();
}

static void trap_with_registers(uint64_t unused)
{
    (void)unused;
    result = kerne_set_interrupt(area());
    __asm__ volatile("li s1, 0x123456\nli s11, 0x654321\nli a7, 4321\n"
                     ".balign 4\n.4byte 0xc0001073"
                     :
                     :
                     : "s1", "s11", "a7", "a0", "memory");
    went_on = 1;
}

/* Words and registers are stored, and it goes on behind the area; its parent
 * is not bothered. */
static void gets_its_own_break(void)
{
    prepare(handle);
    require(run(trap_with_registers, ALL_RIGHTS));
    require(expect_rests(&child));
    expect_result(result, normal);
    expect_equal(handled, 1);
    expect_equal(went_on, 0);
    expect_equal(area()->words[0], KERNE_BREAK_ILLEGAL);
    expect_equal(area()->words[1], 0xc0001073);
    expect_equal(area()->words[3], area()->x[0]);
    expect_equal(*(uint32_t *)area()->x[0], 0xc0001073);
    expect_equal(area()->x[9], 0x123456);
    expect_equal(area()->x[27], 0x654321);
    expect_equal(area()->x[17], 4321);
    expect(area()->x[2] > child.stack);
    expect(area()->x[2] <= child.stack + CHILD_STACK_BYTES);
    expect_equal(KERNE_EVENT_KIND(kerne_test_event(0).event), KERNE_NO_EVENT);
    expect_equal(family_describe(child.reference, KERNE_DESCRIBE_PROCESS, 0, 7),
                 0);
    child_remove(&child);
}

static void fault(uint64_t unused)
{
    (void)unused;
    result = kerne_set_interrupt(area());
    *(volatile uint64_t *)(WINDOW + 8) = 1;
    went_on = 1;
}

static void of_a_page_fault(void)
{
    prepare(handle);
    require(run(fault, ALL_RIGHTS));
    require(expect_rests(&child));
    expect_equal(handled, 1);
    expect_equal(area()->words[0], KERNE_BREAK_PAGE_FAULT);
    expect_equal(area()->words[1], WINDOW + 8);
    expect_equal(area()->words[2], KERNE_WRITE);
    expect_equal(area()->words[4], 0);
    child_remove(&child);
}

static void call_unknown(uint64_t unused)
{
    (void)unused;
    struct kerne_registers r = { .a7 = 999, .a0 = 5, .a5 = 6 };
    result = kerne_set_interrupt(area());
    kerne_call(&r);
    went_on = 1;
}

static void of_a_call(void)
{
    prepare(handle);
    require(run(call_unknown, ALL_RIGHTS));
    require(expect_rests(&child));
    expect_equal(handled, 1);
    expect_equal(area()->words[0], KERNE_BREAK_CALL);
    expect_equal(area()->words[1], 999);
    expect_equal(area()->words[2], 5);
    expect_equal(area()->words[7], 6);
    child_remove(&child);
}

static _Noreturn void handle_and_break(void)
{
    handled++;
    __asm__ volatile(".2byte 0" : : : "memory");
    __builtin_unreachable();
}

/* A second break before the next set interrupt is the parent's. */
static void second_break_is_the_parents(void)
{
    prepare(handle_and_break);
    require(run(fault, ALL_RIGHTS));
    struct kerne_received event = expect_break(&child, KERNE_BREAK_ILLEGAL);
    expect_equal(event.words.w[1], 0);
    expect_equal(handled, 1);
    expect_equal(area()->words[0], KERNE_BREAK_PAGE_FAULT);
    child_remove(&child);
}

static _Noreturn void handle_and_set_again(void)
{
    handled++;
    kerne_set_interrupt(area());
    if (handled < 5) { __asm__ volatile(".2byte 0" : : : "memory"); }
    child.at_rest = 1;
    child_rest();
}

static void set_again_in_the_handler(void)
{
    prepare(handle_and_set_again);
    require(run(fault, ALL_RIGHTS));
    require(expect_rests(&child));
    expect_equal(handled, 5);
    expect_equal(family_describe(child.reference, KERNE_DESCRIBE_PROCESS, 0, 7),
                 (uint64_t)area());
    child_remove(&child);
}

/* An area that cannot be written: the break is the parent's. */
static void area_that_cannot_be_written(void)
{
    prepare(handle);
    require(run(fault, KERNE_READ | KERNE_EXECUTE));
    struct kerne_received event = expect_break(&child, KERNE_BREAK_PAGE_FAULT);
    expect_equal(event.words.w[1], WINDOW + 8);
    expect_equal(handled, 0);
    child_remove(&child);
}

#define LAST_OF_HOLE UINT64_C(0x803ff000)
#define AREA_ELSEWHERE (WINDOW + KERNE_PAGE)

static void break_with_area_elsewhere(uint64_t unused)
{
    (void)unused;
    result = kerne_set_interrupt((void *)AREA_ELSEWHERE);
    *(volatile uint64_t *)(WINDOW + 8) = 1;
}

/* Its area in this page of the root: what becomes of its break. */
static void with_area_in(uint64_t page)
{
    uint64_t left;
    require(expect_result(child_make(&child, "child", 3,
                                     break_with_area_elsewhere, 0, .tables = 6),
                          normal));
    require(expect_result(
        kerne_map(child.reference, AREA_ELSEWHERE, page, 1, ALL_RIGHTS, &left),
        normal));
    require(expect_result(kerne_start(child.reference), normal));
}

/* Nothing is stored to a device, which may not take it: the break is the
 * parent's. */
static void area_on_a_device(void)
{
    with_area_in(CLOCK_PAGE);
    struct kerne_received event = expect_break(&child, KERNE_BREAK_PAGE_FAULT);
    expect_equal(event.words.w[1], WINDOW + 8);
    expect_result(result, normal);
    child_remove(&child);
}

/* All storage of the root is storage to the nucleus, that behind it too: the
 * child goes on behind the area, which holds no instruction. */
static void area_right_behind_the_nucleus(void)
{
    volatile uint64_t *words = (volatile uint64_t *)LAST_OF_HOLE;
    words[KERNE_AREA_BYTES / 8] = 0;
    with_area_in(LAST_OF_HOLE);
    struct kerne_received event = expect_break(&child, KERNE_BREAK_ILLEGAL);
    expect_equal(event.words.w[3], AREA_ELSEWHERE + KERNE_AREA_BYTES);
    expect_equal(words[0], KERNE_BREAK_PAGE_FAULT);
    expect_equal(words[1], WINDOW + 8);
    child_remove(&child);
}

static void set_and_unset(uint64_t unused)
{
    (void)unused;
    kerne_set_interrupt(area());
    result = kerne_set_interrupt(NULL);
    *(volatile uint64_t *)(WINDOW + 8) = 1;
}

static void unset(void)
{
    prepare(handle);
    require(run(set_and_unset, ALL_RIGHTS));
    expect_break(&child, KERNE_BREAK_PAGE_FAULT);
    expect_result(result, normal);
    expect_equal(handled, 0);
    child_remove(&child);
}

static void area_without_meaning(void)
{
    expect_result(kerne_set_interrupt((void *)(family_arena() + 4)),
                  bad_address);
    expect_result(kerne_set_interrupt((void *)UINT64_MAX), bad_address);
    expect_result(kerne_set_interrupt((void *)(UINT64_MAX - 7)), bad_address);
    expect_result(kerne_set_interrupt((void *)(UINT64_C(1) << 38)),
                  bad_address);
    expect_result(kerne_set_interrupt((void *)((UINT64_C(1) << 38) - 8)),
                  bad_address);
    expect_equal(family_describe(0, KERNE_DESCRIBE_PROCESS, 0, 7), 0);
}

static struct test_child inner;

static void load_window(uint64_t unused)
{
    (void)unused;
    result = kerne_set_interrupt(area());
    went_on = 1 + *(volatile uint64_t *)WINDOW;
}

/* A fault in a window above the own parent is never one's own. */
static void fault_above_is_not_its_own(void)
{
    uint64_t left;
    prepare(handle);
    require(expect_result(child_make(&child, "outer", 3, actor_rest, 0,
                                     .processes = 1, .tables = 16),
                          normal));
    expect_result(kerne_map(child.reference, family_arena(), family_arena(), 1,
                            ALL_RIGHTS, &left),
                  normal);
    require(expect_result(child_make(&inner, "inner", 4, load_window, 0,
                                     .behalf_of = child.reference, .tables = 6,
                                     .buffers = 1),
                          normal));
    expect_result(kerne_map(inner.reference, family_arena(), family_arena(), 1,
                            ALL_RIGHTS, &left),
                  normal);
    expect_result(
        kerne_map(inner.reference, WINDOW, WINDOW, 1, KERNE_READ, &left),
        normal);
    expect_result(kerne_start(child.reference), normal);
    expect_result(kerne_start(inner.reference), normal);
    struct kerne_received event = family_next();
    expect_equal(KERNE_EVENT_KIND(event.event), KERNE_BREAK);
    expect_equal(event.sender, child_address(&child) | KERNE_SENDER_INSIDE);
    expect_equal(event.words.w[1], WINDOW);
    expect_equal(handled, 0);
    *(volatile uint64_t *)(family_arena() + KERNE_PAGE) = 41;
    expect_result(kerne_map(child.reference, WINDOW,
                            family_arena() + KERNE_PAGE, 1, KERNE_READ, &left),
                  normal);
    expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0), normal);
    require(expect_rests(&inner));
    expect_equal(handled, 0);
    expect_equal(went_on, 42);
    child_remove(&child);
}

const struct test tests[] = {
    { .name = "break.set_interrupt.gets_its_own_break",
      .function = gets_its_own_break },
    { .name = "break.set_interrupt.of_a_page_fault",
      .function = of_a_page_fault },
    { .name = "break.set_interrupt.of_a_call", .function = of_a_call },
    { .name = "break.set_interrupt.second_break_is_the_parents",
      .function = second_break_is_the_parents },
    { .name = "break.set_interrupt.set_again_in_the_handler",
      .function = set_again_in_the_handler },
    { .name = "break.set_interrupt.area_that_cannot_be_written",
      .function = area_that_cannot_be_written },
    { .name = "break.set_interrupt.area_on_a_device",
      .function = area_on_a_device,
      .devices = true },
    { .name = "break.set_interrupt.area_right_behind_the_nucleus",
      .function = area_right_behind_the_nucleus,
      .as_root = true },
    { .name = "break.set_interrupt.unset", .function = unset },
    { .name = "break.set_interrupt.area_without_meaning",
      .function = area_without_meaning },
    { .name = "break.set_interrupt.fault_above_is_not_its_own",
      .function = fault_above_is_not_its_own },
    { NULL },
};
