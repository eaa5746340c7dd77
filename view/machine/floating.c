#include "floating.h"

#include "number.h"

#define BOX UINT64_C(0xffffffff00000000)
#define NAN_SINGLE UINT64_C(0x7fc00000)

/* An instruction taken apart. */
struct parts {
    unsigned opcode, rd, rs1, rs2, rs3, function, rounding;
    bool is_double;
    const struct format *format;
};

static struct parts parts_of(uint32_t bits)
{
    bool is_double = bits >> 25 & 1;
    return (struct parts){
        .opcode = bits & 127,
        .rd = bits >> 7 & 31,
        .rs1 = bits >> 15 & 31,
        .rs2 = bits >> 20 & 31,
        .rs3 = bits >> 27,
        .function = bits >> 27,
        .rounding = bits >> 12 & 7,
        .is_double = is_double,
        .format = is_double ? &format_double : &format_single,
    };
}

/* A register's bits; a single one that is not boxed is not a number (H2). */
static uint64_t bits_of(const struct hart *hart, const struct parts *p,
                        unsigned number)
{
    uint64_t bits = hart->f[number];
    if (p->is_double) { return bits; }
    return bits >= BOX ? (uint32_t)bits : NAN_SINGLE;
}

static struct number value(const struct hart *hart, const struct parts *p,
                           unsigned number)
{
    return number_of(p->format, bits_of(hart, p, number));
}

static void set_bits(struct hart *hart, const struct parts *p, uint64_t bits)
{
    hart->f[p->rd] = p->is_double ? bits : BOX | bits;
    hart->status |= STATUS_FS;
}

static void set_integer(struct hart *hart, const struct parts *p,
                        uint64_t number)
{
    hart->x[p->rd == 0 ? 32 : p->rd] = number;
}

static void set(struct hart *hart, const struct parts *p, struct number n,
                struct rounder *r)
{
    set_bits(hart, p, number_pack(p->format, n, r));
    hart->flags |= r->flags;
}

/* ---- calculation --------------------------------------------------------- */

enum function {
    ADD = 0,
    SUBTRACT = 1,
    MULTIPLY = 2,
    DIVIDE = 3,
    SIGN = 4,
    EXTREME = 5,
    CONVERT = 8,
    ROOT = 11,
    COMPARE = 20,
    TO_INTEGER = 24,
    OF_INTEGER = 26,
    MOVE_OUT = 28,
    MOVE_IN = 30,
};

static void calculate(struct hart *hart, const struct parts *p,
                      struct rounder *r)
{
    struct number a = value(hart, p, p->rs1), b = value(hart, p, p->rs2);
    struct number n = a;
    switch (p->function) {
    case SUBTRACT:
        b.sign = !b.sign;
        n = number_add(a, b, r);
        break;
    case ADD: n = number_add(a, b, r); break;
    case MULTIPLY: n = number_multiply(a, b, r); break;
    case DIVIDE: n = number_divide(a, b, r); break;
    case ROOT: n = number_root(a, r); break;
    }
    set(hart, p, n, r);
}

static void multiply_add(struct hart *hart, const struct parts *p,
                         struct rounder *r)
{
    enum { MINUS_C = 4, MINUS_PRODUCT = 8 };
    struct number a = value(hart, p, p->rs1), c = value(hart, p, p->rs3);
    unsigned how = p->opcode & 12;
    if (how & MINUS_PRODUCT) { a.sign = !a.sign; }
    /* fnmsub is -(a * b) + c, fnmadd -(a * b) - c. */
    if (how == MINUS_C || how == (MINUS_C | MINUS_PRODUCT)) {
        c.sign = !c.sign;
    }
    set(hart, p, number_multiply_add(a, value(hart, p, p->rs2), c, r), r);
}

/* ---- conversion ---------------------------------------------------------- */

static void convert(struct hart *hart, const struct parts *p, struct rounder *r)
{
    struct parts from = *p;
    from.is_double = !p->is_double;
    from.format = p->is_double ? &format_single : &format_double;
    set(hart, p, value(hart, &from, p->rs1), r);
}

static void to_integer(struct hart *hart, const struct parts *p,
                       struct rounder *r)
{
    unsigned bits = p->rs2 & 2 ? 64 : 32;
    set_integer(
        hart, p,
        number_to_integer(value(hart, p, p->rs1), bits, (p->rs2 & 1) == 0, r));
    hart->flags |= r->flags;
}

static void of_integer(struct hart *hart, const struct parts *p,
                       struct rounder *r)
{
    uint64_t x = hart->x[p->rs1];
    bool is_signed = (p->rs2 & 1) == 0;
    if ((p->rs2 & 2) == 0) {
        x = is_signed ? (uint64_t)(int64_t)(int32_t)x : (uint32_t)x;
    }
    bool sign = is_signed && (int64_t)x < 0;
    set(hart, p, number_of_integer(sign ? -x : x, sign), r);
}

/* ---- without rounding ---------------------------------------------------- */

static void sign(struct hart *hart, const struct parts *p)
{
    uint64_t mask = UINT64_C(1) << (p->is_double ? 63 : 31);
    uint64_t a = bits_of(hart, p, p->rs1), b = bits_of(hart, p, p->rs2);
    uint64_t chosen = p->rounding == 0 ? b : p->rounding == 1 ? ~b : a ^ b;
    set_bits(hart, p, (a & ~mask) | (chosen & mask));
}

