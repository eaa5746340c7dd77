/*
 * A piece of code, a handler that comes in the midst of it, and another process
 * in between; see exact.c.
 */
#define FLOATS 256          /* where they are in a struct state */
#define FCSR 512
#define FRAME_PC 176        /* in the context that a handler gets */
#define CALL_READ 63
#define CALL_WRITE 64
#define CALL_SIGRETURN 139
#define CALL_GETPID 172

/* All but x2 (sp) and x31 (t6), which is the base. */
.macro all instruction, instruction_of_floats
    .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, \
            20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
        \instruction x\n, 8 * \n(t6)
    .endr
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, \
            18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        \instruction_of_floats f\n, FLOATS + 8 * \n(t6)
    .endr
.endm

/* In all registers but sp; the last one's is in fcsr, too. */
.macro marks from
    .irp n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, \
            20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        li x\n, \from + \n
        fmv.d.x f\n, x\n
    .endr
    fmv.d.x f2, x31
    fscsr x31
.endm

.macro system_call number
    li a7, \number
    ecall
.endm

/* One byte: `place` in exact_ends. */
.macro byte number, place
    la t0, exact_ends
    lw a0, 4 * \place(t0)
    la a1, exact_byte
    li a2, 1
    system_call \number
.endm

.text
.option norelax

/* void exact_run(long delay): `delay` is at least 2. */
.globl exact_run
exact_run:
    la t6, exact_kept
    all sd, fsd
    sd sp, 16(t6)
    andi t0, a0, 1
    beqz t0, 1f
    nop
1:  addi a0, a0, -2
    bgtz a0, 1b
    marks 0x102
    call exact_piece
    addi sp, sp, -16
    sd t6, 0(sp)
    la t6, exact_after
    all sd, fsd
    frcsr t0
    sd t0, FCSR(t6)
    ld t0, 0(sp)
    sd t0, 8 * 31(t6)
    addi sp, sp, 16
    la t0, exact_kept
    ld t0, 8 * 2(t0)
    sub t0, sp, t0
    sd t0, 8 * 2(t6)
    la t6, exact_kept
    all ld, fld
    ret

/* A function of every sort of instruction that can be cut in two by a careless
 * system: it has a frame, takes a reservation, computes with tp and in each
 * mode of rounding, and makes a call. */
.globl exact_piece
exact_piece:
    addi sp, sp, -32
    sd ra, 24(sp)
    sd s0, 16(sp)
    fsd fs0, 8(sp)
    addi s0, sp, 32
    la a1, exact_word
    li t0, 3
1:  lr.d t1, (a1)
    addi t1, t1, 1
    sc.d t2, t1, (a1)
    bnez t2, 1b
    addi tp, tp, 5
    addi t0, t0, -1
    bnez t0, 1b
    sext.w t1, t1
    fcvt.d.l fs0, t1
    fsrmi t3, 1
    fdiv.d fa0, fs0, fs1
    fsrmi t3, 3
    fsqrt.d fa1, fa0
    fmadd.d fa2, fa1, fs0, fa0
    csrw fflags, zero
    fcvt.w.d t4, fa2, rtz
    frflags t5
    fcvt.s.d fa3, fa2
    amoadd.d zero, t4, (a1)
    system_call CALL_GETPID
    mv a2, a0
    frcsr a3
    add a4, tp, a2
    fsrm t3
    fld fs0, 8(sp)
    ld s0, 16(sp)
    ld ra, 24(sp)
    addi sp, sp, 32
    ret
.globl exact_piece_end
exact_piece_end:

/* The handler: notes where it came and that it did, and spoils what it can,
 * after another process has, if there is one. */
.globl exact_handler
exact_handler:
    ld t0, FRAME_PC(a2)
    sd t0, exact_pc, t1
    la t1, exact_word
    li t0, 1 << 32
    amoadd.d zero, t0, (t1)
    lw t0, exact_ends
    beqz t0, 1f
    byte CALL_WRITE, 1
    byte CALL_READ, 2
1:  la t1, exact_byte
    lr.w t0, (t1)
    marks 0x340
    system_call CALL_SIGRETURN

/* The other process, without an end. */
.globl exact_other
exact_other:
    byte CALL_READ, 0
    marks 0x560
    byte CALL_WRITE, 3
    j exact_other
