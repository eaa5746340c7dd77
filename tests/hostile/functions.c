/*
 * Functions that are none, functions that a mask lacks, names that are none,
 * and pseudo processes that lead in a circle.
 */
#include "attack.h"

#define FUNCTIONS 200 /* all numbers below are tried */

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

/* The parent is told of the call with its arguments, and what it gives as a0
 * comes back; all other registers are as they were. */
static void expect_foreign(const char *label, uint64_t number)
{
    uint64_t breaks = attack_breaks;
    struct kerne_registers r = {
        number, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
    };
    uint64_t result = attack_call(label, &r);
    if (!expect_equal_of(label, result, ATTACK_BROKE)) {
        expect_equal_of("with this number", number, 0);
        return;
    }
    expect_equal(attack_breaks, breaks + 1);
    expect_words(&attack_break.words,
                 WORDS(KERNE_BREAK_CALL, number, 10, 11, 12, 13, 14, 15));
    expect_equal(attack_after.x[REGISTER_A0], ATTACK_VALUE);
    for (unsigned i = 1; i < 6; i++) {
        expect_equal(attack_after.x[REGISTER_A0 + i], 10 + i);
    }
    expect_equal(attack_after.x[REGISTER_A7], number);
    expect_equal(attack_after.x[REGISTER_T2], 19);
}

static void unknown(void)
{
    static const uint64_t far[] = {
        UINT64_C(1) << 32,
        (UINT64_C(1) << 32) + KERNE_send_message,
        UINT64_C(1) << 63,
        (UINT64_C(1) << 63) + KERNE_get_clock,
        UINT64_MAX,
        UINT64_MAX - 1,
        UINT64_C(0xffffffff),
        UINT64_C(0xfffffffe),
        UINT64_MAX / 2 + 37,
        256 + 36,
        1024,
        65536 + 128,
        UINT64_C(0xffffffc080200000),
        80 + 128,
        80 + UINT64_C(0xffffffff),
    };
    for (uint64_t number = 0; number < FUNCTIONS; number++) {
        if (!is_function(number)) {
            expect_foreign("a number below 200", number);
        }
    }
    for (unsigned i = 0; i < COUNT(far); i++) {
        expect_foreign("a great number", far[i]);
    }
}

static void unknown_functions(void) { attack_run(unknown); }

/* ---- the mask ----------------------------------------------------------- */

static volatile uint64_t refused; /* calls that broke, of one child */

static void expect_call_break(uint64_t function)
{
    struct kerne_registers r = { .a7 = function };
    kerne_call(&r);
    expect_equal_of("a function that the mask lacks", r.a0, ATTACK_VALUE);
    refused++;
}

static void calls_all(uint64_t argument)
{
    (void)argument;
#define KERNE_FUNCTION(value, name, handler) expect_call_break(value);
#include <functions.def>
#undef KERNE_FUNCTION
    __asm__ volatile("ebreak");
}

/* With an empty mask each function is the parent's. */
static void empty_mask(void)
{
    struct test_child child;
    uint64_t seen = 0;
    refused = 0;
    require(child_run(&child, "foreign", 3, calls_all, 0, .foreign = true));
    struct kerne_received r = family_next();
    while (KERNE_EVENT_KIND(r.event) == KERNE_BREAK &&
           r.words.w[0] == KERNE_BREAK_CALL) {
        seen++;
        r = kerne_serve(r.buffer, KERNE_r_normal,
                        WORDS(KERNE_GO_ON, ATTACK_VALUE));
    }
    expect_equal(r.words.w[0], KERNE_BREAK_BREAKPOINT);
    expect_equal(refused, seen);
    uint64_t functions = 0;
#define KERNE_FUNCTION(value, name, handler) functions++;
#include <functions.def>
#undef KERNE_FUNCTION
    expect_equal(seen, functions);
    child_remove(&child);
}

/* ---- names -------------------------------------------------------------- */

