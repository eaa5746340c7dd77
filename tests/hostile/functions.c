/*
 * Numbers that are no function, and a mask without any: each such call breaks,
 * its parent is told of it, and of its registers only a0 is another afterwards.
 */
#include "marks.h"

#include <harness.h>

#define CALLER 3
#define FUNCTIONS 200 /* all numbers below are tried, */
#define VALUE 4711

static const uint64_t far[] = {
    /* and these */
    1024,
    256 + 36,
    65536 + 128,
    80 + 128,
    80 + UINT64_C(0xffffffff),
    UINT64_C(0xfffffffe),
    UINT64_C(0xffffffff),
    UINT64_C(1) << 32,
    (UINT64_C(1) << 32) + KERNE_send_message,
    UINT64_C(0xffffffc080200000),
    UINT64_MAX / 2 + 37,
    UINT64_C(1) << 63,
    (UINT64_C(1) << 63) + KERNE_get_clock,
    UINT64_MAX - 79,
    UINT64_MAX - 1,
    UINT64_MAX,
};
#define NUMBERS (FUNCTIONS + sizeof far / sizeof far[0])

static uint64_t number_at(unsigned i)
{
    return i < FUNCTIONS ? i : far[i - FUNCTIONS];
}

static bool is_function(uint64_t number)
{
    switch (number) {
#define KERNE_FUNCTION(value, name, handler) case value:
#include <functions.def>
#undef KERNE_FUNCTION
        return true;
    }
    return false;
}

/* What the parent is told of is a0 to a5; the others are marks. */
static void call(uint64_t number)
{
    struct register_file before, after;
    registers_fill(&before, CALLER);
    for (unsigned i = 0; i < 6; i++) { before.x[REGISTER_A0 + i] = 10 + i; }
    before.x[REGISTER_A7] = number;
    registers_call(&before, &after);
    expect_equal(after.x[REGISTER_A7], number);
    before.x[REGISTER_A7] = after.x[REGISTER_A7] = 0;
    before.x[REGISTER_A0] = VALUE;
    marks_expect("a call that breaks", CALLER, &before, &after, false);
    expect_equal(after.x[REGISTER_T0], before.x[REGISTER_T0]);
}

static void caller(uint64_t functions_too)
{
    for (unsigned i = 0; i < NUMBERS; i++) {
        if (functions_too || !is_function(number_at(i))) { call(number_at(i)); }
    }
    __asm__ volatile("ebreak");
}

static void expect_breaks(bool foreign)
{
    struct test_child child;
    require(child_run(&child, "caller", CALLER, caller, foreign,
                      .foreign = foreign));
    for (unsigned i = 0; i < NUMBERS; i++) {
        uint64_t number = number_at(i);
        if (!foreign && is_function(number)) { continue; }
        struct kerne_received event = expect_break(&child, KERNE_BREAK_CALL);
        if (!expect_words(&event.words, WORDS(KERNE_BREAK_CALL, number, 10, 11,
                                              12, 13, 14, 15))) {
            break;
        }
        family_answer_break(event.buffer, KERNE_GO_ON, VALUE);
    }
    expect_break(&child, KERNE_BREAK_BREAKPOINT);
    child_remove(&child);
}

static void unknown_functions(void) { expect_breaks(false); }

static void empty_mask(void) { expect_breaks(true); }

const struct test tests[] = {
    { .name = "hostile.unknown_functions", .function = unknown_functions },
    { .name = "hostile.empty_mask", .function = empty_mask },
    { NULL, .function = NULL },
};
