/* Traps: from their cause to what the nucleus does about it. */
#include "riscv.h"

#define ASSERT_OFFSET(type, member, offset) \
    _Static_assert(offsetof(struct type, member) == (offset), #offset)
ASSERT_OFFSET(hart, machine.running, HART_RUNNING);
ASSERT_OFFSET(hart, machine.stack, HART_STACK);
ASSERT_OFFSET(hart, machine.scratch, HART_SCRATCH);
ASSERT_OFFSET(process, x, 0);
ASSERT_OFFSET(process, f, PROCESS_F);
ASSERT_OFFSET(process, fcsr, PROCESS_FCSR);

struct hart the_hart;
struct machine machine;

#define CAUSE_CALL 8
#define CAUSE_INTERRUPT (UINT64_C(1) << 63)

/* ---- floating point ---------------------------------------------------- */

/* Only a process that has used floating point has its registers saved, when
 * they have changed, and loaded. */
void machine_fp_store(struct process *p)
{
    uint64_t state = csr_read(sstatus) & STATUS_FS;
    if (p == NULL || p != this_hart->machine.running || state == 0) { return; }
    p->fcsr = csr_read(fcsr); /* flags may be raised in a clean state */
    if (state == STATUS_FS) {
        fp_store(p);
        csr_clear(sstatus, STATUS_FS & ~STATUS_FS_CLEAN);
    }
}

static void fp_switch(struct process *from, const struct process *to)
{
    machine_fp_store(from);
    csr_clear(sstatus, STATUS_FS);
    if (to->fp_used) {
        csr_set(sstatus, STATUS_FS_CLEAN);
        fp_load(to);
        csr_clear(sstatus, STATUS_FS & ~STATUS_FS_CLEAN);
    }
}

/* An illegal instruction may be the first one that uses floating point. */
static bool fp_first_use(struct process *p)
{
    bool first = !p->fp_used;
    p->fp_used = true;
    if (first) { fp_switch(p, p); }
    return first;
}

/* ---- switching --------------------------------------------------------- */

void machine_switch(struct process *from, struct process *to)
{
    csr_write(satp, to->space);
    if (from == NULL || (int64_t)(from->mask ^ to->mask) < 0) {
        csr_write(scounteren, (to->mask & KERNE_MASK_COUNTERS) != 0 ? 7 : 0);
    }
    if (to->fp_used || (csr_read(sstatus) & STATUS_FS) != 0) {
        fp_switch(from, to);
    }
}

/* ---- causes ------------------------------------------------------------ */

/* What an exception means for a process: a break, or a page fault, which lacks
 * a right. */
static void exception(struct process *p, uint64_t cause, uint64_t value)
{
    enum kerne_break kind = KERNE_BREAK_PAGE_FAULT;
    uint64_t access = 0, physical;
    switch (cause) { /* as in scause */
    case 0: case 4: case 6: kind = KERNE_BREAK_MISALIGNED; break;
    case 1: case 5: case 7: kind = KERNE_BREAK_ACCESS; break;
    case 2: kind = KERNE_BREAK_ILLEGAL; break;
    case 3: kind = KERNE_BREAK_BREAKPOINT; value = p->x[R_PC]; break;
    case 12: access = KERNE_EXECUTE; break;
    case 13: access = KERNE_READ; break;
    case 15: access = KERNE_WRITE; break;
    default: machine_trap_in_nucleus(cause, p->x[R_PC], value);
    }
    if (kind == KERNE_BREAK_PAGE_FAULT) {
        break_unless_touched(p, value, access, &physical);
    } else if (kind != KERNE_BREAK_ILLEGAL || !fp_first_use(p)) {
        break_fault(p, kind, 0, p, value, 0);
    }
}

/* A trap of the running process; returns who goes on. */
struct process *machine_trap(struct process *p, uint64_t cause, uint64_t value)
{
    if (cause == CAUSE_CALL) {
        call_do(p);
    } else if ((cause & CAUSE_INTERRUPT) != 0) {
        machine_poll();
    } else {
        exception(p, cause, value);
    }
    return time_next(p);
}

_Noreturn void machine_trap_in_nucleus(uint64_t cause, uint64_t pc,
                                       uint64_t value)
{
    machine_print_number("\ncause ", cause);
    machine_print_number(" at pc ", pc);
    machine_print_number(", value ", value);
    machine_print("\n");
    panic("a trap inside the nucleus, see above");
}

/* ---- waiting ----------------------------------------------------------- */

void machine_wait_for_interrupt(void) { __asm__ volatile("wfi"); }

void machine_poll(void)
{
    uint64_t pending = csr_read(sip);
    if ((pending & INTERRUPT_TIMER) != 0) { time_interrupt(); }
    if ((pending & INTERRUPT_EXTERNAL) != 0) { plic_interrupt(); }
}

uint64_t machine_instruction_bytes(const uint16_t *instruction)
{
    return (*instruction & 3) == 3 ? 4 : 2;
}
