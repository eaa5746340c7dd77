#include "clock_break.h"

#include "breaks.h"

#define READ_COUNTER 0x2073 /* csrrs rd, csr, x0, but for rd and csr */

static bool is_call(const struct kerne_received *received)
{
    return received->words.w[KERNE_WORD_BREAK] == KERNE_BREAK_CALL;
}

enum clock_asked clock_break_asks(const struct kerne_received *received)
{
    const uint64_t *w = received->words.w;
    uint64_t counter = w[KERNE_WORD_INSTRUCTION] >> 20;
    uint64_t rest = w[KERNE_WORD_INSTRUCTION] & 0xff07f;
    if (is_call(received) && w[KERNE_WORD_FUNCTION] == KERNE_get_clock) {
        return CLOCK_ASKED_TICKS;
    }
    bool is_read = w[KERNE_WORD_BREAK] == KERNE_BREAK_ILLEGAL &&
                   rest == READ_COUNTER && counter >= CLOCK_ASKED_CYCLES &&
                   counter <= CLOCK_ASKED_INSTRUCTIONS;
    return is_read ? (enum clock_asked)counter : CLOCK_ASKED_NOT;
}

uint64_t clock_break_told(enum clock_asked asked)
{
    uint64_t value = 0;
    switch (asked) {
    case CLOCK_ASKED_NOT: break;
    case CLOCK_ASKED_TICKS: return kerne_get_clock();
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
    if (is_call(received)) {
        break_answer_call(received, reference, value, KERNE_r_normal);
        return;
    }
    uint64_t target = received->words.w[KERNE_WORD_INSTRUCTION] >> 7 & 31;
    break_set_register(reference, target, value);
    kerne_send_answer(received->buffer, KERNE_r_normal, &answer);
}

bool clock_break_pass_up(const struct kerne_received *received,
                         uint64_t reference, uint64_t own_mask)
{
    enum clock_asked asked = clock_break_asks(received);
    bool is_lacking =
        (own_mask & (is_call(received) ? KERNE_MASK_BIT(KERNE_get_clock)
                                       : KERNE_MASK_COUNTERS)) == 0;
    if (asked == CLOCK_ASKED_NOT || !is_lacking) { return false; }
    clock_break_answer(received, reference, clock_break_told(asked));
    return true;
}
