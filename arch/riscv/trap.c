/* Traps: from their cause to what the nucleus does about it. */
#include "riscv.h"

struct hart the_hart;
struct process nobody; /* whom a trap inside the nucleus interrupts */
struct machine machine;

#define CAUSE_INTERRUPT (UINT64_C(1) << 63)

/* Quickly, if the process may make all calls that are quick, or none. */
const void *machine_calls(uint64_t mask)
{
    static const uint64_t quick =
        KERNE_MASK_BIT(KERNE_converse) | KERNE_MASK_BIT(KERNE_serve) |
        KERNE_MASK_BIT(KERNE_send_message) | KERNE_MASK_BIT(KERNE_wait_answer) |
        KERNE_MASK_BIT(KERNE_wait_message) | KERNE_MASK_BIT(KERNE_send_answer) |
        KERNE_MASK_BIT(KERNE_get_clock);
    if (machine.fast && mask == KERNE_MASK_FOREIGN) { return fast_foreign; }
    return machine.fast && (mask & quick) == quick ? fast_calls : trap_general;
}

void machine_break(struct process *p)
{
    if (machine.fast) { fast_break(p); }
}

/* ---- causes ------------------------------------------------------------ */

/* An illegal instruction may be the first one that uses floating point. */
static bool fp_first_use(struct process *p)
{
    bool first = machine.has_floats && (p->special & SPECIAL_FLOATS) == 0;
    machine_fp_begin(p);
    if (first) { machine_switch(p); }
    return first;
}

/* What an exception means for a process: a break, or a page fault, which lacks
 * a right. */
static void exception(struct process *p, uint64_t cause, uint64_t value)
{
    enum kerne_break kind = KERNE_BREAK_PAGE_FAULT;
    uint64_t access = 0, physical;
    switch (cause) { /* as in scause */
    case 0:
    case 4:
    case 6: kind = KERNE_BREAK_MISALIGNED; break;
    case 1:
    case 5:
    case 7: kind = KERNE_BREAK_ACCESS; break;
    case 2: kind = KERNE_BREAK_ILLEGAL; break;
    case 3:
        kind = KERNE_BREAK_BREAKPOINT;
        value = p->x[R_PC];
        break;
    case 12: access = KERNE_EXECUTE; break;
    case 13: access = KERNE_READ; break;
    case 15: access = KERNE_WRITE; break;
    default: machine_trap_in_nucleus(cause, p->x[R_PC], value);
    }
    if (kind == KERNE_BREAK_PAGE_FAULT) {
        break_unless_touched(p, value, access, &physical);
    } else if (kind != KERNE_BREAK_ILLEGAL || !fp_first_use(p)) {
        break_fault(p, kind, 0, p, value, 0, false);
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
    if ((pending & INTERRUPT_EXTERNAL) != 0) {
        plic_interrupt();
    } else if ((pending & INTERRUPT_TIMER) != 0) {
        time_interrupt();
    }
}

uint64_t machine_instruction_bytes(const uint16_t *instruction)
{
    return (*instruction & 3) == 3 ? 4 : 2;
}
