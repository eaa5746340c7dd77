#include "clock_break.h"

#include "breaks.h"

enum {
    READ_CYCLES = 0xc0002073, /* csrrs rd, cycle, x0, but for rd */
    READ_TIME = 0xc0102073,
    READ_INSTRUCTIONS = 0xc0202073,
};

static uint64_t target_of(const struct kerne_received *received)
{
    return received->words.w[KERNE_WORD_INSTRUCTION] >> 7 & 31;
}

enum clock_asked clock_break_asks(const struct kerne_received *received)
{
    const uint64_t *w = received->words.w;
    if (w[KERNE_WORD_BREAK] == KERNE_BREAK_CALL) {
        return w[KERNE_WORD_FUNCTION] == KERNE_get_clock ? CLOCK_ASKED_TICKS
                                                         : CLOCK_ASKED_NOT;
    }
    if (w[KERNE_WORD_BREAK] != KERNE_BREAK_ILLEGAL) { return CLOCK_ASKED_NOT; }
    switch (w[KERNE_WORD_INSTRUCTION] & ~(UINT64_C(31) << 7)) {
    case READ_CYCLES: return CLOCK_ASKED_CYCLES;
    case READ_TIME: return CLOCK_ASKED_TICKS;
    case READ_INSTRUCTIONS: return CLOCK_ASKED_INSTRUCTIONS;
    default: return CLOCK_ASKED_NOT;
    }
}

uint64_t clock_break_told(enum clock_asked asked)
{
    uint64_t value = 0;
    switch (asked) {
    case CLOCK_ASKED_NOT: break;
    case CLOCK_ASKED_TICKS: value = kerne_get_clock(); break;
    case CLOCK_ASKED_CYCLES:
        __asm__ volatile("rdcycle %0" : "=r"(value));
        break;
    case CLOCK_ASKED_INSTRUCTIONS:
        __asm__ volatile("rdinstret %0" : "=r"(value));
        break;
    }
    return value;
}

void clock_break_answer(const struct kerne_received *received,
                        uint64_t reference, uint64_t value)
{
    struct kerne_words answer = { { KERNE_GO_ON } };
    if (received->words.w[KERNE_WORD_BREAK] == KERNE_BREAK_CALL) {
        break_answer_call(received, reference, value, KERNE_r_normal);
        return;
    }
    break_set_register(reference, target_of(received), value);
    kerne_send_answer(received->buffer, KERNE_r_normal, &answer);
}

bool clock_break_pass_up(const struct kerne_received *received,
                         uint64_t reference)
{
    struct kerne_process_record own;
    enum clock_asked asked = clock_break_asks(received);
    uint64_t bit = received->words.w[KERNE_WORD_BREAK] == KERNE_BREAK_CALL
                       ? KERNE_MASK_BIT(KERNE_get_clock)
                       : KERNE_MASK_COUNTERS;
    if (asked == CLOCK_ASKED_NOT ||
        kerne_describe_process(0, &own) != KERNE_r_normal ||
        (own.mask & bit) != 0) {
        return false;
    }
    clock_break_answer(received, reference, clock_break_told(asked));
    return true;
}
