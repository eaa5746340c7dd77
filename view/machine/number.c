/* Between bits and numbers, and rounding. */
#include "number.h"

const struct format format_single = { 8, 23 };
const struct format format_double = { 11, 52 };

static int bias(const struct format *f)
{
    return (1 << (f->exponent_bits - 1)) - 1;
}

static unsigned zeros(uint64_t word)
{
    return word == 0 ? 64 : (unsigned)__builtin_clzll(word);
}

struct number number_of(const struct format *f, uint64_t bits)
{
    int most = (1 << f->exponent_bits) - 1;
    uint64_t fraction = bits & ((UINT64_C(1) << f->fraction_bits) - 1);
    int exponent = (int)(bits >> f->fraction_bits) & most;
    struct number n = {
        .sign = bits >> (f->fraction_bits + f->exponent_bits) & 1,
    };
    if (exponent == most) {
        bool is_quiet = fraction >> (f->fraction_bits - 1) & 1;
        n.kind = fraction == 0 ? INFINITE : is_quiet ? QUIET : SIGNALING;
    } else if (exponent == 0 && fraction == 0) {
        n.kind = ZERO;
    } else {
        n.kind = FINITE;
        n.exponent = exponent - bias(f);
        n.high = fraction << (63 - f->fraction_bits);
        if (exponent != 0) {
            n.high |= UINT64_C(1) << 63;
        } else {
            unsigned shift = zeros(n.high);
            n.high <<= shift;
            n.exponent += 1 - (int)shift;
        }
    }
    return n;
}

struct number number_of_integer(uint64_t size, bool sign)
{
    struct number n = { .kind = size == 0 ? ZERO : FINITE, .sign = sign };
    if (size != 0) {
        n.exponent = 63 - (int)zeros(size);
        n.high = size << zeros(size);
    }
    return n;
}

/* Whether what stands below `unit`, a power of two, is to be rounded up. */
static bool rounds_up(uint64_t significand, uint64_t unit, bool sign,
                      enum rounding mode)
{
    uint64_t rest = significand & (unit - 1), half = unit / 2;
    switch (mode) {
    case NEAREST_EVEN:
        return rest > half || (rest == half && (significand & unit));
    case TO_ZERO: return false;
    case DOWN: return sign && rest != 0;
    case UP: return !sign && rest != 0;
    case NEAREST_AWAY: return rest >= half;
    }
    return false;
}

/* To the right; the lowest bit keeps that something was lost. */
static uint64_t shifted(uint64_t word, unsigned by)
{
    if (by == 0) { return word; }
    if (by > 63) { return word != 0; }
    return word >> by | (word << (64 - by) != 0);
}

static uint64_t too_large(const struct format *f, bool sign, struct rounder *r)
{
    uint64_t infinite = ((UINT64_C(1) << f->exponent_bits) - 1)
                        << f->fraction_bits;
    bool goes_up = r->mode == NEAREST_EVEN || r->mode == NEAREST_AWAY ||
                   r->mode == (sign ? DOWN : UP);
    r->flags |= OVERFLOW | INEXACT;
    return goes_up ? infinite : infinite - 1;
}

static uint64_t pack_finite(const struct format *f, struct number n,
                            struct rounder *r)
{
    uint64_t unit = UINT64_C(1) << (63 - f->fraction_bits);
    uint64_t significand = n.high | (n.low != 0);
    int biased = n.exponent + bias(f);
    if (biased <= 0) {
        /* Tiny, unless it would round to the smallest normal number. */
        bool is_tiny = biased < 0 ||
                       !rounds_up(significand, unit, n.sign, r->mode) ||
                       significand + unit > unit;
        significand = shifted(significand, (unsigned)(1 - biased));
        biased = 0;
        if (is_tiny && (significand & (unit - 1))) { r->flags |= UNDERFLOW; }
    }
    if (significand & (unit - 1)) { r->flags |= INEXACT; }
    bool up = rounds_up(significand, unit, n.sign, r->mode);
    uint64_t fraction = (significand >> (63 - f->fraction_bits)) + up;
    /* The first bit of a normal one adds 1 to the exponent, and so does a carry
   * out of it. */
    uint64_t bits =
        ((uint64_t)(biased > 0 ? biased - 1 : 0) << f->fraction_bits) +
        fraction;
    bool is_large =
        bits >> f->fraction_bits >= (UINT64_C(1) << f->exponent_bits) - 1;
    if (biased >= 1 << f->exponent_bits || is_large) {
        return too_large(f, n.sign, r);
    }
    return bits;
}

