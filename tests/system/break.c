/* Breaks: each kind as its parent is told of it, and each answer. */
#include "actor.h"
#include "harness.h"

#define WINDOW UINT64_C(0x90000000)
#define ILLEGAL UINT64_C(0xc0001073) /* writes a counter */

static struct test_child child;
static volatile uint64_t went_on;
static uint64_t aligned[2];

/* Each breaks once, and goes on behind it. */
static void do_illegal(uint64_t unused)
{
    (void)unused;
    __asm__ volatile(".balign 4\n.4byte 0xc0001073" : : : "a0", "memory");
    went_on = 1;
}

static void do_short_illegal(uint64_t unused)
{
    (void)unused;
    __asm__ volatile(".2byte 0" : : : "a0", "memory");
    went_on = 1;
}

static void do_misaligned(uint64_t unused)
{
    (void)unused;
    uint64_t address = (uint64_t)aligned + 4;
    __asm__ volatile("amoadd.d zero, zero, (%0)"
                     :
                     : "r"(address)
                     : "a0", "memory");
    went_on = 1;
}

static void do_breakpoint(uint64_t unused)
{
    (void)unused;
    __asm__ volatile("ebreak" : : : "a0", "memory");
    went_on = 1;
}

static void do_page_fault(uint64_t unused)
{
    (void)unused;
    __asm__ volatile("sd zero, 24(%0)" : : "r"(WINDOW) : "a0", "memory");
    went_on = 1;
}

/* The UART has no register there. */
static void do_access(uint64_t unused)
{
    (void)unused;
    __asm__ volatile("lb zero, 0(%0)" : : "r"(WINDOW + 0x800) : "a0", "memory");
    went_on = 1;
}

static const struct {
    const char *name;
    void (*function)(uint64_t);
    uint64_t kind;
} kinds[] = {
    { "illegal instruction", do_illegal, KERNE_BREAK_ILLEGAL },
    { "short illegal instruction", do_short_illegal, KERNE_BREAK_ILLEGAL },
    { "misaligned access", do_misaligned, KERNE_BREAK_MISALIGNED },
    { "breakpoint", do_breakpoint, KERNE_BREAK_BREAKPOINT },
    { "page fault", do_page_fault, KERNE_BREAK_PAGE_FAULT },
};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* A child that breaks so; its break, taken. */
static struct kerne_received make_break(void (*function)(uint64_t),
                                        uint64_t kind)
{
    went_on = 0;
    if (!child_run(&child, "breaker", 3, function, 0)) {
        return (struct kerne_received){ 0 };
    }
    struct kerne_received event = expect_break(&child, kind);
    expect_equal(went_on, 0);
    expect_equal(event.words.w[3], child_register(child.reference, 0));
    expect_equal(family_wait(child.reference), KERNE_WAITS_BREAK);
    return event;
}

static void illegal(void)
{
    struct kerne_received event = make_break(do_illegal, KERNE_BREAK_ILLEGAL);
    expect_equal(event.words.w[1], ILLEGAL);
    expect_equal(event.words.w[2], 0);
    child_remove(&child);
    event = make_break(do_short_illegal, KERNE_BREAK_ILLEGAL);
    expect_equal(event.words.w[1], 0);
    child_remove(&child);
}

static void misaligned(void)
{
    struct kerne_received event =
        make_break(do_misaligned, KERNE_BREAK_MISALIGNED);
    expect_equal(event.words.w[1], (uint64_t)aligned + 4);
    expect_equal(event.words.w[2], 0);
    child_remove(&child);
}

static void breakpoint(void)
{
    make_break(do_breakpoint, KERNE_BREAK_BREAKPOINT);
    child_remove(&child);
}

static void page_fault(void)
{
    struct kerne_received event =
        make_break(do_page_fault, KERNE_BREAK_PAGE_FAULT);
    expect_equal(event.words.w[1], WINDOW + 24);
    expect_equal(event.words.w[2], KERNE_WRITE);
    expect_equal(event.words.w[4], 0);
    child_remove(&child);
}

