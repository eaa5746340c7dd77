/* From an instruction's 32 bits to what execute() wants of it. */
#include "code.h"

static uint32_t bits_of(uint32_t bits, unsigned first, unsigned count)
{
    return bits >> first & ((1u << count) - 1);
}

static int32_t extended(uint32_t value, unsigned bits)
{
    return (int32_t)(value << (32 - bits)) >> (32 - bits);
}

static int32_t branch_offset(uint32_t b)
{
    return extended(bits_of(b, 31, 1) << 12 | bits_of(b, 7, 1) << 11 |
                        bits_of(b, 25, 6) << 5 | bits_of(b, 8, 4) << 1,
                    13);
}

static int32_t jump_offset(uint32_t b)
{
    return extended(bits_of(b, 31, 1) << 20 | bits_of(b, 12, 8) << 12 |
                        bits_of(b, 20, 1) << 11 | bits_of(b, 21, 10) << 1,
                    21);
}

static unsigned load(uint32_t b)
{
    static const uint8_t by_width[8] = { OP_lb,  OP_lh,  OP_lw,  OP_ld,
                                         OP_lbu, OP_lhu, OP_lwu, OP_illegal };
    return by_width[bits_of(b, 12, 3)];
}

static unsigned store(uint32_t b)
{
    static const uint8_t by_width[4] = { OP_sb, OP_sh, OP_sw, OP_sd };
    uint32_t width = bits_of(b, 12, 3);
    return width < 4 ? by_width[width] : OP_illegal;
}

static unsigned with_constant(uint32_t b, struct instruction *ret)
{
    static const uint8_t by_function[8] = {
        OP_addi, OP_slli, OP_slti, OP_sltiu, OP_xori, OP_srli, OP_ori, OP_andi
    };
    uint32_t function = bits_of(b, 12, 3), upper = bits_of(b, 26, 6);
    if (function == 1 && upper != 0) { return OP_illegal; }
    if (function == 5 && (upper & ~16u) != 0) { return OP_illegal; }
    if (function == 1 || function == 5) { ret->imm &= 63; }
    return function == 5 && upper == 16 ? OP_srai : by_function[function];
}

static unsigned word_with_constant(uint32_t b, struct instruction *ret)
{
    uint32_t function = bits_of(b, 12, 3), upper = bits_of(b, 25, 7);
    if (function == 0) { return OP_addiw; }
    ret->imm &= 31;
    if (function == 1 && upper == 0) { return OP_slliw; }
    if (function == 5 && upper == 0) { return OP_srliw; }
    return function == 5 && upper == 32 ? OP_sraiw : OP_illegal;
}

static unsigned of_registers(uint32_t b)
{
    static const uint8_t plain[8] = { OP_add, OP_sll, OP_slt, OP_sltu,
                                      OP_xor, OP_srl, OP_or,  OP_and };
    static const uint8_t multiply[8] = { OP_mul, OP_mulh, OP_mulhsu, OP_mulhu,
                                         OP_div, OP_divu, OP_rem,    OP_remu };
    uint32_t function = bits_of(b, 12, 3);
    switch (bits_of(b, 25, 7)) {
    case 0: return plain[function];
    case 1: return multiply[function];
    case 32:
        return function == 0 ? OP_sub : function == 5 ? OP_sra : OP_illegal;
    }
    return OP_illegal;
}

static unsigned words_of_registers(uint32_t b)
{
    static const uint8_t multiply[8] = { OP_mulw,    OP_illegal, OP_illegal,
                                         OP_illegal, OP_divw,    OP_divuw,
                                         OP_remw,    OP_remuw };
    switch (bits_of(b, 25, 7) << 3 | bits_of(b, 12, 3)) {
    case 0: return OP_addw;
    case 1: return OP_sllw;
    case 5: return OP_srlw;
    case 32 << 3: return OP_subw;
    case 32 << 3 | 5: return OP_sraw;
    }
    return bits_of(b, 25, 7) == 1 ? multiply[bits_of(b, 12, 3)] : OP_illegal;
}

static unsigned branch(uint32_t b)
{
    static const uint8_t by_function[8] = { OP_beq,     OP_bne, OP_illegal,
                                            OP_illegal, OP_blt, OP_bge,
                                            OP_bltu,    OP_bgeu };
    return by_function[bits_of(b, 12, 3)];
}

