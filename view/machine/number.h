/*
 * Floating-point numbers apart: sign, exponent, significand; and rounding.
 *
 * All by integer arithmetic, so that every build gives the same bits and flags.
 *
 * N1  Of a finite number, the highest bit of `high` is 1: its value is
 *     high.low / 2^127 * 2^exponent.  The lowest bit of `low` also stands for
 *     all below it that is not zero.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum number_kind { ZERO, FINITE, INFINITE, QUIET, SIGNALING };

struct number {
    enum number_kind kind;
    bool sign;
    int exponent;
    uint64_t high, low;
};

struct format {
    int exponent_bits, fraction_bits;
};
extern const struct format format_single, format_double;

enum rounding { NEAREST_EVEN, TO_ZERO, DOWN, UP, NEAREST_AWAY };
enum flag {
    INEXACT = 1,
    UNDERFLOW = 2,
    OVERFLOW = 4,
    DIVIDED_BY_ZERO = 8,
    INVALID = 16,
};

/* How to round, and what has happened on the way. */
struct rounder {
    enum rounding mode;
    uint8_t flags;
};

struct number number_of(const struct format *format, uint64_t bits);
/* The nearest that the format has.  Not a number is always the same one. */
uint64_t number_pack(const struct format *format, struct number n,
                     struct rounder *r);
/* Of an integer's size. */
struct number number_of_integer(uint64_t size, bool sign);
/* A whole number of so many bits; out of range the nearest that there is, and
 * INVALID.  Below 64 bits, it is the whole register's, extended by its sign. */
uint64_t number_to_integer(struct number n, unsigned bits, bool is_signed,
                           struct rounder *r);

static inline bool number_is_nan(const struct number *n)
{
    return n->kind >= QUIET;
}

/* The results are exact, but for what N1 says of the lowest bit. */
struct number number_add(struct number a, struct number b, struct rounder *r);
struct number number_multiply(struct number a, struct number b,
                              struct rounder *r);
/* a * b + c, rounded once. */
struct number number_multiply_add(struct number a, struct number b,
                                  struct number c, struct rounder *r);
struct number number_divide(struct number a, struct number b,
                            struct rounder *r);
struct number number_root(struct number a, struct rounder *r);

/* -1, 0, 1; neither is NaN.  Zeros are equal. */
int number_compare(const struct number *a, const struct number *b);
