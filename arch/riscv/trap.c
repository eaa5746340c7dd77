/* Traps: from their cause to what the nucleus does about it. */
#include "riscv.h"

struct hart the_hart;
struct process nobody; /* whom a trap inside the nucleus interrupts */
struct machine machine;
volatile uint32_t *machine_priorities;

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
    uint8_t before = p->special;
    machine_fp_begin(p);
    if (p->special == before) { return false; }
    switch_special_from(&nobody, p);
    return true;
}

/* What an exception means for a process: a break, or a page fault, which lacks
 * a right. */
static void exception(struct process *p, uint64_t cause, uint64_t value)
{
    enum { MISALIGNED = 1 << 0 | 1 << 4 | 1 << 6 }; /* causes, as in scause */
    enum { ACCESS = 1 << 1 | 1 << 5 | 1 << 7, ILLEGAL = 1 << 2 };
    enum { BREAKPOINT = 1 << 3, FAULT = 1 << 12 | 1 << 13 | 1 << 15 };
    uint64_t is = cause < 16 ? UINT64_C(1) << cause : 0;
    if ((is & FAULT) != 0) {
        uint64_t access = cause == 12   ? KERNE_EXECUTE
                          : cause == 13 ? KERNE_READ
                                        : KERNE_WRITE;
        break_page_fault(p, value, access);
        return;
    }
    enum kerne_break kind = (is & MISALIGNED) != 0 ? KERNE_BREAK_MISALIGNED
                            : (is & ACCESS) != 0   ? KERNE_BREAK_ACCESS
                            : is == ILLEGAL        ? KERNE_BREAK_ILLEGAL
                                                   : KERNE_BREAK_BREAKPOINT;
    if ((is & (MISALIGNED | ACCESS | ILLEGAL | BREAKPOINT)) == 0) {
        machine_trap_in_nucleus(cause, p->x[R_PC], value);
    } else if (is != ILLEGAL || !fp_first_use(p)) {
        break_fault(p, kind, 0, p, is == BREAKPOINT ? p->x[R_PC] : value, 0,
                    IN_PROGRAM);
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

/* ---- interrupts -------------------------------------------------------- */

/* One line; the next one interrupts again. */
static void line_interrupt(void)
{
    uint32_t line = *machine.claim;
    if (line - 1 < KERNE_LINES - 1) { external_interrupt(line); }
    instruction("fence o, o"); /* it is off before it is over */
    *machine.claim = line;
}

void machine_wait_for_interrupt(void) { instruction("wfi"); }

void machine_poll(void)
{
    uint64_t pending = csr_read(sip);
    if ((pending & INTERRUPT_EXTERNAL) != 0) {
        line_interrupt();
    } else if ((pending & INTERRUPT_TIMER) != 0) {
        time_interrupt();
    }
}

uint64_t machine_instruction_bytes(const uint16_t *instruction)
{
    return (*instruction & 3) == 3 ? 4 : 2;
}
