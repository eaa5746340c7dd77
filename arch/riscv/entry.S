/*
 * Entry: from the firmware, from user programs, and back to them.
 *
 * In user mode sscratch holds the hart's structure; in the nucleus tp does, and
 * sscratch is zero, by which a trap inside the nucleus is told.  Interrupts are
 * off in the nucleus throughout.
 */
#include <machine.h>

.section .boot.text, "ax"

/*
 * From OpenSBI: S-mode, paging off, a0 = hart, a1 = device tree.  The code runs
 * at its physical address until boot_tables has made the nucleus's tables;
 * paging takes effect with a page fault whose handler is the next line.
 */
.global _start
_start:
    csrw    sie, zero
    mv      s0, a0
    mv      s1, a1
    la      t0, bss_first
    la      t1, bss_last
1:  sd      zero, (t0)
    addi    t0, t0, 8
    bltu    t0, t1, 1b

    la      sp, stack_top
    call    boot_tables             /* a0 = satp */
    li      t0, MACHINE_DIRECT
    la      t1, 2f
    add     t1, t1, t0
    csrw    stvec, t1
    add     sp, sp, t0
    la      tp, the_hart
    add     tp, tp, t0
    sfence.vma
    csrw    satp, a0
.balign 4
2:  sd      sp, HART_STACK(tp)
    la      t0, trap_entry
    csrw    stvec, t0
    csrw    sscratch, zero
    mv      a0, s0
    mv      a1, s1
    call    boot_machine            /* which starts the root */

.text

.macro each operation, base, numbers:vararg
    .irp n, \numbers
    \operation x\n, 8 * \n(\base)
    .endr
.endm
#define CLOBBERED 1, 2, 5, 6, 7, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
#define KEPT 3, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27

/* Back to user mode: a0 = the process, tp = the hart.  Of its registers those
 * are loaded. */
.macro return_with numbers:vararg
    csrw    sscratch, tp
    ld      t0, 0(a0)
    csrw    sepc, t0
    ld      tp, 8 * 4(a0)
    each    ld, a0, \numbers, 10
    sret
.endm

/*
 * Any trap.  From user mode: the registers of the running process go into its
 * record.  Those that C functions keep may wait until it is known that they
 * must.
 */
.balign 4
.global trap_entry
trap_entry:
    csrrw   tp, sscratch, tp
    beqz    tp, trap_in_nucleus
    sd      a0, HART_SCRATCH(tp)
    ld      a0, HART_RUNNING(tp)
    each    sd, a0, CLOBBERED
    ld      t0, HART_SCRATCH(tp)
    csrrw   t1, sscratch, zero
    csrr    t2, sepc
    sd      t0, 8 * 10(a0)
    sd      t1, 8 * 4(a0)
    sd      t2, 0(a0)
    ld      sp, HART_STACK(tp)
    csrr    t0, scause
    addi    t0, t0, -8              /* a call */
    bnez    t0, 1f
    call    call_quick              /* a0 = who goes on, or 0 */
    ld      t0, HART_RUNNING(tp)
    beq     a0, t0, 3f
    each    sd, t0, KEPT
    bnez    a0, trap_return
    mv      a0, t0
    j       2f
1:  each    sd, a0, KEPT
2:  csrr    a1, scause
    csrr    a2, stval
    call    machine_trap

/*
 * a0 = the process that goes on, tp = the hart.  A reservation of the one that
 * ran before is given up by a store that fails.
 */
.global trap_return
trap_return:
    sd      a0, HART_RUNNING(tp)
    addi    t0, tp, HART_SCRATCH
    sc.d    zero, zero, (t0)
    return_with KEPT, CLOBBERED
3:  return_with CLOBBERED           /* the caller goes on */

/* A trap taken inside the nucleus; tp is in sscratch.  Never returns. */
trap_in_nucleus:
    csrrw   tp, sscratch, tp
    ld      sp, HART_STACK(tp)      /* it may have run over */
    csrr    a0, scause
    csrr    a1, sepc
    csrr    a2, stval
    call    machine_trap_in_nucleus

/* fp_store(p), fp_load(p): the floating-point registers and p's record. */
.option arch, +f, +d
.macro each_f operation
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, \
            19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    \operation f\n, PROCESS_F + 8 * \n(a0)
    .endr
.endm
.global fp_store
fp_store:
    each_f  fsd
    ret

.global fp_load
fp_load:
    each_f  fld
    ld      t0, PROCESS_FCSR(a0)
    csrw    fcsr, t0
    ret

/* The page below the stack is not mapped. */
.section .bss.stack, "aw", @nobits
.balign 4096
.global stack_guard
stack_guard:
    .skip   4096
    .skip   8192
stack_top:
