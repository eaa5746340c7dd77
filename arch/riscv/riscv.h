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

/* Has the hart this instruction?  A trap goes behind it.  At boot only. */
#define has_instruction(text)                                             \
    ({                                                                    \
        uint64_t has, handler;                                            \
        __asm__ volatile(".option push\n .option arch, +d\n"             \
                         "la %0, 1f\n csrrw %1, stvec, %0\n li %0, 0\n"  \
                         text "\n li %0, 1\n .balign 4\n"                \
                         "1: csrw stvec, %1\n .option pop"                \
                         : "=&r"(has), "=&r"(handler) : : "memory");      \
        has != 0;                                                         \
    })

enum { INTERRUPT_TIMER = 1 << 5, INTERRUPT_EXTERNAL = 1 << 9 }; /* in sie */
enum { STATUS_SPIE = 0x20 };
#define STATUS_UXL_64 (UINT64_C(2) << 32)
#define SATP_SV39 (UINT64_C(8) << 60)
#define SATP_ASID_AT 44
#define SATP_ASIDS UINT64_C(0xffff)

#define PAGE KERNE_PAGE
#define GIGABYTE (UINT64_C(1) << 30)
#define HALF 256 /* first entry of the nucleus's half in a highest table */

struct boot;

/* The nucleus's half of the address space; see space.c. */
extern uint64_t nucleus_top[512], nucleus_middle[512], nucleus_leaf[512];

#define LACKS_ASIDS 1 /* several processes have the same number */
#define LACKS_FS 2    /* fcsr is open to all, and there is no more */

/* Found in the device tree, or by trying, at boot. */
struct machine {
    uint64_t controller; /* physical address of the PLIC, and which of its */
    uint64_t context;    /* contexts is this hart's */
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
void fp_store(struct process *p);
void fp_load(const struct process *p);
_Noreturn void trap_return(struct process *p);

/* plic.c, and the registers of the controller */
#define PLIC_BYTES 0x4000000
#define PLIC_CONTEXT(number) (0x200000 + (number) * 0x1000)
#define PLIC(offset) \
    ((volatile uint32_t *)machine_physical(machine.controller + (offset)))
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
