/*
 * What a test expects, in whichever of its processes.
 *
 * A failure is noted in storage that all processes of the test share; the
 * root prints it when the test has ended.  Each macro is true if the
 * expectation was met, so `require` leaves a function that cannot go on.
 */
#pragma once

#include <calls.h>
#include <stdbool.h>
#include <stdint.h>

enum expectation {
    EXPECT_TRUE,
    EXPECT_NUMBER,
    EXPECT_RESULT,
};

/* Where an expectation stands, and what it is about. */
struct expect_place {
    const char *file;
    int line;
    const char *what;
};

bool expect_note(struct expect_place place, enum expectation kind,
                 uint64_t actual, uint64_t expected);
bool expect_words_note(struct expect_place place,
                       const struct kerne_words *actual,
                       const struct kerne_words *expected);

#define EXPECT_PLACE(text) ((struct expect_place){ __FILE__, __LINE__, text })

#define expect(condition) \
    expect_note(EXPECT_PLACE(#condition), EXPECT_TRUE, (condition) ? 1 : 0, 1)

/* Numbers, addresses, words. */
#define expect_equal(actual, expected)                                    \
    expect_note(EXPECT_PLACE(#actual), EXPECT_NUMBER, (uint64_t)(actual), \
                (uint64_t)(expected))

/* A result, which the report gives by name: expect_result(call, gone). */
#define expect_result(call, name) \
    expect_note(EXPECT_PLACE(#call), EXPECT_RESULT, (call), KERNE_r_##name)

/* The same for calls in a loop: `label` says which of them it was. */
#define expect_result_of(label, call, result) \
    expect_note(EXPECT_PLACE(label), EXPECT_RESULT, (call), (result))
#define expect_equal_of(label, actual, expected)                        \
    expect_note(EXPECT_PLACE(label), EXPECT_NUMBER, (uint64_t)(actual), \
                (uint64_t)(expected))

/* All eight words: two pointers to struct kerne_words. */
#define expect_words(actual, expected) \
    expect_words_note(EXPECT_PLACE(#actual), (actual), (expected))

#define require(expectation)            \
    do {                                \
        if (!(expectation)) { return; } \
    } while (0)

/* This machine does not allow the test: it counts as skipped, and the report
 * says why. */
void expect_skip(const char *reason);

/* For the harness: why the test was skipped, or null; forget all failures;
 * print them; how many there are. */
const char *expect_skipped(void);
void expect_forget(void);
void expect_print(void);
unsigned expect_failures(void);

/* The name of a result, from results.def. */
const char *expect_result_name(uint64_t result);
