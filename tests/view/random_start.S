/* From the firmware to begin(), and the ways to a random program and back. */
#define AT(i) 8 * (i)(t6)
#define FLOATS AT(32)
#define FCSR AT(64)
#define SEPC AT(65)
#define SCAUSE AT(66)
#define STVAL AT(67)
#define SSTATUS AT(68)
#define INSTRUCTIONS AT(69)

    .section .text.unlikely, "ax" /* it comes first */
    .globl _start
_start:
    la sp, stack_last
    la t0, trap
    csrw stvec, t0
    li t0, 7
    csrw scounteren, t0
    tail begin

.macro all_integers how
    .irp i, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    \how x\i, AT(\i)
    .endr
    .irp i, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
    \how x\i, AT(\i)
    .endr
.endm
.macro all_floats how
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
    \how f\i, 8 * (32 + \i)(t6)
    .endr
    .irp i, 16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    \how f\i, 8 * (32 + \i)(t6)
    .endr
.endm

/* a0: the frame.  Returns when the program has trapped. */
    .text
    .globl run
run:
    addi sp, sp, -112
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11
    sd s\i, 8 * \i(sp)
    .endr
    sd ra, 96(sp)
    mv t6, a0
    sd sp, AT(0)
    li t0, 0x6000
    csrs sstatus, t0
    all_floats fld
    ld t0, FCSR
    csrw fcsr, t0
    ld t0, SEPC
    csrw sepc, t0
    li t0, 0x6122
    csrc sstatus, t0
    ld t0, SSTATUS
    li t1, 0x6000
    and t0, t0, t1
    csrs sstatus, t0
    csrw sscratch, t6
    csrr t0, instret
    sd t0, INSTRUCTIONS
    all_integers ld
    ld x31, AT(31)
    sret

    .balign 4
trap:
    csrrw t6, sscratch, t6
    all_integers sd
    csrr t0, instret
    ld t1, INSTRUCTIONS
    sub t0, t0, t1
    sd t0, INSTRUCTIONS
    csrr t1, sscratch
    sd t1, AT(31)
    csrr t1, sstatus
    sd t1, SSTATUS
    csrr t1, sepc
    sd t1, SEPC
    csrr t1, scause
    sd t1, SCAUSE
    csrr t1, stval
    sd t1, STVAL
    li t0, 0x6000
    csrs sstatus, t0
    csrr t1, fcsr
    sd t1, FCSR
    all_floats fsd
    ld sp, AT(0)
    .irp i, 0,1,2,3,4,5,6,7,8,9,10,11
    ld s\i, 8 * \i(sp)
    .endr
    ld ra, 96(sp)
    addi sp, sp, 112
    ret

    .bss
    .balign 16
    .space 16384
stack_last:
