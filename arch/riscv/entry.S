/*
 * Entry: from the firmware, from user programs, and back to them.
 *
 * In user mode sscratch holds the hart's structure; in the nucleus tp does, and
 * sscratch is zero, by which a trap inside the nucleus is told.  Interrupts are
 * off in the nucleus throughout.
 */
#include <machine.h>

#define KERNE_FUNCTION(number, name, handler) .equ KERNE_##name, number
#include <functions.def>

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
#define CALLEE_SAVED 3, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27 /* by C */
#define ZEROED 1, 28, 29, 30, 31                             /* by a call */
#define WORDS 5, 6, 11, 12, 13, 14, 15, 16                   /* of a message */
#define OTHERS 7, 17

/* User mode's a0, tp, pc and sp go into the record of the process a0; then C
 * can run. */
.macro save_rest
    ld      t4, HART_SCRATCH(tp)
    csrrw   t5, sscratch, zero
    csrr    t6, sepc
    sd      t4, 8 * 10(a0)
    sd      t5, 8 * 4(a0)
    sd      t6, 0(a0)
    sd      sp, 8 * 2(a0)
    ld      sp, HART_STACK(tp)
.endm

/* Back to user mode: a0 = the process, tp = the hart.  Of its registers those
 * are loaded. */
.macro return_with numbers:vararg
    csrw    sscratch, tp
    ld      t3, 0(a0)
    csrw    sepc, t3
    each    ld, a0, 2, 4, \numbers
.endm

.macro zero
    .irp n, ZEROED
    li      x\n, 0
    .endr
.endm

/* a0 is the process that goes on.  A reservation of the one that ran before is
 * given up by a store that fails. */
.macro run_next
    sc.d    zero, zero, (tp)
    sd      a0, HART_RUNNING(tp)
.endm

/* A call that fast.c does at once, if the process may make it; `bit`: its place
 * in the mask. */
.macro fast name, bit
trap_\name:
    ld      a0, HART_RUNNING(tp)
    ld      a0, PROCESS_MASK(a0)
    slli    a0, a0, 63 - (\bit)
    bgez    a0, trap_general
    jal     t3, trap_fast
    j       fast_\name
.endm

/*
 * Any trap.  From user mode: the registers of the running process go into its
 * record.  Those that C functions keep may wait until it is known that they
 * must.  (The quickest call of all, get clock, saves none.)
 */
.balign 4
.global trap_entry
trap_entry:
    csrrw   tp, sscratch, tp
    beqz    tp, trap_in_nucleus
    sd      a0, HART_SCRATCH(tp)
    csrr    a0, scause
    addi    a0, a0, -CAUSE_CALL
    bnez    a0, trap_general
    addi    a0, a7, -KERNE_converse
    beqz    a0, trap_converse
    bltz    a0, 1f
    addi    a0, a0, KERNE_converse - KERNE_serve
    beqz    a0, trap_serve
    j       trap_general
1:  addi    a0, a7, -KERNE_get_clock
    beqz    a0, trap_clock
    addi    a0, a7, -KERNE_send_message
    beqz    a0, trap_send
    addi    a0, a7, -KERNE_wait_answer
    beqz    a0, trap_wait_answer
    j       trap_general

/* The same, without the fast paths. */
.balign 4
.global trap_entry_plain
trap_entry_plain:
    csrrw   tp, sscratch, tp
    beqz    tp, trap_in_nucleus
    sd      a0, HART_SCRATCH(tp)

trap_general:
    ld      a0, HART_RUNNING(tp)
    each    sd, a0, ZEROED, WORDS, OTHERS
    save_rest
    csrr    t3, scause
    addi    t3, t3, -CAUSE_CALL
    bnez    t3, 1f
    call    call_quick              /* a0 = who goes on, or 0 */
    ld      t3, HART_RUNNING(tp)
    beq     a0, t3, 3f
    each    sd, t3, CALLEE_SAVED
    bnez    a0, trap_return
    mv      a0, t3
    j       2f
1:  each    sd, a0, CALLEE_SAVED
2:  csrr    a1, scause
    csrr    a2, stval
    call    machine_trap

/* a0 = the process that goes on, tp = the hart. */
.global trap_return
trap_return:
    run_next
    return_with CALLEE_SAVED, ZEROED, WORDS, OTHERS, 10
    sret
3:  return_with ZEROED, WORDS, OTHERS, 10 /* the caller goes on */
    sret

    fast    converse, KERNE_converse - 80
    fast    serve, KERNE_serve - 80
    fast    send, KERNE_send_message / 2
    fast    wait_answer, KERNE_wait_answer / 2

trap_fast:                          /* t3 = where it is done */
    ld      a0, HART_RUNNING(tp)
    each    sd, a0, CALLEE_SAVED
    save_rest
    jalr    t3                      /* a0 = who goes on */
#if KERNE_CHECKS
    each    sd, a0, WORDS, OTHERS
    mv      s0, a0
    call    check_all
    mv      a0, s0
    each    ld, a0, WORDS, OTHERS
#endif
    run_next
    return_with CALLEE_SAVED
    ld      a0, 8 * 10(a0)
    zero
    sret

/* machine_general(p), from such a call: it goes the general way after all.  The
 * registers that are lost may stay as they are in the record: none of these
 * calls breaks, and its end, or call_clear_outputs, zeroes them. */
.global machine_general
machine_general:
    each    sd, a0, WORDS, OTHERS
    j       2b

/* fast_switch_all(q), from such a call: q goes on, with all of its record. */
.global fast_switch_all
fast_switch_all:
    call    machine_switch
    j       trap_return

/* Get clock: no register needs to be saved. */
trap_clock:
    ld      a0, HART_RUNNING(tp)
    ld      a0, PROCESS_MASK(a0)
    slli    a0, a0, 63 - KERNE_get_clock / 2
    bgez    a0, trap_general
    csrr    a0, sepc
    addi    a0, a0, 4
    csrw    sepc, a0
    rdtime  a0
    li      t2, 1                   /* normal */
    zero
    csrrw   tp, sscratch, tp
    sret

/* A trap taken inside the nucleus; tp is in sscratch.  Never returns. */
trap_in_nucleus:
    csrrw   tp, sscratch, tp
    ld      sp, HART_STACK(tp)      /* it may have run over */
    csrr    a0, scause
    csrr    a1, sepc
    csrr    a2, stval
    call    machine_trap_in_nucleus

/* fp_store(p), fp_load(p): the floating-point registers and p's record.  Of the
 * others, only t3 is clobbered. */
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
    ld      t3, PROCESS_FCSR(a0)
    csrw    fcsr, t3
    ret

/* The page below the stack is not mapped. */
.section .bss.stack, "aw", @nobits
.balign 4096
.global stack_guard
stack_guard:
    .skip   4096
    .skip   8192
stack_top:
