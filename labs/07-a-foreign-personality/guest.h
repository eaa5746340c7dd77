/* What the grader's guests of lab 7 share: their calls, and nothing of Kerne.
 * Each call tells in a5, which no call looks at, what the one before returned:
 * so the grader knows. */
#pragma once

#include <eight.h>
#include <string.h>

static inline long call(long number, long a, long b)
{
    static long last;
    register long a7 __asm__("a7") = number, a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b, a5 __asm__("a5") = last;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a5) : "memory");
    last = a0;
    return a0;
}

static inline long put_text(const char *text)
{
    return call(EIGHT_WRITE, (long)text, (long)strlen(text));
}
