#include "trap.h"

#include "firmware.h"
#include "onlooker.h"

void trap_enter(struct machine *m, uint64_t cause, uint64_t value)
{
    struct hart *hart = &m->hart;
    m->clock += firmware_trap(cause, value);
    hart->exception_pc = hart->pc;
    hart->cause = cause;
    hart->value = value;
    bool was_on = (hart->status & STATUS_SIE) != 0;
    hart->status &= ~(STATUS_SIE | STATUS_SPIE | STATUS_SPP);
    hart->status |= (was_on ? STATUS_SPIE : 0) |
                    (hart->mode == SUPERVISOR ? STATUS_SPP : 0);
    hart->mode = SUPERVISOR;
    onlooker_trap_begins(m);
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
