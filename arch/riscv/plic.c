/* The platform-level interrupt controller, as far as one hart needs it. */
#include <boot.h>

#include "riscv.h"

static volatile uint32_t *plic(uint64_t offset)
{
    return machine_physical(machine.controller + offset);
}

/* All lines are off, by priority zero: unlike the enable bits, it leaves the
 * completion of a line that is off its effect, and QEMU looks at what is
 * pending when it changes. */
void plic_begin(void)
{
    uint64_t context = machine.context;
    volatile uint32_t *threshold = plic(PLIC_CONTEXT(context));
    for (uint32_t i = 1; i < KERNE_LINES; i++) { *plic(i * 4) = 0; }
    *plic(0x2000 + context * 0x80) = UINT32_MAX;
    *plic(0x2004 + context * 0x80) = UINT32_MAX;
    *threshold = 1;
    boot_require(*threshold == 1, "no PLIC answers where the tree has it");
    *threshold = 0;
}

void machine_line_enable(uint64_t line, bool on) { *plic(line * 4) = on; }

/* One line; the next one interrupts again. */
void plic_interrupt(void)
{
    volatile uint32_t *claim = plic(PLIC_CONTEXT(machine.context) + 4);
    uint32_t line = *claim;
    if (line - 1 < KERNE_LINES - 1) { external_interrupt(line); }
    __asm__ volatile("fence o, o"); /* it is off before it is over */
    *claim = line;
}
