/* The interrupt controller; of its contexts the supervisor's alone. */
#include "whole.h"

#define SOURCES 96
#define CONTEXT 1

enum {
    PRIORITY = 0,
    PENDING = 0x1000,
    ENABLE = 0x2000 + 0x80 * CONTEXT,
    THRESHOLD = 0x200000 + 0x1000 * CONTEXT,
    CLAIM = THRESHOLD + 4,
};

/* The line to be served; 0: none. */
static unsigned best(const struct plic *plic)
{
    unsigned line = 0;
    uint32_t most = plic->threshold;
    for (unsigned i = 0; i < SOURCES; i++) {
        uint32_t word = plic->pending[i / 32] & ~plic->claimed[i / 32] &
                        plic->enable[i / 32];
        if ((word >> i % 32 & 1) && plic->priority[i] > most) {
            most = plic->priority[i];
            line = i;
        }
    }
    return line;
}

static void look(struct machine *m)
{
    machine_pending(m, PENDING_EXTERNAL, best(&m->plic) != 0);
}

static void set(uint32_t *words, unsigned line, bool level)
{
    words[line / 32] &= ~(1u << line % 32);
    words[line / 32] |= (uint32_t)level << line % 32;
}

void plic_begin(struct machine *m)
{
    m->plic = (struct plic){ .threshold = 0 };
}

void plic_line(struct machine *m, unsigned line, bool level)
{
    if (!level) { return; } /* as QEMU has it, what is pending stays so */
    set(m->plic.pending, line, true);
    look(m);
}

static uint32_t claim(struct machine *m)
{
    unsigned line = best(&m->plic);
    if (line != 0) {
        set(m->plic.pending, line, false);
        set(m->plic.claimed, line, true);
    }
    look(m);
    return line;
}

bool plic_load(struct machine *m, uint64_t offset, uint64_t *ret)
{
    struct plic *plic = &m->plic;
    *ret = 0;
    if (offset < 4 * SOURCES) {
        *ret = plic->priority[offset / 4];
    } else if (offset - PENDING < 12) {
        *ret = plic->pending[(offset - PENDING) / 4];
    } else if (offset - ENABLE < 12) {
        *ret = plic->enable[(offset - ENABLE) / 4];
    } else if (offset == THRESHOLD) {
        *ret = plic->threshold;
    } else if (offset == CLAIM) {
        *ret = claim(m);
    }
    return true;
}

bool plic_store(struct machine *m, uint64_t offset, uint64_t value)
{
    struct plic *plic = &m->plic;
    if (offset >= 4 && offset < 4 * SOURCES) {
        plic->priority[offset / 4] = value & 7;
    } else if (offset - ENABLE < 12) {
        plic->enable[(offset - ENABLE) / 4] = (uint32_t)value;
        return true; /* QEMU looks at it when something else changes */
    } else if (offset == THRESHOLD) {
        plic->threshold = value & 7;
    } else if (offset == CLAIM && (uint32_t)value < SOURCES) {
        set(plic->claimed, (uint32_t)value, false);
    }
    look(m);
    return true;
}
