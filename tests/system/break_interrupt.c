/*
 * Set interrupt: a process handles its own breaks.  The process goes on
 * directly behind the area, where the test puts a jump to its handler; so the
 * page of the area is readable, writable and executable.  When a break is the
 * parent's all the same, tests/unit/break.c says.
 */
#include "actor.h"
#include "harness.h"

#define NO_PAGE UINT64_C(0x90000000)
#define AREA (NO_PAGE + KERNE_PAGE)

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

/* A child with this page of the caller at AREA. */
static bool run(void (*function)(uint64_t), uint64_t page)
{
    uint64_t left;
    handled = went_on = result = 0;
    return expect_result(
               child_make(&child, "child", 3, function, 0, .tables = 6),
               normal) &&
           expect_result(kerne_map(child.reference, AREA, page, 1,
                                   KERNE_READ | KERNE_WRITE | KERNE_EXECUTE,
                                   &left),
                         normal) &&
           expect_result(kerne_start(child.reference), normal);
}

/* The same, with an area from which it goes on in the handler. */
static bool run_with(void (*function)(uint64_t), void (*handler)(void))
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
    return run(function, family_arena());
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
    result = kerne_set_interrupt((void *)AREA);
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
    require(run_with(trap_with_registers, handle));
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
    result = kerne_set_interrupt((void *)AREA);
    *(volatile uint64_t *)(NO_PAGE + 8) = 1;
    went_on = 1;
}

static _Noreturn void handle_and_break(void)
{
    if (++handled < 5) { kerne_set_interrupt((void *)AREA); }
    __asm__ volatile(".2byte 0" : : : "memory");
    __builtin_unreachable();
}

/* Set again in the handler, for the break of the handler itself; that before
 * the next set interrupt is the parent's. */
static void once_for_each_set_interrupt(void)
{
    require(run_with(fault, handle_and_break));
    struct kerne_received event = expect_break(&child, KERNE_BREAK_ILLEGAL);
    expect_equal(event.words.w[1], 0);
    expect_equal(handled, 5);
    expect_equal(went_on, 0);
    expect_equal(area()->words[0], KERNE_BREAK_ILLEGAL);
    child_remove(&child);
}

/* ---- areas elsewhere ---------------------------------------------------- */

/* Nothing is stored to a device, which may not take it: the break is the
 * parent's. */
static void area_on_a_device(void)
{
    require(run(fault, CLOCK_PAGE));
    struct kerne_received event = expect_break(&child, KERNE_BREAK_PAGE_FAULT);
    expect_equal(event.words.w[1], NO_PAGE + 8);
    expect_result(result, normal);
    child_remove(&child);
}

#define LAST_OF_HOLE UINT64_C(0x803ff000)

/* All storage of the root is storage to the nucleus, that behind it too: the
 * child goes on behind the area, which holds no instruction. */
static void area_right_behind_the_nucleus(void)
{
    volatile uint64_t *words = (volatile uint64_t *)LAST_OF_HOLE;
    words[KERNE_AREA_BYTES / 8] = 0;
    require(run(fault, LAST_OF_HOLE));
    struct kerne_received event = expect_break(&child, KERNE_BREAK_ILLEGAL);
    expect_equal(event.words.w[3], AREA + KERNE_AREA_BYTES);
    expect_equal(words[0], KERNE_BREAK_PAGE_FAULT);
    expect_equal(words[1], NO_PAGE + 8);
    expect_equal(words[2], KERNE_WRITE);
    child_remove(&child);
}

const struct test tests[] = {
    { .name = "break.set_interrupt.gets_its_own_break",
      .function = gets_its_own_break },
    { .name = "break.set_interrupt.once_for_each",
      .function = once_for_each_set_interrupt },
    { "break.set_interrupt.area_on_a_device", area_on_a_device,
      .devices = true },
    { "break.set_interrupt.area_right_behind_the_nucleus",
      area_right_behind_the_nucleus, .as_root = true },
    { NULL },
};
