/*
 * From one process to another: address space, right to the counters, floating
 * point.  Only a process that has used floating point has its registers saved,
 * when they have changed, and loaded.
 */
#include "riscv.h"

void machine_fp_store(struct process *p)
{
    uint64_t state = csr_read(sstatus) & STATUS_FS;
    if (p != this_hart->machine.running || state == 0) { return; }
    p->fcsr = csr_read(fcsr); /* flags may be raised in a clean state */
    if (state == STATUS_FS) {
        fp_store(p);
        csr_clear(sstatus, STATUS_FS & ~STATUS_FS_CLEAN);
    }
}

static void fp_switch(struct process *p)
{
    machine_fp_store(this_hart->machine.running);
    csr_clear(sstatus, STATUS_FS);
    if ((p->special & SPECIAL_FLOATS) != 0) {
        csr_set(sstatus, STATUS_FS_CLEAN);
        fp_load(p);
        csr_clear(sstatus, STATUS_FS & ~STATUS_FS_CLEAN);
    }
}

void machine_fp_begin(struct process *p)
{
    p->special |= machine.has_floats ? SPECIAL_FLOATS : 0;
}

struct process *machine_switch(struct process *p)
{
    uint8_t special = this_hart->machine.running->special | p->special;
    space_switch(p);
    if ((machine.lacks & LACKS_FS) != 0) {
        this_hart->machine.running->fcsr = csr_read(fcsr);
        csr_write(fcsr, p->fcsr);
    }
    if ((special & SPECIAL_NO_COUNTERS) != 0) {
        csr_write(scounteren, p->special & SPECIAL_NO_COUNTERS ? 0 : 7);
    }
    if ((special & SPECIAL_FLOATS) != 0) { fp_switch(p); }
    return p;
}
