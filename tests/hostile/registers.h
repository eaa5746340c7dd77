/*
 * Every register of a process, filled before and read after one instruction.
 *
 * So a test can put marks into all of them, and see that they are kept where
 * the interface says so, and that nobody else's ever show.
 */
#pragma once

#include <stdint.h>

struct register_file {
    uint64_t x[32]; /* x[0] is unused; x[2], sp, is not loaded, only read */
    uint64_t f[32];
    uint64_t fcsr;
};

/* Loads all of `in`, executes one ecall at registers_call_here, and stores
 * all registers in *ret_out, which may be the same.  The caller's own are
 * as the C language wants them afterwards. */
void registers_call(const struct register_file *in,
                    struct register_file *ret_out);
extern const char registers_call_here[];
extern const char registers_call_end[];

/* The same, with the lowest byte of gp stored at tp before and behind it, so
 * that a device can be made to interrupt there; and this without touching
 * floating point, whose registers are not in *ret_out then. */
void registers_call_between(const struct register_file *in,
                            struct register_file *ret_out);
void registers_call_integers(const struct register_file *in,
                             struct register_file *ret_out);

/* The same with an ebreak of four bytes in place of the ecall. */
void registers_break(const struct register_file *in,
                     struct register_file *ret_out);
extern const char registers_break_here[];

/* The same with a loop, at most eight bytes, that counts t0 down to 0. */
void registers_spin(const struct register_file *in,
                    struct register_file *ret_out);
extern const char registers_spin_here[];

/* Returns a few instructions, always as many, after the machine's count of them
 * is `count`; or at once, with 0, if that is past. */
uint64_t registers_align(uint64_t count);

/* Entry of a process that needs no stack: stores all registers as they are in
 * the file at a0, and breaks. */
void registers_dump(struct register_file *ret_file);

/* Marks: 0x5a, the owner, and a number, in one word. */
#define REGISTERS_MARK(owner, number) \
    (UINT64_C(0x5a) << 48 | (uint64_t)(owner) << 32 | (uint64_t)(number))
#define REGISTERS_IS_MARK(word) ((word) >> 48 == 0x5a)
#define REGISTERS_OWNER(word) ((word) >> 32 & 0xffff)

/* All registers are marks of this owner: x by their number, f by their number
 * and 32; fcsr by some bits of the owner. */
void registers_fill(struct register_file *ret_file, uint64_t owner);

/* Is this an address in the upper half, where the nucleus is? */
static inline int registers_upper(uint64_t word)
{
    return word >> 38 == UINT64_MAX >> 38;
}

/* Numbers of registers. */
enum {
    REGISTER_RA = 1,
    REGISTER_SP = 2,
    REGISTER_GP = 3,
    REGISTER_TP = 4,
    REGISTER_T0 = 5,
    REGISTER_T1 = 6,
    REGISTER_T2 = 7,
    REGISTER_S0 = 8,
    REGISTER_S1 = 9,
    REGISTER_A0 = 10,
    REGISTER_A1 = 11,
    REGISTER_A2 = 12,
    REGISTER_A3 = 13,
    REGISTER_A4 = 14,
    REGISTER_A7 = 17,
    REGISTER_S2 = 18,
    REGISTER_S11 = 27,
    REGISTER_T3 = 28,
    REGISTER_T6 = 31,
};

/* Is x[number] one that a call keeps: s0 to s11, gp, tp (and sp)? */
static inline int registers_kept(unsigned number)
{
    return number == REGISTER_S0 || number == REGISTER_S1 ||
           (number >= REGISTER_SP && number <= REGISTER_TP) ||
           (number >= REGISTER_S2 && number <= REGISTER_S11);
}

/* Is x[number] one that a call returns as zero: t3 to t6 and ra? */
static inline int registers_cleared(unsigned number)
{
    return number == REGISTER_RA ||
           (number >= REGISTER_T3 && number <= REGISTER_T6);
}
