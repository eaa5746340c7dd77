#include "trap.h"

#include "onlooker.h"

/* What the firmware takes, in instructions, to hand on a trap that is not
 * delegated to the supervisor: as OpenSBI 1.1 does it, which first looks
 * whether it can stand in for the instruction. */
enum {
    ILLEGAL = 311,
    ILLEGAL_SHORT = 331,
    ILLEGAL_FENCE = 316,
    ILLEGAL_SYSTEM = 407,
    ILLEGAL_COUNTER = 469,    /* one of the sixteen that QEMU has */
    ILLEGAL_NO_COUNTER = 402, /* one of those behind them */
    MISALIGNED = 392,
    NO_ACCESS = 268,
    NO_ACCESS_FETCH = 237,
};

static uint64_t illegal(uint64_t bits)
{
    if ((bits & 3) != 3) { return ILLEGAL_SHORT; }
    uint64_t counter = (bits >> 20) - 0xc03;
    switch (bits & 0x7c) {
    case 0x0c: return ILLEGAL_FENCE;
    case 0x70: break;
    default: return ILLEGAL;
    }
    if (counter >= 29) { return ILLEGAL_SYSTEM; }
    return counter < 16 ? ILLEGAL_COUNTER : ILLEGAL_NO_COUNTER;
}

static uint64_t firmware(uint64_t cause, uint64_t value)
{
    switch (cause) {
    case CAUSE_ILLEGAL: return illegal(value);
    case CAUSE_FETCH_ACCESS: return NO_ACCESS_FETCH;
    case CAUSE_LOAD_ACCESS:
    case CAUSE_STORE_ACCESS: return NO_ACCESS;
    case CAUSE_LOAD_MISALIGNED:
    case CAUSE_STORE_MISALIGNED: return MISALIGNED;
    }
    return 0;
}

void trap_enter(struct machine *m, uint64_t cause, uint64_t value)
{
    struct hart *hart = &m->hart;
    m->clock += firmware(cause, value);
    hart->exception_pc = hart->pc;
    hart->cause = cause;
    hart->value = value;
    bool was_on = (hart->status & STATUS_SIE) != 0;
    hart->status &= ~(STATUS_SIE | STATUS_SPIE | STATUS_SPP);
    hart->status |= (was_on ? STATUS_SPIE : 0) |
                    (hart->mode == SUPERVISOR ? STATUS_SPP : 0);
    hart->mode = SUPERVISOR;
    hart->pc = hart->vector & ~UINT64_C(3);
    if ((cause & INTERRUPT) && (hart->vector & 1)) {
        hart->pc += 4 * (cause & ~INTERRUPT);
    }
    storage_context(m);
}

uint64_t trap_return(struct machine *m)
{
    struct hart *hart = &m->hart;
    uint64_t status = hart->status;
    onlooker_trap_ends(m);
    hart->mode = status & STATUS_SPP ? SUPERVISOR : USER;
    hart->status &= ~(STATUS_SIE | STATUS_SPP);
    hart->status |= STATUS_SPIE | (status & STATUS_SPIE ? STATUS_SIE : 0);
    if (hart->pending & hart->enabled) { m->limit = 0; }
    hart->reserved_at = UINT64_MAX;
    storage_context(m);
    return hart->exception_pc;
}

void trap_interrupt(struct machine *m)
{
    static const uint8_t in_order[] = { 9, 1, 5 };
    struct hart *hart = &m->hart;
    uint64_t pending = hart->pending & hart->enabled;
    bool is_on = hart->mode == USER || (hart->status & STATUS_SIE) != 0;
    if (!is_on) { return; }
    for (unsigned i = 0; i < sizeof(in_order); i++) {
        if (pending >> in_order[i] & 1) {
            trap_enter(m, INTERRUPT | in_order[i], 0);
            return;
        }
    }
}