static void refused_access(void)
{
    uint64_t left;
    went_on = 0;
    require(expect_result(
        child_make(&child, "breaker", 3, do_access, 0, .tables = 6), normal));
    expect_result(
        kerne_map(child.reference, WINDOW, UART_PAGE, 1, KERNE_READ, &left),
        normal);
    expect_result(kerne_start(child.reference), normal);
    struct kerne_received event = expect_break(&child, KERNE_BREAK_ACCESS);
    expect_equal(event.words.w[1], WINDOW + 0x800);
    expect_equal(event.words.w[3], child_register(child.reference, 0));
    expect_result(family_answer_break(event.buffer, KERNE_GO_ON, 0), normal);
    require(expect_rests(&child));
    expect_equal(went_on, 1);
    child_remove(&child);
}

static void go_on(void)
{
    for (unsigned i = 0; i < KINDS; i++) {
        struct kerne_received event =
            make_break(kinds[i].function, kinds[i].kind);
        expect_result_of(kinds[i].name,
                         family_answer_break(event.buffer, KERNE_GO_ON, 0),
                         KERNE_r_normal);
        require(expect_rests(&child));
        expect_equal_of(kinds[i].name, went_on, 1);
        expect_result(family_answer_break(event.buffer, KERNE_GO_ON, 0), gone);
        child_remove(&child);
    }
}

/* The same instruction again, so the same break again. */
static void again(void)
{
    for (unsigned i = 0; i < KINDS; i++) {
        struct kerne_received event =
            make_break(kinds[i].function, kinds[i].kind);
        for (unsigned round = 0; round < 3; round++) {
            struct kerne_words words = event.words;
            expect_result_of(kinds[i].name,
                             family_answer_break(event.buffer, KERNE_AGAIN, 0),
                             KERNE_r_normal);
            event = expect_break(&child, kinds[i].kind);
            expect_words(&event.words, &words);
        }
        expect_equal_of(kinds[i].name, went_on, 0);
        child_remove(&child);
    }
}

/* Stopped; when it is started, the instruction is executed again. */
static void stay(void)
{
    for (unsigned i = 0; i < KINDS; i++) {
        struct kerne_received event =
            make_break(kinds[i].function, kinds[i].kind);
        expect_result_of(kinds[i].name,
                         family_answer_break(event.buffer, KERNE_STAY, 0),
                         KERNE_r_normal);
        expect_equal(family_suspended(child.reference), KERNE_SUSPENDED_STOP);
        expect_equal(family_wait(child.reference), KERNE_WAITS_NOT);
        family_nap(1000);
        expect_equal_of(kinds[i].name, went_on, 0);
        expect_result(kerne_start(child.reference), normal);
        event = expect_break(&child, kinds[i].kind);
        expect_result(family_answer_break(event.buffer, KERNE_GO_ON, 0),
                      normal);
        require(expect_rests(&child));
        child_remove(&child);
    }
}

/* An action that there is not, and "not mine" from the own parent: refused,
 * and the break can still be answered. */
static void no_such_action(void)
{
    struct kerne_received event = make_break(do_illegal, KERNE_BREAK_ILLEGAL);
    expect_result(kerne_send_answer(event.buffer, KERNE_r_normal, WORDS(4)),
                  bad_argument);
    expect_result(
        kerne_send_answer(event.buffer, KERNE_r_normal, WORDS(UINT64_MAX)),
        bad_argument);
    expect_result(family_answer_break(event.buffer, KERNE_NOT_MINE, 0),
                  bad_argument);
    expect_equal(family_wait(child.reference), KERNE_WAITS_BREAK);
    expect_result(family_answer_break(event.buffer, KERNE_GO_ON, 0), normal);
    require(expect_rests(&child));
    child_remove(&child);
}

static volatile uint64_t seen[32];

/* Stores every register as it is behind an illegal instruction. */
__attribute__((naked)) static void store_registers(uint64_t unused)
{
    (void)unused;
    __asm__ volatile(".balign 4\n"
                     ".4byte 0xc0001073\n"
                     "sd x1, 8(x31)\nsd x2, 16(x31)\nsd x3, 24(x31)\n"
                     "sd x4, 32(x31)\nsd x5, 40(x31)\nsd x6, 48(x31)\n"
                     "sd x7, 56(x31)\nsd x8, 64(x31)\nsd x9, 72(x31)\n"
                     "sd x10, 80(x31)\nsd x11, 88(x31)\nsd x12, 96(x31)\n"
                     "sd x13, 104(x31)\nsd x14, 112(x31)\nsd x15, 120(x31)\n"
                     "sd x16, 128(x31)\nsd x17, 136(x31)\nsd x18, 144(x31)\n"
                     "sd x19, 152(x31)\nsd x20, 160(x31)\nsd x21, 168(x31)\n"
                     "sd x22, 176(x31)\nsd x23, 184(x31)\nsd x24, 192(x31)\n"
                     "sd x25, 200(x31)\nsd x26, 208(x31)\nsd x27, 216(x31)\n"
                     "sd x28, 224(x31)\nsd x29, 232(x31)\nsd x30, 240(x31)\n"
                     "sd x31, 248(x31)\n"
                     ".4byte 0xc0001073\n");
}

