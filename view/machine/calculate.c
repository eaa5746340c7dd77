/* Sums, products, quotients and roots of numbers. */
#include "arithmetic.h"
#include "number.h"

static struct number invalid(struct rounder *r)
{
    r->flags |= INVALID;
    return (struct number){ .kind = QUIET };
}

/* One of those that are not numbers, or none of two. */
static struct number neither(const struct number *a, const struct number *b,
                             struct rounder *r)
{
    bool signals = a->kind == SIGNALING || b->kind == SIGNALING;
    return signals ? invalid(r) : (struct number){ .kind = QUIET };
}

/* To the right by any number of bits, as N1 has it. */
static void shift_right(struct number *n, unsigned by)
{
    bool is_lost = false;
    if (by > 127) {
        n->low = (n->high | n->low) != 0;
        n->high = 0;
        return;
    }
    if (by >= 64) {
        is_lost = n->low != 0;
        n->low = n->high;
        n->high = 0;
        by -= 64;
    }
    if (by > 0) {
        is_lost |= n->low << (64 - by) != 0;
        n->low = n->low >> by | n->high << (64 - by);
        n->high >>= by;
    }
    n->low |= is_lost;
}

static void normalise(struct number *n)
{
    if (n->high == 0) {
        n->high = n->low;
        n->low = 0;
        n->exponent -= 64;
    }
    if (n->high == 0) {
        n->kind = ZERO;
        return;
    }
    unsigned by = (unsigned)__builtin_clzll(n->high);
    if (by > 0) {
        n->high = n->high << by | n->low >> (64 - by);
        n->low <<= by;
        n->exponent -= (int)by;
    }
}

/* The larger in size is a. */
static struct number add_finite(struct number a, struct number b,
                                const struct rounder *r)
{
    bool differ = a.sign != b.sign;
    unsigned apart = (unsigned)(a.exponent - b.exponent);
    shift_right(&a, 1);
    shift_right(&b, apart < 200 ? apart + 1 : 200);
    uint64_t low = differ ? a.low - b.low : a.low + b.low;
    bool carries = differ ? a.low < b.low : low < a.low;
    a.high = differ ? a.high - b.high - carries : a.high + b.high + carries;
    a.low = low;
    a.exponent++;
    normalise(&a);
    if (a.kind == ZERO) { a.sign = r->mode == DOWN; }
    return a;
}

static bool is_larger(const struct number *a, const struct number *b)
{
    if (a->exponent != b->exponent) { return a->exponent > b->exponent; }
    if (a->high != b->high) { return a->high > b->high; }
    return a->low > b->low;
}

struct number number_add(struct number a, struct number b, struct rounder *r)
{
    if (number_is_nan(&a) || number_is_nan(&b)) { return neither(&a, &b, r); }
    if (a.kind == INFINITE && b.kind == INFINITE && a.sign != b.sign) {
        return invalid(r);
    }
    if (a.kind == ZERO && b.kind == ZERO) {
        if (a.sign != b.sign) { a.sign = r->mode == DOWN; }
        return a;
    }
    if (a.kind == INFINITE || b.kind == ZERO) { return a; }
    if (b.kind == INFINITE || a.kind == ZERO) { return b; }
    return is_larger(&a, &b) ? add_finite(a, b, r) : add_finite(b, a, r);
}

struct number number_multiply(struct number a, struct number b,
                              struct rounder *r)
{
    bool sign = a.sign != b.sign;
    if (number_is_nan(&a) || number_is_nan(&b)) { return neither(&a, &b, r); }
    bool is_infinite = a.kind == INFINITE || b.kind == INFINITE;
    if (a.kind == ZERO || b.kind == ZERO) {
        if (is_infinite) { return invalid(r); }
        return (struct number){ .kind = ZERO, .sign = sign };
    }
    struct number n = {
        .kind = is_infinite ? INFINITE : FINITE,
        .sign = sign,
        .exponent = a.exponent + b.exponent + 1,
        .high = multiply_high(a.high, b.high),
        .low = a.high * b.high,
    };
    if (!is_infinite) { normalise(&n); }
    return n;
}

struct number number_multiply_add(struct number a, struct number b,
                                  struct number c, struct rounder *r)
{
    struct number product = number_multiply(a, b, r);
    if (c.kind == SIGNALING) { return invalid(r); }
    return number_add(product, c, r);
}

/* As many bits of a / b as fit, from 1 on, for a >= b; bit by bit. */
static uint64_t quotient(uint64_t a, uint64_t b, bool *ret_rest)
{
    uint64_t result = 0, rest = a;
    bool carry = false;
    for (unsigned i = 0; i < 64; i++) {
        bool fits = carry || rest >= b;
        result = result << 1 | fits;
        if (fits) { rest -= b; }
        carry = rest >> 63;
        rest <<= 1;
    }
    *ret_rest = rest != 0 || carry;
    return result;
}

struct number number_divide(struct number a, struct number b, struct rounder *r)
{
    struct number n = { .sign = a.sign != b.sign };
    bool rest;
    if (number_is_nan(&a) || number_is_nan(&b)) { return neither(&a, &b, r); }
    if (a.kind == b.kind && a.kind != FINITE) { return invalid(r); }
    if (a.kind == INFINITE || b.kind == ZERO) {
        n.kind = INFINITE;
        if (a.kind == FINITE) { r->flags |= DIVIDED_BY_ZERO; }
        return n;
    }
    if (a.kind == ZERO || b.kind == INFINITE) {
        n.kind = ZERO;
        return n;
    }
    n.kind = FINITE;
    n.exponent = a.exponent - b.exponent;
    n.high = quotient(a.high, b.high, &rest);
    n.low = rest ? UINT64_C(1) << 62 : 0;
    normalise(&n);
    return n;
}

struct number number_root(struct number a, struct rounder *r)
{
    enum { BITS = 58 };
    if (number_is_nan(&a)) { return neither(&a, &a, r); }
    if (a.kind == ZERO) { return a; }
    if (a.sign) { return invalid(r); }
    if (a.kind == INFINITE) { return a; }
    uint64_t digits = a.exponent & 1 ? a.high : a.high >> 1;
    uint64_t root = 0, rest = 0;
    for (unsigned i = 0; i < BITS; i++) {
        uint64_t trial = root << 2 | 1;
        rest = rest << 2 | digits >> 62;
        digits <<= 2;
        root <<= 1;
        if (rest >= trial) {
            rest -= trial;
            root |= 1;
        }
    }
    return (struct number){ .kind = FINITE,
                            .exponent = a.exponent >> 1,
                            .high = root << (64 - BITS),
                            .low = rest != 0 };
}