static void names(void)
{
    static const char no_names[][KERNE_NAME_BYTES] = {
        "",
        "1a",
        "_a",
        "-a",
        "A",
        "aB",
        "a b",
        "a.b",
        "a\0b",
        "a/b",
        "\xe9",
        "a\x80",
        { 'a', [15] = 'b' },
        { 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n',
          'o', 'p' },
        { [8] = 'a' },
        { ' ', 'a' },
        { 'a', [8] = 'b' },
    };
    for (unsigned i = 0; i < COUNT(no_names); i++) {
        struct kerne_registers r = { .a7 = KERNE_create_internal_process,
                                     .a3 = 9,
                                     .a6 = 1 };
        memcpy(&r.a1, no_names[i], 8);
        memcpy(&r.a2, no_names[i] + 8, 8);
        expect_result_of("create: name", attack_call("create", &r),
                         KERNE_r_name_ill_formed);
        r.a7 = KERNE_create_pseudo_process;
        expect_result_of("create pseudo: name", attack_call("pseudo", &r),
                         KERNE_r_name_ill_formed);
        r.a7 = KERNE_process_description;
        uint64_t result = attack_call("look up", &r);
        expect_equal_of("look up: name",
                        result == KERNE_r_name_ill_formed ||
                            result == KERNE_r_name_unknown,
                        true);
    }
}

static void wrong_names(void) { attack_run(names); }

/* ---- circles ------------------------------------------------------------ */

#define CIRCLE 6

/* Accepted, and answered by the nucleus.  To converse, what is greater than any
 * address is a buffer, which it waits for. */
static void expect_nobody(uint64_t address)
{
    struct kerne_words words;
    uint64_t buffer;
    expect_result(kerne_send_message(address, WORDS(0), &buffer), normal);
    expect_result(kerne_wait_answer(buffer, &words), does_not_exist);
    expect_equal(words.w[0] & KERNE_HAD_BEEN_RECEIVED, 0);
    uint64_t result = kerne_converse(address, WORDS(0), &words);
    expect_result_of("converse", result,
                     address >> 32 ? KERNE_r_gone : KERNE_r_does_not_exist);
}

/* Each leads to the next, and the last to the first, or to itself. */
static void circles(void)
{
    static const char *const names[CIRCLE] = { "a", "b", "c", "d", "e", "f" };
    for (uint64_t length = 1; length <= CIRCLE; length++) {
        uint64_t pseudo[CIRCLE];
        for (uint64_t i = 0; i < length; i++) {
            expect_result(
                kerne_create_pseudo(0, names[i], 10 + i,
                                    KERNE_ADDRESS(0, 10 + (i + 1) % length),
                                    &pseudo[i]),
                normal);
        }
        for (uint64_t i = 0; i < length; i++) {
            expect_nobody(KERNE_ADDRESS(0, 10 + i));
        }
        for (uint64_t i = 0; i < length; i++) {
            expect_result(kerne_remove(pseudo[i]), normal);
        }
    }
}

/* Addresses that mean nobody, however they are written. */
static void strange_addresses(void)
{
    static const uint64_t strange[] = {
        KERNE_VACANT,
        UINT64_MAX,
        UINT64_C(1) << 63,
        UINT64_C(1) << 32,
        UINT64_C(0xffffffc080200000),
        KERNE_ADDRESS(0, KERNE_CHILDREN),
        KERNE_ADDRESS(0, KERNE_EXTERNAL),
        KERNE_ADDRESS(0, 0xffff),
        KERNE_ADDRESS(255, 0),
        KERNE_ADDRESS(UINT64_C(0xffffffff), 1),
        KERNE_PARENT + 1,
        KERNE_SELF - 1,
        KERNE_PARENT | UINT64_C(1) << 24,
        KERNE_ADDRESS(1, KERNE_EXTERNAL + KERNE_LINES),
    };
    for (unsigned i = 0; i < COUNT(strange); i++) { expect_nobody(strange[i]); }
}

const struct test tests[] = {
    { .name = "hostile.unknown_functions", .function = unknown_functions },
    { .name = "hostile.empty_mask", .function = empty_mask },
    { .name = "hostile.names", .function = wrong_names },
    { .name = "hostile.circles", .function = circles },
    { .name = "hostile.strange_addresses", .function = strange_addresses },
    { NULL, .function = NULL },
};
