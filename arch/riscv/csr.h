/* The registers of the hart, and what else the compiler does not know of. */
#pragma once

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
