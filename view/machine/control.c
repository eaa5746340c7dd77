#include "control.h"

#define TICK 100 /* nanoseconds */

enum number {
    FFLAGS = 0x001,
    FRM = 0x002,
    FCSR = 0x003,
    SSTATUS = 0x100,
    SIE = 0x104,
    STVEC = 0x105,
    SCOUNTEREN = 0x106,
    SENVCFG = 0x10a,
    SSCRATCH = 0x140,
    SEPC = 0x141,
    SCAUSE = 0x142,
    STVAL = 0x143,
    SIP = 0x144,
    STIMECMP = 0x14d,
    SATP = 0x180,
    CYCLE = 0xc00,
    TIME = 0xc01,
    INSTRET = 0xc02,
};

#define STATUS_WRITABLE                                               \
    (STATUS_SIE | STATUS_SPIE | STATUS_SPP | STATUS_FS | STATUS_SUM | \
     STATUS_MXR)
#define STATUS_64_BITS (UINT64_C(2) << 32)
#define STATUS_DIRTY (UINT64_C(1) << 63)
#define INTERRUPTS (PENDING_SOFTWARE | PENDING_TIMER | PENDING_EXTERNAL)
#define ENVIRONMENT_WRITABLE UINT64_C(0xf1)

static uint64_t status_of(const struct hart *hart)
{
    bool is_dirty = (hart->status & STATUS_FS) == STATUS_FS;
    return hart->status | STATUS_64_BITS | (is_dirty ? STATUS_DIRTY : 0);
}

static bool is_counter(unsigned number)
{
    return number >= CYCLE && number <= INSTRET;
}

static bool is_float(unsigned number)
{
    return number >= FFLAGS && number <= FCSR;
}

static bool may(const struct hart *hart, unsigned number)
{
    if ((number >> 8 & 3) > hart->mode) { return false; }
    if (is_float(number)) { return (hart->status & STATUS_FS) != 0; }
    return !is_counter(number) || hart->mode != USER ||
           (hart->counters >> (number & 31) & 1);
}

bool control_read(struct machine *m, unsigned number, uint64_t *ret)
{
    const struct hart *hart = &m->hart;
    switch (number) {
    case FFLAGS: *ret = hart->flags; return true;
    case FRM: *ret = hart->rounding; return true;
    case FCSR: *ret = hart->flags | hart->rounding << 5; return true;
    case SSTATUS: *ret = status_of(hart); return true;
    case SIE: *ret = hart->enabled; return true;
    case STVEC: *ret = hart->vector; return true;
    case SCOUNTEREN: *ret = hart->counters; return true;
    case SENVCFG: *ret = hart->environment; return true;
    case SSCRATCH: *ret = hart->scratch; return true;
    case SEPC: *ret = hart->exception_pc; return true;
    case SCAUSE: *ret = hart->cause; return true;
    case STVAL: *ret = hart->value; return true;
    case SIP: *ret = hart->pending; return true;
    case STIMECMP: *ret = hart->compare; return true;
    case SATP: *ret = hart->satp; return true;
    case CYCLE:
    case INSTRET: *ret = m->clock; return true;
    case TIME: *ret = m->clock / TICK; return true;
    }
    return false;
}

void control_compare(struct machine *m, uint64_t ticks)
{
    uint64_t now = m->clock / TICK;
    m->hart.compare = ticks;
    machine_pending(m, PENDING_TIMER, ticks <= now);
    if (ticks > now) {
        uint64_t left = ticks - now;
        bool is_never = left >= (uint64_t)INT64_MAX / TICK;
        machine_alarm(m, ALARM_COMPARE,
                      is_never ? MACHINE_NEVER : m->clock + left * TICK);
    }
}

static void write_satp(struct machine *m, uint64_t value)
{
    uint64_t mode = value >> 60;
    if (mode == 0 || mode == 8) { m->hart.satp = value; }
    storage_context(m);
}

static void write_status(struct machine *m, uint64_t value)
{
    uint64_t changed = m->hart.status ^ value;
    m->hart.status = value & STATUS_WRITABLE;
    if (changed & STATUS_MXR) { storage_forget(&m->storage); }
    storage_context(m);
    m->limit = 0;
}

static void write_float(struct hart *hart, unsigned number, uint64_t value)
{
    if (number == FCSR) { hart->rounding = value >> 5 & 7; }
    if (number == FRM) { hart->rounding = value & 7; }
    if (number != FRM) { hart->flags = value & 31; }
    hart->status |= STATUS_FS;
}

static void write(struct machine *m, unsigned number, uint64_t value)
{
    struct hart *hart = &m->hart;
    switch (number) {
    case FFLAGS:
    case FRM:
    case FCSR: write_float(hart, number, value); break;
    case SSTATUS: write_status(m, value); break;
    case SIE:
        hart->enabled = value & INTERRUPTS;
        m->limit = 0;
        break;
    case STVEC:
        if ((value & 3) < 2) { hart->vector = value; }
        break;
    case SCOUNTEREN: hart->counters = (uint32_t)value; break;
    case SENVCFG: hart->environment = value & ENVIRONMENT_WRITABLE; break;
    case SSCRATCH: hart->scratch = value; break;
    case SEPC: hart->exception_pc = value & ~UINT64_C(1); break;
    case SCAUSE: hart->cause = value; break;
    case STVAL: hart->value = value; break;
    case SIP:
        machine_pending(m, PENDING_SOFTWARE, (value & PENDING_SOFTWARE) != 0);
        break;
    case STIMECMP: control_compare(m, value); break;
    case SATP: write_satp(m, value); break;
    }
}

bool control_execute(struct machine *m, uint32_t bits)
{
    enum { REPLACE = 1, SET = 2 };
    uint64_t *x = m->hart.x;
    unsigned number = bits >> 20, function = bits >> 12 & 3;
    unsigned source = bits >> 15 & 31, rd = bits >> 7 & 31;
    uint64_t operand = bits >> 14 & 1 ? source : x[source], old;
    bool writes = function == REPLACE || operand != 0; /* as QEMU has it */
    bool is_read_only = number >> 10 == 3;
    if (writes && is_read_only) { return false; }
    if (!may(&m->hart, number) || !control_read(m, number, &old)) {
        return false;
    }
    uint64_t value = function == REPLACE ? operand
                     : function == SET   ? old | operand
                                         : old & ~operand;
    if (writes) { write(m, number, value); }
    x[rd == 0 ? 32 : rd] = old;
    return true;
}
