#include "random.h"

static uint64_t state;

void dice_begin(uint64_t seed)
{
    state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (int i = 0; i < 4; i++) { (void)dice(); }
}

uint64_t dice(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * UINT64_C(0x2545f4914f6cdd1d);
}

uint32_t below(uint32_t limit) { return (uint32_t)((dice() >> 32) % limit); }

static uint32_t any_register(void) { return below(32); }
/* Not one of those that hold addresses. */
static uint32_t result_register(void) { return 16 + below(16); }
static uint32_t address_register(void) { return 8 + below(7); }

static uint32_t encode(uint32_t upper, uint32_t rs2, uint32_t rs1,
                       uint32_t function, uint32_t rd, uint32_t opcode)
{
    return upper << 25 | rs2 << 20 | rs1 << 15 | function << 12 | rd << 7 |
           opcode;
}

static uint32_t integer(void)
{
    static const uint8_t opcodes[] = { 0x13, 0x33, 0x33, 0x1b, 0x3b,
                                       0x33, 0x3b, 0x37, 0x17 };
    static const uint8_t uppers[] = { 0, 0, 1, 1, 0x20 };
    uint32_t opcode = opcodes[below(sizeof(opcodes))];
    uint32_t bits = (uint32_t)dice() & ~127u & ~(31u << 7);
    bits |= result_register() << 7 | opcode;
    if (opcode == 0x33 || opcode == 0x3b) {
        bits = (bits & 0x01ffffff) | (uint32_t)uppers[below(5)] << 25;
    }
    return bits;
}

static uint32_t memory(void)
{
    uint32_t function = below(8), offset = (uint32_t)dice() & 63;
    uint32_t base = address_register();
    if (below(2)) { offset |= 0xfc0; }
    switch (below(6)) {
    case 0: return integer();
    case 1: /* floats */
        return offset << 20 |
               encode(0, 0, base, 2 + below(2), any_register(), 0x07);
    case 2:
        return encode(offset >> 5, any_register(), base, 2 + below(2),
                      offset & 31, 0x27);
    case 3:
        return encode(offset >> 5, any_register(), base, below(4), offset & 31,
                      0x23);
    }
    return offset << 20 | encode(0, 0, base, function, result_register(), 0x03);
}

static uint32_t atomic(void)
{
    static const uint8_t functions[] = { 0, 1,  2,  3,  2,  3, 4,
                                         8, 12, 16, 20, 24, 28 };
    uint32_t function = functions[below(sizeof(functions))];
    uint32_t rs2 = function == 2 ? 0 : any_register();
    if (below(4) == 0) { return memory(); }
    return encode(function << 2 | below(4), rs2, address_register(),
                  2 + below(2), result_register(), 0x2f);
}

/* Not a branch, and seldom a jump. */
static uint32_t compressed(void)
{
    for (;;) {
        uint32_t half = (uint32_t)dice() & 0xffff;
        uint32_t kind = (half & 3) << 3 | half >> 13;
        uint32_t rd = half >> 7 & 31;
        bool writes_address = rd >= 8 && rd < 16;
        if ((half & 3) == 3 || (kind >= 13 && kind <= 15)) { continue; }
        if (kind == 20 && (half >> 2 & 31) == 0 && below(16) != 0) { continue; }
        if (kind > 7 && kind < 20 && writes_address && below(8) != 0) {
            continue;
        }
        return half;
    }
}

/* Over an instruction of so many bytes. */
static uint32_t branch(uint32_t bytes)
{
    uint32_t half = (6 + below(2)) << 13 | below(8) << 7 | 1;
    if (below(2)) { return half | (2 + bytes) / 2 << 3; }
    return encode(0, any_register(), any_register(), below(8), 4 + bytes, 0x63);
}

static uint32_t floats(void)
{
    static const uint8_t functions[] = { 0,  1,  2,  3,  4,  5, 8,
                                         11, 20, 24, 26, 28, 30 };
    static const uint8_t fused[] = { 0x43, 0x47, 0x4b, 0x4f };
    uint32_t function = functions[below(sizeof(functions))];
    uint32_t format = below(2), rs2 = any_register(), rounding = below(8);
    if (rounding == 5 || rounding == 6) { rounding = 7; }
    if (below(50) == 0) { rounding = below(8); }
    switch (below(12)) {
    case 0: /* a control register of theirs */
        return (1 + below(3)) << 20 |
               encode(0, 0, any_register(), below(8), any_register(), 0x73);
    case 1:
    case 2:
        return encode(below(32) << 2 | format, rs2, any_register(), rounding,
                      any_register(), fused[below(4)]);
    case 3: return integer();
    }
    switch (function) {
    case 4:
    case 20: rounding = below(3); break;
    case 5: rounding = below(2); break;
    case 8: rs2 = !format; break;
    case 11: rs2 = 0; break;
    case 24:
    case 26: rs2 = below(4); break;
    case 28:
        rs2 = 0;
        rounding = below(2);
        break;
    case 30: rs2 = rounding = 0; break;
    }
    return encode(function << 2 | format, rs2, any_register(), rounding,
                  any_register(), 0x53);
}

