/*
 * Every register, before and after one instruction; see registers.h.
 *
 * In: a0 the file to load, a1 the file to store.  The frame keeps what C
 * wants kept, and a1; sp is the only register that is not loaded.
 */
#define FRAME_BYTES 256
#define FRAME_OUT 0
#define FRAME_A0 8
#define FRAME_SAVED 16      /* ra, gp, tp, s0 to s11 */
#define FRAME_FLOATS 136    /* fs0 to fs11 */
#define FILE_F 256
#define FILE_FCSR 512

.macro floats instruction, base
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, \
            16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        \instruction f\n, FILE_F + 8 * \n(\base)
    .endr
.endm

/* All but x2 (sp) and x10 (a0), which is the base. */
.macro integers instruction
    .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, \
            20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        \instruction x\n, 8 * \n(x10)
    .endr
.endm

/* `instruction` for each of these registers, one word after another. */
.macro in_frame instruction, at, registers:vararg
    .set word, \at
    .irp register, \registers
        \instruction \register, word(sp)
        .set word, word + 8
    .endr
.endm

.macro frame instruction
    in_frame \instruction, FRAME_SAVED, ra, gp, tp, s0, s1, s2, s3, s4, s5, \
        s6, s7, s8, s9, s10, s11
.endm

.macro float_frame instruction
    in_frame \instruction, FRAME_FLOATS, fs0, fs1, fs2, fs3, fs4, fs5, fs6, \
        fs7, fs8, fs9, fs10, fs11
.endm

.macro before floating=1
    addi sp, sp, -FRAME_BYTES
    frame sd
    sd a1, FRAME_OUT(sp)
    .if \floating
        float_frame fsd
        floats fld, a0
        ld t0, FILE_FCSR(a0)
        fscsr t0
    .endif
    integers ld
    ld a0, 80(a0)
.endm

.macro after floating=1
    sd a0, FRAME_A0(sp)
    ld a0, FRAME_OUT(sp)
    integers sd
    ld t0, FRAME_A0(sp)
    sd t0, 80(a0)
    sd sp, 16(a0)
    .if \floating
        floats fsd, a0
        frcsr t0
        sd t0, FILE_FCSR(a0)
        fscsr zero
        float_frame fld
    .endif
    frame ld
    addi sp, sp, FRAME_BYTES
    ret
.endm

.section .text.registers, "ax", @progbits
.option norelax

.globl registers_call
.globl registers_call_here
.type registers_call, @function
registers_call:
    before
registers_call_here:
    ecall
    after
.globl registers_call_end
registers_call_end:
.size registers_call, . - registers_call

.macro between_stores name, floating
.globl \name
.type \name, @function
\name:
    before \floating
    sb gp, (tp)
    ecall
    sb gp, (tp)
    after \floating
.size \name, . - \name
.endm

between_stores registers_call_between, 1
between_stores registers_call_integers, 0

.globl registers_break
.globl registers_break_here
.type registers_break, @function
registers_break:
    before
.option push
.option norvc
registers_break_here:
    ebreak
.option pop
    after
.size registers_break, . - registers_break

.globl registers_spin
.globl registers_spin_here
.type registers_spin, @function
registers_spin:
    before
registers_spin_here:
    addi t0, t0, -1
    bnez t0, registers_spin_here
    after
.size registers_spin, . - registers_spin

/* Most of the way by counting, which QEMU does faster than reading the count;
 * the last nops are as many as instructions are left then. */
#define NOPS 100
.globl registers_align
.type registers_align, @function
registers_align:
    rdinstret t0
    sub t0, a0, t0
    addi t0, t0, -2 * NOPS
0:  addi t0, t0, -2
    bgtz t0, 0b
    li t1, NOPS
1:  rdinstret t0
    sub t0, a0, t0
    bgt t0, t1, 1b
    li a0, 0
    bltz t0, 3f
    slli t0, t0, 2
    la t1, 2f
    sub t1, t1, t0
    jr t1
.option push
.option norvc
    .rept NOPS
        nop
    .endr
.option pop
2:  li a0, 1
3:  ret
.size registers_align, . - registers_align

/* Entry of a process: a0 the file to store, no stack; it breaks at once. */
.globl registers_dump
.type registers_dump, @function
registers_dump:
    sd a0, 80(a0)
    sd sp, 16(a0)
    integers sd
    floats fsd, a0
    frcsr t0
    sd t0, FILE_FCSR(a0)
    ebreak
.size registers_dump, . - registers_dump
