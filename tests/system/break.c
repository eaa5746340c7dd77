/*
 * Breaks of the machine: each kind as its parent is told of it, each answer,
 * and the registers.  What else becomes of a break tests/unit/break.c says.
 */
#include "actor.h"
#include "harness.h"

#define NO_PAGE UINT64_C(0x90000000)
#define UART (NO_PAGE + KERNE_PAGE)
#define NO_REGISTER (UART + 0x800) /* of the UART */

static struct test_child child;
static volatile uint64_t went_on;
static uint64_t aligned[2];

/* ---- each kind ---------------------------------------------------------- */

/* Functions that break once, and go on behind it. */
#define BREAKER(name, address, instruction)         \
    static void name(uint64_t unused)               \
    {                                               \
        (void)unused;                               \
        __asm__ volatile(".balign 4\n" instruction  \
                         :                          \
                         : "r"((uint64_t)(address)) \
                         : "a0", "memory");         \
        went_on = 1;                                \
    }
BREAKER(writes_a_counter, 0, ".4byte 0xc0001073")
BREAKER(is_no_instruction, 0, ".2byte 0")
BREAKER(adds_misaligned, (uint64_t)aligned + 4, "amoadd.d zero, zero, (%0)")
BREAKER(is_a_breakpoint, 0, "ebreak")
BREAKER(stores_nowhere, NO_PAGE, "sd zero, 24(%0)")
BREAKER(loads_nowhere, NO_PAGE, "ld zero, 24(%0)")
BREAKER(loads_no_register, NO_REGISTER, "lb zero, 0(%0)")
BREAKER(stores_to_no_register, NO_REGISTER, "sb zero, 0(%0)")

#define THE_PC UINT64_MAX

/* What the parent is told: words 0 to 2; word 3 is the pc. */
static const struct {
    const char *name;
    void (*function)(uint64_t);
    uint64_t kind, value, access;
} kinds[] = {
    { "illegal instruction", writes_a_counter, KERNE_BREAK_ILLEGAL, 0xc0001073,
      0 },
    { "short illegal instruction", is_no_instruction, KERNE_BREAK_ILLEGAL, 0,
      0 },
    { "misaligned access", adds_misaligned, KERNE_BREAK_MISALIGNED,
      (uint64_t)aligned + 4, 0 },
    { "breakpoint", is_a_breakpoint, KERNE_BREAK_BREAKPOINT, THE_PC, 0 },
    { "page fault of a store", stores_nowhere, KERNE_BREAK_PAGE_FAULT,
      NO_PAGE + 24, KERNE_WRITE },
    { "page fault of a load", loads_nowhere, KERNE_BREAK_PAGE_FAULT,
      NO_PAGE + 24, KERNE_READ },
    { "refused load", loads_no_register, KERNE_BREAK_ACCESS, NO_REGISTER, 0 },
    { "refused store", stores_to_no_register, KERNE_BREAK_ACCESS, NO_REGISTER,
      0 },
};

/* Waits for the child's break of this kind, and takes it: its buffer. */
static uint64_t told(unsigned i)
{
    struct kerne_received event = expect_break(&child, kinds[i].kind);
    uint64_t pc = child_register(child.reference, 0);
    expect_equal_of(kinds[i].name, event.words.w[1],
                    kinds[i].value == THE_PC ? pc : kinds[i].value);
    expect_equal_of(kinds[i].name, event.words.w[2], kinds[i].access);
    expect_equal_of(kinds[i].name, event.words.w[3], pc);
    expect_equal_of(kinds[i].name, event.words.w[4], 0);
    expect_equal_of(kinds[i].name, family_wait(child.reference),
                    KERNE_WAITS_BREAK);
    expect_equal_of(kinds[i].name, went_on, 0);
    return event.buffer;
}

static void answer(unsigned i, uint64_t buffer, enum kerne_action action)
{
    expect_result_of(kinds[i].name, family_answer_break(buffer, action, 0),
                     KERNE_r_normal);
}

/* Tried again, it is the same break again; it stays, so it is stopped, and
 * tries again when it is started; it goes on, and does so behind it. */
static void told_and_answered(unsigned i)
{
    uint64_t left;
    went_on = 0;
    require(expect_result(
        child_make(&child, "breaker", 3, kinds[i].function, 0, .tables = 6),
        normal));
    expect_result(kerne_map(child.reference, UART, UART_PAGE, 1,
                            KERNE_READ | KERNE_WRITE, &left),
                  normal);
    expect_result(kerne_start(child.reference), normal);
    answer(i, told(i), KERNE_AGAIN);
    answer(i, told(i), KERNE_AGAIN);
    answer(i, told(i), KERNE_STAY);
    expect_equal(family_suspended(child.reference), KERNE_SUSPENDED_STOP);
    expect_equal(family_wait(child.reference), KERNE_WAITS_NOT);
    family_nap(1000);
    expect_result(kerne_start(child.reference), normal);
    answer(i, told(i), KERNE_GO_ON);
    require(expect_rests(&child));
    expect_equal_of(kinds[i].name, went_on, 1);
    child_remove(&child);
}

static void each_kind(void)
{
    for (unsigned i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        told_and_answered(i);
    }
}

/* ---- registers ---------------------------------------------------------- */

static volatile uint64_t seen[32];

/* Stores every register as it is behind an illegal instruction. */
__attribute__((naked)) static void store_registers(uint64_t unused)
{
    (void)unused;
    __asm__ volatile(".balign 4\n"
                     ".4byte 0xc0001073\n"
                     ".irp n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, "
                     "15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, "
                     "29, 30, 31\n"
                     "sd x\\n, 8 * \\n(x31)\n"
                     ".endr\n"
                     ".4byte 0xc0001073\n");
}

/* The parent changes every register, and the child goes on with them. */
static void parent_changes_every_register(void)
{
    require(child_run(&child, "breaker", 3, store_registers, 0));
    struct kerne_received event = expect_break(&child, KERNE_BREAK_ILLEGAL);
    struct kerne_register_file file = { .x = { event.words.w[3] + 4 } };
    for (uint64_t number = 1; number < 32; number++) {
        file.x[number] = number == 31 ? (uint64_t)seen
                                      : number * UINT64_C(0x1111111111111111);
    }
    expect_result(kerne_modify(child.reference, &file), normal);
    expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0), normal);
    expect_break(&child, KERNE_BREAK_ILLEGAL);
    for (unsigned number = 1; number < 32; number++) {
        expect_equal(seen[number], file.x[number]);
        expect_equal(child_register(child.reference, number), file.x[number]);
    }
    child_remove(&child);
}

const struct test tests[] = {
    { .name = "break.each_kind", .function = each_kind, .devices = true },
    { .name = "break.parent_changes_every_register",
      .function = parent_changes_every_register },
    { NULL },
};
