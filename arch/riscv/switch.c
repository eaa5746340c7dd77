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

static __attribute__((noinline)) struct process *
switch_more(struct process *from, struct process *p)
{
    space_switch(p);
    if ((machine.lacks & LACKS_FS) != 0) {
        from->fcsr = csr_read(fcsr);
        csr_write(fcsr, p->fcsr);
    }
    switch_special_from(from, p);
    return p;
}

struct process *machine_switch(struct process *p)
{
    struct process *from = this_hart->machine.running;
    bool usual = (from->special | p->special | machine.lacks) == 0;
    if (!usual) { return switch_more(from, p); }
    csr_write(satp, p->space);
    return p;
}