static unsigned atomic(uint32_t b)
{
    uint32_t width = bits_of(b, 12, 3);
    bool is_double = width == 3;
    if (width != 2 && width != 3) { return OP_illegal; }
    switch (bits_of(b, 27, 5)) {
#define EACH(number, name) \
    case number: return is_double ? OP_##name##_d : OP_##name##_w;
        EACH(0, amoadd)
        EACH(1, amoswap)
        EACH(3, sc)
        EACH(4, amoxor)
        EACH(8, amoor)
        EACH(12, amoand)
        EACH(16, amomin)
        EACH(20, amomax)
        EACH(24, amominu)
        EACH(28, amomaxu)
#undef EACH
    case 2:
        if (bits_of(b, 20, 5) != 0) { return OP_illegal; }
        return is_double ? OP_lr_d : OP_lr_w;
    }
    return OP_illegal;
}

static unsigned privileged(uint32_t b)
{
    uint32_t function = bits_of(b, 12, 3);
    if (function == 4) { return OP_illegal; }
    if (function != 0) { return OP_control; }
    switch (b) {
    case 0x00000073: return OP_ecall;
    case 0x00100073: return OP_ebreak;
    case 0x10200073: return OP_sret;
    case 0x10500073: return OP_wfi;
    }
    return b >> 25 == 9 && bits_of(b, 7, 5) == 0 ? OP_sfence_vma : OP_illegal;
}

static unsigned fence(uint32_t b)
{
    switch (bits_of(b, 12, 3)) {
    case 0: return OP_fence;
    case 1: return OP_fence_i;
    }
    return OP_illegal;
}

static unsigned float_memory(uint32_t b, bool is_store)
{
    switch (bits_of(b, 12, 3)) {
    case 2: return is_store ? OP_fsw : OP_flw;
    case 3: return is_store ? OP_fsd : OP_fld;
    }
    return OP_illegal;
}

/* The register 0 that is written is none (H1); a float's is one. */
static bool writes_integer(unsigned operation)
{
    return operation != OP_flw && operation != OP_fld;
}

static unsigned kind(uint32_t b, struct instruction *ret)
{
    int32_t upper = (int32_t)(b & 0xfffff000);
    ret->imm = (int32_t)b >> 20;
    switch (b & 127) {
    case 0x03: return load(b);
    case 0x07: return float_memory(b, false);
    case 0x0f: return fence(b);
    case 0x13: return with_constant(b, ret);
    case 0x17: ret->imm = upper; return OP_auipc;
    case 0x1b: return word_with_constant(b, ret);
    case 0x23:
        ret->imm = (int32_t)(b & 0xfe000000) >> 20 | ret->rd;
        return store(b);
    case 0x27:
        ret->imm = (int32_t)(b & 0xfe000000) >> 20 | ret->rd;
        return float_memory(b, true);
    case 0x2f: return atomic(b);
    case 0x33: return of_registers(b);
    case 0x37: ret->imm = upper; return OP_lui;
    case 0x3b: return words_of_registers(b);
    case 0x43:
    case 0x47:
    case 0x4b:
    case 0x4f:
    case 0x53: return OP_arithmetic;
    case 0x63: ret->imm = branch_offset(b); return branch(b);
    case 0x67: return bits_of(b, 12, 3) == 0 ? OP_jalr : OP_illegal;
    case 0x6f: ret->imm = jump_offset(b); return OP_jal;
    case 0x73: return privileged(b);
    }
    return OP_illegal;
}

void decode(uint32_t bits, struct instruction *ret)
{
    if ((bits & 3) != 3) { bits = expand(bits); }
    *ret = (struct instruction){
        .rd = (uint8_t)bits_of(bits, 7, 5),
        .rs1 = (uint8_t)bits_of(bits, 15, 5),
        .rs2 = (uint8_t)bits_of(bits, 20, 5),
        .more = bits,
    };
    ret->operation = (uint16_t)kind(bits, ret);
    if (ret->rd == 0 && writes_integer(ret->operation)) { ret->rd = 32; }
}

bool ends_block(unsigned operation)
{
    return (operation >= OP_beq && operation <= OP_jalr) ||
           operation >= OP_fence_i;
}