/* The smaller or the larger; of one that is not a number, the other. */
static void extreme(struct hart *hart, const struct parts *p)
{
    struct number a = value(hart, p, p->rs1), b = value(hart, p, p->rs2);
    struct rounder r = { .flags = 0 };
    bool wants_larger = p->rounding == 1, takes_a;
    if (a.kind == SIGNALING || b.kind == SIGNALING) { r.flags |= INVALID; }
    if (number_is_nan(&a) || number_is_nan(&b)) {
        takes_a = number_is_nan(&b);
    } else {
        int order = number_compare(&a, &b);
        if (order == 0) { order = (int)b.sign - (int)a.sign; }
        takes_a = wants_larger ? order > 0 : order < 0;
    }
    struct number n = takes_a ? a : b;
    if (number_is_nan(&n)) { n.kind = QUIET; }
    set(hart, p, n, &r);
}

static void compare(struct hart *hart, const struct parts *p)
{
    enum { AT_MOST = 0, LESS = 1, EQUAL = 2 };
    struct number a = value(hart, p, p->rs1), b = value(hart, p, p->rs2);
    bool is_true = false;
    if (number_is_nan(&a) || number_is_nan(&b)) {
        bool signals = a.kind == SIGNALING || b.kind == SIGNALING;
        if (signals || p->rounding != EQUAL) { hart->flags |= INVALID; }
    } else {
        int order = number_compare(&a, &b);
        is_true = p->rounding == EQUAL  ? order == 0
                  : p->rounding == LESS ? order < 0
                                        : order <= 0;
    }
    set_integer(hart, p, is_true);
}

static uint64_t classify(const struct hart *hart, const struct parts *p)
{
    struct number n = value(hart, p, p->rs1);
    int smallest = p->is_double ? -1022 : -126;
    switch (n.kind) {
    case ZERO: return n.sign ? 1 << 3 : 1 << 4;
    case INFINITE: return n.sign ? 1 << 0 : 1 << 7;
    case SIGNALING: return 1 << 8;
    case QUIET: return 1 << 9;
    case FINITE: break;
    }
    if (n.exponent < smallest) { return n.sign ? 1 << 2 : 1 << 5; }
    return n.sign ? 1 << 1 : 1 << 6;
}

static void move_out(struct hart *hart, const struct parts *p)
{
    uint64_t bits = hart->f[p->rs1];
    if (!p->is_double) { bits = (uint64_t)(int64_t)(int32_t)bits; }
    set_integer(hart, p, p->rounding == 0 ? bits : classify(hart, p));
}

static void move_in(struct hart *hart, const struct parts *p)
{
    uint64_t x = hart->x[p->rs1];
    set_bits(hart, p, p->is_double ? x : (uint32_t)x);
}

/* ---- which it is --------------------------------------------------------- */

static bool rounds(const struct parts *p)
{
    switch (p->function) {
    case SIGN:
    case EXTREME:
    case COMPARE:
    case MOVE_OUT:
    case MOVE_IN: return p->opcode != 0x53;
    }
    return true;
}

static bool exists(const struct parts *p, uint32_t bits)
{
    if (bits >> 26 & 1) { return false; } /* neither of the two formats */
    if (p->opcode != 0x53) { return true; }
    switch (p->function) {
    case ADD:
    case SUBTRACT:
    case MULTIPLY:
    case DIVIDE: return true;
    case SIGN:
    case COMPARE: return p->rounding < 3;
    case EXTREME: return p->rounding < 2;
    case CONVERT: return p->rs2 == !p->is_double;
    case ROOT: return p->rs2 == 0;
    case TO_INTEGER:
    case OF_INTEGER: return p->rs2 < 4;
    case MOVE_OUT: return p->rs2 == 0 && p->rounding < 2;
    case MOVE_IN: return p->rs2 == 0 && p->rounding == 0;
    }
    return false;
}

enum float_result float_execute(struct machine *m, uint32_t bits)
{
    struct hart *hart = &m->hart;
    struct parts p = parts_of(bits);
    struct rounder r = { .mode =
                             p.rounding == 7 ? hart->rounding : p.rounding };
    if (!exists(&p, bits)) { return FLOAT_ILLEGAL; }
    if (rounds(&p) && r.mode > NEAREST_AWAY) { return FLOAT_REFUSED; }
    if (p.opcode != 0x53) {
        multiply_add(hart, &p, &r);
        return FLOAT_DONE;
    }
    switch (p.function) {
    case ADD:
    case SUBTRACT:
    case MULTIPLY:
    case DIVIDE:
    case ROOT: calculate(hart, &p, &r); break;
    case SIGN: sign(hart, &p); break;
    case EXTREME: extreme(hart, &p); break;
    case CONVERT: convert(hart, &p, &r); break;
    case COMPARE: compare(hart, &p); break;
    case TO_INTEGER: to_integer(hart, &p, &r); break;
    case OF_INTEGER: of_integer(hart, &p, &r); break;
    case MOVE_OUT: move_out(hart, &p); break;
    case MOVE_IN: move_in(hart, &p); break;
    }
    return FLOAT_DONE;
}
