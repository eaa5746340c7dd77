/* What the files of this port share. */
#pragma once

#include <csr.h>
#include <hart.h>

enum { INTERRUPT_TIMER = 1 << 5, INTERRUPT_EXTERNAL = 1 << 9 }; /* in sie */
enum { STATUS_SPIE = 0x20 };
#define STATUS_UXL_64 (UINT64_C(2) << 32)
#define SATP_SV39 (UINT64_C(8) << 60)
#define SATP_ASID_AT 44
#define SATP_ASID(satp) ((uint32_t)((satp) >> SATP_ASID_AT & 0xffff))

#define PAGE KERNE_PAGE
#define GIGABYTE (UINT64_C(1) << 30)
#define HALF 256 /* first entry of the nucleus's half in a highest table */

struct boot;

/* The nucleus's half of the address space; see half.c. */
extern uint64_t nucleus_top[512], nucleus_middle[512], nucleus_leaf[512];

#define LACKS_ASIDS 1 /* several processes have the same number */
#define LACKS_FS 2    /* fcsr is open to all, and there is no more */

/* Found in the device tree, or by trying, at boot. */
struct machine {
    uint64_t controller; /* physical address of the PLIC, and which of its */
    uint64_t context;    /* contexts is this hart's, which tells of a line */
    volatile uint32_t *claim; /* here */
    uint64_t gigabytes;  /* of physical addresses that the nucleus maps */
    bool has_stimecmp;
    bool fast;       /* by the boot's arguments, and what it lacks */
    bool has_floats; /* registers for floating point, of 64 bits */
    uint8_t lacks;   /* LACKS_*: for what a switch makes up */
};
extern struct machine machine;

/* entry.S */
extern const char trap_entry[], trap_general[];
extern const char fast_calls[], fast_foreign[]; /* of fast/ */
_Noreturn void fast_break(struct process *p);
void switch_special_from(struct process *p, const struct process *to);
_Noreturn void trap_return(struct process *p);

/* space.c */
bool space_numbers_suffice(void);

/* p's address space from now on.  If another process had the same number, what
 * that left is forgotten. */
static inline void space_switch(const struct process *p)
{
    csr_write(satp, p->space);
    if ((machine.lacks & LACKS_ASIDS) != 0) {
        machine_forget_all(SATP_ASID(p->space));
    }
}

/* Registers of the controller of interrupts, the PLIC. */
#define PLIC_BYTES 0x4000000
#define PLIC_CONTEXT(number) (0x200000 + (number) * 0x1000)
#define PLIC(offset) \
    ((volatile uint32_t *)machine_physical(machine.controller + (offset)))

/* trap.c */
_Noreturn void machine_trap_in_nucleus(uint64_t cause, uint64_t pc,
                                       uint64_t value);

/* half.c */
void half_map(const char *page, const char *last, uint64_t rights);
_Noreturn void machine_begin(struct process *root);

/* device_tree.c */
void device_tree_read(uint64_t address, uint64_t hart, struct boot *boot);
