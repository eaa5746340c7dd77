/* One attempt of a supervisor, and what came of it. */
#define AT(i) 8 * (i)(s0)
#define PC AT(0)
#define A0 AT(1)
#define A1 AT(2)
#define CAUSE AT(3)
#define EPC AT(4)
#define VALUE AT(5)
#define STATUS AT(6)
#define INSTRUCTIONS AT(7)
#define VECTOR AT(8)

/* a0: the attempt.  Its code has a0 and a1, may use them and what a function
 * may, but for t6, and returns; or it traps. */
    .text
    .globl attempt
attempt:
    addi sp, sp, -32
    sd ra, 0(sp)
    sd s0, 8(sp)
    csrr t0, stvec
    sd t0, 16(sp)
    mv s0, a0
    mv t6, sp
    li t0, -1
    sd t0, CAUSE
    sd zero, EPC
    sd zero, VALUE
    la t0, vectors
    ld t1, VECTOR
    sd zero, VECTOR
    or t0, t0, t1
    csrw stvec, t0
    ld t0, PC
    ld a0, A0
    ld a1, A1
    jalr t0
    csrci sstatus, 2
    j over

    .balign 64 /* a jump for each interrupt, if vectors are asked for */
    .option push
    .option norvc
vectors:
    .rept 16
    jal t2, trapped
    .endr
    .option pop
trapped:
    csrr t1, instret
    sd t1, INSTRUCTIONS
    la t0, vectors + 4
    sub t2, t2, t0
    sd t2, VECTOR
    csrr t0, scause
    sd t0, CAUSE
    csrr t0, sepc
    sd t0, EPC
    csrr t0, stval
    sd t0, VALUE
over:
    sd a0, A0
    csrr t0, sstatus
    sd t0, STATUS
    mv sp, t6
    ld t0, 16(sp)
    csrw stvec, t0
    ld ra, 0(sp)
    ld s0, 8(sp)
    addi sp, sp, 32
    ret
