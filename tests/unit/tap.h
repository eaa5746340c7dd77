/* TAP on standard output. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void tap_begin(void);

/* One point.  What is remarked before it is printed behind it if it fails. */
void tap_point(bool good, const char *name);
void tap_remark(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The plan; returns the exit status. */
int tap_end(void);

/* ---- tests that are functions -------------------------------------------- */

/*
 *     TEST("what.it.shows")
 *     {
 *         EXPECT(...);
 *     }
 */
#define TEST(name) TEST_AT(name, __LINE__)
#define TEST_AT(name, line) TEST_OF_LINE(name, line)
#define TEST_OF_LINE(name, line)                              \
    static void test_##line(void);                            \
    __attribute__((constructor)) static void add_##line(void) \
    {                                                         \
        tap_add(name, test_##line);                           \
    }                                                         \
    static void test_##line(void)

void tap_add(const char *name, void (*test)(void));

/* Whether the running one is good so far; what fails remarks why. */
bool tap_is_good(void);
void tap_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

void tap_expect(bool condition, const char *file, int line, const char *what);
void tap_equal(uint64_t actual, uint64_t expected, const char *file, int line,
               const char *what);
#define EXPECT(condition) tap_expect(condition, __FILE__, __LINE__, #condition)
#define EQUAL(actual, expected) \
    tap_equal(actual, expected, __FILE__, __LINE__, #actual)

/* A point for each test of the program, in their order; the exit status.  Each
 * is run by tap_run; null: it is called.  Who has no main gets that of main.c,
 * which does just this. */
extern void (*tap_run)(void (*test)(void));
int tap_main(void);
