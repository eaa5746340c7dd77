/* The platform-level interrupt controller, as far as one hart needs it; boot.c
 * begins it. */
#include "riscv.h"

void machine_line_enable(uint64_t line, bool on) { *PLIC(line * 4) = on; }

/* One line; the next one interrupts again. */
void plic_interrupt(void)
{
    volatile uint32_t *claim = PLIC(PLIC_CONTEXT(machine.context) + 4);
    uint32_t line = *claim;
    if (line - 1 < KERNE_LINES - 1) { external_interrupt(line); }
    instruction("fence o, o"); /* it is off before it is over */
    *claim = line;
}
