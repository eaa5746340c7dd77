# Ends at once: the smallest program, of one page.
    .globl _start
_start:
    li a7, 94
    li a0, 0
    ecall