uint64_t number_pack(const struct format *f, struct number n, struct rounder *r)
{
    uint64_t infinite = ((UINT64_C(1) << f->exponent_bits) - 1)
                        << f->fraction_bits;
    uint64_t sign = (uint64_t)n.sign << (f->exponent_bits + f->fraction_bits);
    switch (n.kind) {
    case ZERO: return sign;
    case FINITE: return sign | pack_finite(f, n, r);
    case INFINITE: return sign | infinite;
    case SIGNALING: r->flags |= INVALID; break;
    case QUIET: break;
    }
    return infinite | UINT64_C(1) << (f->fraction_bits - 1);
}

/* Its size as a whole number, and whether that fits into 64 bits. */
static bool whole(struct number n, struct rounder *r, uint64_t *ret_size)
{
    uint64_t rest, up;
    if (n.exponent > 63) { return false; }
    if (n.exponent >= 0) {
        unsigned fraction = 63 - (unsigned)n.exponent;
        *ret_size = n.high >> fraction;
        rest = fraction == 0 ? 0 : n.high << (64 - fraction);
    } else {
        *ret_size = 0;
        rest = shifted(n.high, (unsigned)(-1 - n.exponent));
    }
    /* As a number of 64 bits with the unit above it. */
    rest = shifted(rest, 1) | (n.low != 0);
    up = rounds_up(rest | (*ret_size & 1) << 63, UINT64_C(1) << 63, n.sign,
                   r->mode);
    if (rest != 0) { r->flags |= INEXACT; }
    *ret_size += up;
    return *ret_size != 0 || up == 0;
}

static uint64_t extended(uint64_t value, unsigned bits)
{
    return bits == 64 ? value : (uint64_t)(int64_t)(int32_t)value;
}

uint64_t number_to_integer(struct number n, unsigned bits, bool is_signed,
                           struct rounder *r)
{
    uint64_t most = (is_signed ? UINT64_C(1) << (bits - 1) : 0) - 1;
    uint64_t size = 0;
    uint8_t flags = r->flags;
    if (!is_signed && bits < 64) { most = (UINT64_C(1) << bits) - 1; }
    uint64_t least = is_signed ? most + 1 : 0; /* the size of it */
    bool fits = n.kind == ZERO || (n.kind == FINITE && whole(n, r, &size));
    bool is_low = n.sign && !number_is_nan(&n);
    if (fits && size <= (is_low ? least : most)) {
        return extended(is_low ? -size : size, bits);
    }
    r->flags = flags | INVALID;
    return extended(is_low ? -least : most, bits);
}

int number_compare(const struct number *a, const struct number *b)
{
    bool both_zero = a->kind == ZERO && b->kind == ZERO;
    if (both_zero) { return 0; }
    if (a->kind == ZERO) { return b->sign ? 1 : -1; }
    if (b->kind == ZERO) { return a->sign ? -1 : 1; }
    if (a->sign != b->sign) { return a->sign ? -1 : 1; }
    int larger = a->sign ? -1 : 1; /* if a is further from zero */
    if (a->kind != b->kind) { return a->kind > b->kind ? larger : -larger; }
    if (a->kind == INFINITE) { return 0; }
    if (a->exponent != b->exponent) {
        return a->exponent > b->exponent ? larger : -larger;
    }
    if (a->high == b->high) { return 0; }
    return a->high > b->high ? larger : -larger;
}
