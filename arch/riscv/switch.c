/*
 * From one process to another: address space, right to the counters, floating
 * point.  Only a process that has used floating point has its registers saved,
 * when they have changed, and loaded.
 */
#include "riscv.h"

void machine_fp_begin(struct process *p)
{
    p->special |= machine.has_floats ? SPECIAL_FLOATS : 0;
}

struct process *machine_switch(struct process *p)
{
    struct process *from = this_hart->machine.running;
    space_switch(p);
    if ((machine.lacks & LACKS_FS) != 0) {
        from->fcsr = csr_read(fcsr);
        csr_write(fcsr, p->fcsr);
    }
    if ((from->special | p->special) != 0) { switch_special_from(from, p); }
    return p;
}
