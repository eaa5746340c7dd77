/* The instructions of 16 bits: each stands for one of 32. */
#include "code.h"

#define LOAD_OPCODE 0x03u
#define LOAD_FLOAT 0x07u
#define CONSTANT 0x13u
#define CONSTANT_WORD 0x1bu
#define STORE_OPCODE 0x23u
#define STORE_FLOAT 0x27u
#define REGISTERS 0x33u
#define UPPER 0x37u
#define REGISTERS_WORD 0x3bu
#define BRANCH 0x63u
#define JUMP_REGISTER 0x67u
#define JUMP 0x6fu

static uint32_t field(uint32_t half, unsigned first, unsigned count,
                      unsigned to)
{
    return (half >> first & ((1u << count) - 1)) << to;
}

/* Sets the sign that stands at a bit. */
static uint32_t extended(uint32_t value, unsigned bits)
{
    return (uint32_t)((int32_t)(value << (32 - bits)) >> (32 - bits));
}

static uint32_t with_constant(uint32_t constant, uint32_t rs1,
                              uint32_t function, uint32_t rd, uint32_t opcode)
{
    return constant << 20 | rs1 << 15 | function << 12 | rd << 7 | opcode;
}

static uint32_t store(uint32_t constant, uint32_t rs2, uint32_t rs1,
                      uint32_t function, uint32_t opcode)
{
    return (constant >> 5) << 25 | rs2 << 20 | rs1 << 15 | function << 12 |
           (constant & 31) << 7 | opcode;
}

static uint32_t of_registers(uint32_t upper, uint32_t rs2, uint32_t rs1,
                             uint32_t function, uint32_t rd, uint32_t opcode)
{
    return upper << 25 | with_constant(rs2, rs1, function, rd, opcode);
}

static uint32_t jump(uint32_t half)
{
    uint32_t to = extended(field(half, 12, 1, 11) | field(half, 11, 1, 4) |
                               field(half, 9, 2, 8) | field(half, 8, 1, 10) |
                               field(half, 7, 1, 6) | field(half, 6, 1, 7) |
                               field(half, 3, 3, 1) | field(half, 2, 1, 5),
                           12);
    return field(to, 20, 1, 31) | field(to, 1, 10, 21) | field(to, 11, 1, 20) |
           field(to, 12, 8, 12) | JUMP;
}

static uint32_t branch(uint32_t half, uint32_t rs1, uint32_t function)
{
    uint32_t to = extended(field(half, 12, 1, 8) | field(half, 10, 2, 3) |
                               field(half, 5, 2, 6) | field(half, 3, 2, 1) |
                               field(half, 2, 1, 5),
                           9);
    return field(to, 12, 1, 31) | field(to, 5, 6, 25) | rs1 << 15 |
           function << 12 | field(to, 1, 4, 8) | field(to, 11, 1, 7) | BRANCH;
}

/* Loads and stores relative to a register, of a word or of two. */
static uint32_t relative(uint32_t half, uint32_t function)
{
    uint32_t register_2 = 8 + (half >> 2 & 7), base = 8 + (half >> 7 & 7);
    uint32_t two = field(half, 10, 3, 3) | field(half, 5, 2, 6);
    uint32_t one =
        field(half, 10, 3, 3) | field(half, 6, 1, 2) | field(half, 5, 1, 6);
    switch (function) {
    case 1: return with_constant(two, base, 3, register_2, LOAD_FLOAT);
    case 2: return with_constant(one, base, 2, register_2, LOAD_OPCODE);
    case 3: return with_constant(two, base, 3, register_2, LOAD_OPCODE);
    case 5: return store(two, register_2, base, 3, STORE_FLOAT);
    case 6: return store(one, register_2, base, 2, STORE_OPCODE);
    case 7: return store(two, register_2, base, 3, STORE_OPCODE);
    }
    return 0;
}

static uint32_t quadrant_0(uint32_t half, uint32_t function)
{
    uint32_t up = field(half, 11, 2, 4) | field(half, 7, 4, 6) |
                  field(half, 6, 1, 2) | field(half, 5, 1, 3);
    if (function != 0) { return relative(half, function); }
    return up == 0 ? 0 : with_constant(up, 2, 0, 8 + (half >> 2 & 7), CONSTANT);
}