/* Whether it is one after which the program may not end by itself. */
static bool goes_back(uint32_t bits)
{
    uint32_t opcode = bits & 127;
    return opcode == 0x63 || opcode == 0x67 || opcode == 0x6f;
}

static uint32_t length(uint32_t bits) { return (bits & 3) == 3 ? 4 : 2; }

/* Of the counters, which differ, and what the firmware stands in for. */
static bool is_apart(uint32_t bits)
{
    uint32_t number = bits >> 20;
    return (bits & 127) == 0x73 &&
           ((number >= 0xc00 && number <= 0xc02) || number == 0x605);
}

/* Most are illegal. */
static uint32_t any(void)
{
    static const uint8_t opcodes[] = { 0x03, 0x07, 0x0f, 0x13, 0x17, 0x1b,
                                       0x23, 0x27, 0x2f, 0x33, 0x37, 0x3b,
                                       0x43, 0x47, 0x4b, 0x4f, 0x53, 0x63,
                                       0x73, 0x6b, 0x77, 0x7f };
    uint32_t bits = (uint32_t)dice();
    if (below(8) != 0) {
        bits = (bits & ~127u) | opcodes[below(sizeof(opcodes))];
    }
    return bits;
}

static uint32_t one(enum class class)
{
    switch (class) {
    case INTEGER: return integer();
    case MEMORY: return memory();
    case ATOMIC: return atomic();
    case COMPRESSED: return compressed();
    case FLOATS: return floats();
    case ANY:
        for (;;) {
            uint32_t bits = any();
            if (length(bits) == 4 && !goes_back(bits) && !is_apart(bits)) {
                return bits;
            }
        }
    case CONTROL:
    case TABLES:
    case LINES:
    case ALARMS: break; /* these are no programs */
    }
    return 0;
}

static void put(uint8_t *code, uint32_t *used, uint32_t bits)
{
    for (uint32_t i = 0; i < length(bits); i++) {
        code[(*used)++] = (uint8_t)(bits >> 8 * i);
    }
}

uint32_t generate(enum class class, uint8_t *ret_code)
{
    uint32_t used = 0;
    for (int i = 0; i < 64; i++) {
        uint32_t bits =
            below(5) == 0 && class != ANY ? compressed() : one(class);
        if (below(12) == 0) { put(ret_code, &used, branch(length(bits))); }
        put(ret_code, &used, bits);
    }
    return used;
}

uint64_t dice_word(void)
{
    uint64_t bits = dice();
    switch (below(8)) {
    case 0: return bits >> below(64);
    case 1: return (uint64_t)((int64_t)bits >> below(64));
    case 2: return UINT64_C(1) << below(64);
    case 3: return (UINT64_C(1) << below(64)) - 1;
    case 4: return -(UINT64_C(1) << below(64));
    }
    return bits;
}

static uint64_t float_bits(void)
{
    uint64_t exponents[] = { 0, 0, 1, 1022, 1023, 1024, 1075, 2046, 2047 };
    uint64_t fraction = dice_word() & ((UINT64_C(1) << 52) - 1);
    uint64_t singles[] = { 0, 0, 1, 126, 127, 128, 150, 254, 255 };
    uint64_t sign = dice() & 1;
    if (below(3) == 0) { fraction = 0; }
    if (below(2)) {
        uint64_t exponent = below(4) ? singles[below(9)] : below(256);
        return UINT64_C(0xffffffff) << 32 | sign << 31 | exponent << 23 |
               (fraction & 0x7fffff);
    }
    uint64_t exponent = below(4) ? exponents[below(9)] : 900 + below(250);
    return below(16) == 0 ? dice_word()
                          : sign << 63 | exponent << 52 | fraction;
}

void generate_registers(struct frame *frame)
{
    static const uint32_t places[] = { 0x100, 0xff8,  0x1ffc, 0x2ff8,
                                       0x43,  0x4010, 0x5ff8 };
    for (int i = 0; i < 32; i++) {
        frame->x[i] = dice_word();
        frame->f[i] = float_bits();
    }
    for (uint32_t i = 0; i < 7; i++) { frame->x[8 + i] = DATA_AT + places[i]; }
    frame->fcsr = below(5) << 5 | below(32);
}
