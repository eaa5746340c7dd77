#include "tap.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static unsigned points, failures;
static char remarks[8192];
#define LONGEST 1000 /* one remark */

void tap_begin(void)
{
    printf("TAP version 14\n");
    setvbuf(stdout, NULL, _IOLBF, 0);
}

static void remark(const char *format, va_list arguments)
{
    size_t length = strlen(remarks);
    if (length < sizeof remarks - LONGEST) { /* enough to read otherwise */
        length += (size_t)sprintf(remarks + length, "# ");
        vsnprintf(remarks + length, LONGEST - 4, format, arguments);
        strcat(remarks, "\n");
    }
}

void tap_remark(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    remark(format, arguments);
    va_end(arguments);
}

void tap_point(bool good, const char *name)
{
    printf("%s %u - %s\n", good ? "ok" : "not ok", ++points, name);
    failures += !good;
    if (!good) { printf("%s", remarks); }
    remarks[0] = '\0';
}

int tap_end(void)
{
    printf("1..%u\n", points);
    return failures == 0 && points > 0 ? 0 : 1;
}

/* ---- tests that are functions -------------------------------------------- */

#define MOST 100

static struct {
    const char *name;
    void (*test)(void);
} tests[MOST];
static unsigned count;
void (*tap_run)(void (*test)(void));
static bool good;

void tap_add(const char *name, void (*test)(void))
{
    if (count < MOST) {
        tests[count].name = name;
        tests[count].test = test;
    }
    count++;
}

bool tap_is_good(void) { return good; }

void tap_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    remark(format, arguments);
    va_end(arguments);
    good = false;
}

void tap_expect(bool condition, const char *file, int line, const char *what)
{
    if (!condition) { tap_fail("%s:%d: not so: %s", file, line, what); }
}

void tap_equal(uint64_t actual, uint64_t expected, const char *file, int line,
               const char *what)
{
    if (actual != expected) {
        tap_fail("%s:%d: %s is %#lx, not %#lx", file, line, what,
                 (unsigned long)actual, (unsigned long)expected);
    }
}

int tap_main(void)
{
    tap_begin();
    for (unsigned i = 0; i < count && i < MOST; i++) {
        good = true;
        if (tap_run != NULL) {
            tap_run(tests[i].test);
        } else {
            tests[i].test();
        }
        tap_point(good, tests[i].name);
    }
    if (count > MOST) { tap_point(false, "tap.too_many_tests"); }
    return tap_end();
}
