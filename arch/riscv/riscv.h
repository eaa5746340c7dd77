/* What the files of this port share. */
#ifndef RISCV_H
#define RISCV_H

#include <hart.h>

#define csr_read(csr)                                         \
    ({                                                        \
        uint64_t csr_value;                                   \
        __asm__ volatile("csrr %0, " #csr : "=r"(csr_value)); \
        csr_value;                                            \
    })
#define csr_change(operation, csr, value) \
    __asm__ volatile(operation " " #csr ", %0" : : "rK"((uint64_t)(value)))
#define csr_write(csr, value) csr_change("csrw", csr, value)
#define csr_set(csr, value) csr_change("csrs", csr, value)
#define csr_clear(csr, value) csr_change("csrc", csr, value)

enum { INTERRUPT_TIMER = 1 << 5, INTERRUPT_EXTERNAL = 1 << 9 }; /* in sie */
enum { STATUS_SPIE = 0x20, STATUS_SPP = 0x100, STATUS_VS = 0x600 };
#define SATP_SV39 (UINT64_C(8) << 60)

#define PAGE KERNE_PAGE
#define GIGABYTE (UINT64_C(1) << 30)
#define HALF 256 /* first entry of the nucleus's half in a highest table */

struct boot;

/* The nucleus's half of the address space; see space.c. */
extern uint64_t nucleus_top[512], nucleus_middle[512], nucleus_leaf[512];

/* Found in the device tree at boot. */
struct machine {
    uint64_t controller; /* physical address of the PLIC, and which of its */
    uint64_t context;    /* contexts is this hart's */
    uint64_t gigabytes;  /* of physical addresses that the nucleus maps */
    bool has_stimecmp;
    bool fast; /* by the boot's arguments */
};
extern struct machine machine;

/* entry.S */
extern const char trap_entry[], trap_general[];
extern const char fast_calls[], fast_foreign[]; /* of fast/ */
void fp_store(struct process *p);
void fp_load(const struct process *p);
_Noreturn void trap_return(struct process *p);

/* plic.c */
#define PLIC_BYTES 0x4000000
#define PLIC_CONTEXT(number) (0x200000 + (number) * 0x1000)
void plic_begin(void);
void plic_interrupt(void);

/* trap.c */
_Noreturn void machine_trap_in_nucleus(uint64_t cause, uint64_t pc,
                                       uint64_t value);

/* space.c */
void space_map(const char *page, const char *last, uint64_t rights);
_Noreturn void machine_begin(struct process *root);

/* device_tree.c */
void device_tree_read(uint64_t address, uint64_t hart, struct boot *boot);

#endif