/* The parent changes every register, and the child goes on with them. */
static void parent_changes_every_register(void)
{
    struct kerne_received event =
        make_break(store_registers, KERNE_BREAK_ILLEGAL);
    uint64_t pc = event.words.w[3];
    struct kerne_register_file file = { .x = { pc + 4 } };
    for (uint64_t number = 1; number < 32; number++) {
        file.x[number] = number == 31 ? (uint64_t)seen
                                      : number * UINT64_C(0x1111111111111111);
    }
    expect_result(kerne_modify(child.reference, &file), normal);
    expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0), normal);
    event = expect_break(&child, KERNE_BREAK_ILLEGAL);
    for (uint64_t number = 1; number < 31; number++) {
        expect_equal(seen[number], number * UINT64_C(0x1111111111111111));
        expect_equal(child_register(child.reference, (unsigned)number),
                     number * UINT64_C(0x1111111111111111));
    }
    expect_equal(seen[31], (uint64_t)seen);
    child_remove(&child);
}

/* A break of a process that itself handles breaks of others is its parent's;
 * its child's are its own. */
static void parent_of_a_breaker(uint64_t unused)
{
    (void)unused;
    struct test_child below;
    require(child_run(&below, "below", 1, do_breakpoint, 0));
    struct kerne_received event = expect_break(&below, KERNE_BREAK_BREAKPOINT);
    __asm__ volatile(".2byte 0" : : : "a0", "memory");
    family_answer_break(event.buffer, KERNE_GO_ON, 0);
    require(expect_rests(&below));
    child_remove(&below);
}

static void break_of_a_parent(void)
{
    went_on = 0;
    require(
        child_run(&child, "parent", 3, parent_of_a_breaker, 0, .processes = 1));
    struct kerne_received event = expect_break(&child, KERNE_BREAK_ILLEGAL);
    expect_equal(went_on, 0);
    expect_result(family_answer_break(event.buffer, KERNE_GO_ON, 0), normal);
    require(expect_rests(&child));
    expect_equal(went_on, 1);
    child_remove(&child);
}

/* A break needs nothing of the child's claim. */
static void needs_no_claim(void)
{
    went_on = 0;
    require(
        child_run(&child, "breaker", 3, do_illegal, 0, .buffers = CHILD_NONE));
    struct kerne_received event = expect_break(&child, KERNE_BREAK_ILLEGAL);
    expect_result(family_answer_break(event.buffer, KERNE_GO_ON, 0), normal);
    require(expect_rests(&child));
    child_remove(&child);
}

/* A break grants nothing. */
static void grants_nothing(void)
{
    static uint64_t word;
    uint64_t bytes;
    struct kerne_received event =
        make_break(do_page_fault, KERNE_BREAK_PAGE_FAULT);
    expect_result(
        kerne_general_copy(event.buffer, KERNE_FETCH, 0, &word, 8, &bytes),
        no_grant);
    expect_result(
        kerne_general_copy(event.buffer, KERNE_STORE, 0, &word, 8, &bytes),
        no_grant);
    child_remove(&child);
}

const struct test tests[] = {
    { .name = "break.kind.illegal_instruction", .function = illegal },
    { .name = "break.kind.misaligned_access", .function = misaligned },
    { .name = "break.kind.breakpoint", .function = breakpoint },
    { .name = "break.kind.page_fault", .function = page_fault },
    { .name = "break.kind.refused_access",
      .function = refused_access,
      .devices = true },
    { .name = "break.answer.go_on", .function = go_on },
    { .name = "break.answer.again", .function = again },
    { .name = "break.answer.stay", .function = stay },
    { .name = "break.answer.no_such_action", .function = no_such_action },
    { .name = "break.parent_changes_every_register",
      .function = parent_changes_every_register },
    { .name = "break.of_a_parent", .function = break_of_a_parent },
    { .name = "break.needs_no_claim", .function = needs_no_claim },
    { .name = "break.grants_nothing", .function = grants_nothing },
    { NULL },
};
