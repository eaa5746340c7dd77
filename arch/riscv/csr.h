/* The registers of the hart, and what else the compiler does not know of. */
#ifndef CSR_H
#define CSR_H

/* One instruction, with its operands as the compiler's __asm__ has them. */
#define instruction(text, ...) __asm__ volatile(text : : __VA_ARGS__ : "memory")
#define csr_read(csr)                                         \
    ({                                                        \
        uint64_t csr_value;                                   \
        __asm__ volatile("csrr %0, " #csr : "=r"(csr_value)); \
        csr_value;                                            \
    })
#define csr_change(operation, csr, value) \
    instruction(operation " " #csr ", %0", "rK"((uint64_t)(value)))
#define csr_write(csr, value) csr_change("csrw", csr, value)
#define csr_set(csr, value) csr_change("csrs", csr, value)
#define csr_clear(csr, value) csr_change("csrc", csr, value)

/* Has the hart this instruction?  A trap goes behind it.  At boot only. */
#define has_instruction(text)                                                \
    ({                                                                       \
        uint64_t has, handler;                                               \
        __asm__ volatile(".option push\n .option arch, +d\n"                 \
                         "la %0, 1f\n csrrw %1, stvec, %0\n li %0, 0\n" text \
                         "\n li %0, 1\n .balign 4\n"                         \
                         "1: csrw stvec, %1\n .option pop"                   \
                         : "=&r"(has), "=&r"(handler)                        \
                         :                                                   \
                         : "memory");                                        \
        has != 0;                                                            \
    })

#endif