static uint32_t arithmetic(uint32_t half, uint32_t constant)
{
    static const uint8_t functions[4] = { 0, 4, 6, 7 };
    uint32_t rd = 8 + (half >> 7 & 7), rs2 = 8 + (half >> 2 & 7);
    uint32_t which = half >> 5 & 3, shift = constant & 63;
    bool is_word = (half >> 12 & 1) != 0;
    switch (half >> 10 & 3) {
    case 0: return with_constant(shift, rd, 5, rd, CONSTANT);
    case 1: return with_constant(shift | 0x400, rd, 5, rd, CONSTANT);
    case 2: return with_constant(constant, rd, 7, rd, CONSTANT);
    }
    if (is_word && which > 1) { return 0; }
    return of_registers(which == 0 ? 32 : 0, rs2, rd,
                        is_word ? 0 : functions[which], rd,
                        is_word ? REGISTERS_WORD : REGISTERS);
}

static uint32_t upper(uint32_t half, uint32_t rd, uint32_t constant)
{
    uint32_t up = extended(field(half, 12, 1, 9) | field(half, 6, 1, 4) |
                               field(half, 5, 1, 6) | field(half, 3, 2, 7) |
                               field(half, 2, 1, 5),
                           10);
    if (rd == 2) { return up == 0 ? 0 : with_constant(up, 2, 0, 2, CONSTANT); }
    return constant == 0 ? 0 : constant << 12 | rd << 7 | UPPER;
}

static uint32_t quadrant_1(uint32_t half, uint32_t function)
{
    uint32_t rd = half >> 7 & 31, base = 8 + (half >> 7 & 7);
    uint32_t constant =
        extended(field(half, 12, 1, 5) | field(half, 2, 5, 0), 6);
    switch (function) {
    case 0: return with_constant(constant, rd, 0, rd, CONSTANT);
    case 1:
        return rd == 0 ? 0 : with_constant(constant, rd, 0, rd, CONSTANT_WORD);
    case 2: return with_constant(constant, 0, 0, rd, CONSTANT);
    case 3: return upper(half, rd, constant);
    case 4: return arithmetic(half, constant);
    case 5: return jump(half);
    }
    return branch(half, base, function - 6);
}

/* Jumps to registers, moves and additions. */
static uint32_t jumps(uint32_t half, uint32_t rd, uint32_t rs2)
{
    bool is_second = (half >> 12 & 1) != 0;
    if (rs2 != 0) {
        return of_registers(0, rs2, is_second ? rd : 0, 0, rd, REGISTERS);
    }
    if (rd == 0) { return is_second ? 0x00100073 : 0; }
    return with_constant(0, rd, 0, is_second, JUMP_REGISTER);
}

static uint32_t quadrant_2(uint32_t half, uint32_t function)
{
    uint32_t rd = half >> 7 & 31, rs2 = half >> 2 & 31;
    uint32_t one =
        field(half, 12, 1, 5) | field(half, 4, 3, 2) | field(half, 2, 2, 6);
    uint32_t two =
        field(half, 12, 1, 5) | field(half, 5, 2, 3) | field(half, 2, 3, 6);
    uint32_t store_one = field(half, 9, 4, 2) | field(half, 7, 2, 6);
    uint32_t store_two = field(half, 10, 3, 3) | field(half, 7, 3, 6);
    uint32_t shift = field(half, 12, 1, 5) | rs2;
    switch (function) {
    case 0: return with_constant(shift, rd, 1, rd, CONSTANT);
    case 1: return with_constant(two, 2, 3, rd, LOAD_FLOAT);
    case 2: return rd == 0 ? 0 : with_constant(one, 2, 2, rd, LOAD_OPCODE);
    case 3: return rd == 0 ? 0 : with_constant(two, 2, 3, rd, LOAD_OPCODE);
    case 4: return jumps(half, rd, rs2);
    case 5: return store(store_two, rs2, 2, 3, STORE_FLOAT);
    case 6: return store(store_one, rs2, 2, 2, STORE_OPCODE);
    }
    return store(store_two, rs2, 2, 3, STORE_OPCODE);
}

uint32_t expand(uint32_t half)
{
    uint32_t function = half >> 13 & 7;
    switch (half & 3) {
    case 0: return quadrant_0(half, function);
    case 1: return quadrant_1(half, function);
    case 2: return quadrant_2(half, function);
    }
    return 0;
}
