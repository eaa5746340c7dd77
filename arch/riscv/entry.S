/*
 * Entry: from the firmware, from user programs, and back to them.
 *
 * In user mode sscratch holds the record of the process that runs; in the
 * nucleus it is that of nobody, whom no hart runs, and so a trap inside the
 * nucleus is told.  tp is the hart there.  Interrupts are off in the nucleus
 * throughout.
 */
#include "entry.h"

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
    la      sp, stack_top           /* it does not begin */
    la      a0, no_paging
    call    machine_print
1:  wfi
    j       1b
.balign 4
2:  sd      sp, MACHINE_HART_STACK(tp)
    la      t0, nobody
    csrw    sscratch, t0
    mv      a0, s0
    mv      a1, s1
    call    boot_machine            /* which starts the root */

.section .rodata
no_paging:
    .asciz  "boot: this machine lacks Sv39 paging, and halts\n"

.text

/*
 * Any trap.  Its process becomes t6, whose own t6 is in sscratch, and tp the
 * hart; tp and t5 go into the record, and t5 is free.  A call begins where the
 * record says.
 */
.balign 4
.global trap_entry
trap_entry:
    csrrw   t6, sscratch, t6
    sd      t5, 8 * 30(t6)
    csrr    t5, scause
    addi    t5, t5, -CAUSE_CALL
    bnez    t5, 1f
    sd      tp, 8 * 4(t6)
    ld      tp, PROCESS_HART(t6)
    ld      t5, PROCESS_CALLS(t6)
    jr      t5
1:  ld      t5, PROCESS_HART(t6)
    beqz    t5, trap_in_nucleus
    sd      tp, 8 * 4(t6)
    mv      tp, t5

/*
 * As left by trap_entry; trap_general_late: ra, t3 and t4 are in the record, or
 * may be lost.  The others go there.  Those that C functions keep may wait
 * until it is known that they must.
 */
.global trap_general, trap_general_late
trap_general:
    each    sd, t6, 1, 28, 29
trap_general_late:
    each    sd, t6, 2, WORDS, OTHERS, 10
    ld      sp, MACHINE_HART_STACK(tp)
    la      t3, nobody
    csrrw   t3, sscratch, t3
    csrr    t4, sepc
    sd      t3, 8 * 31(t6)
    sd      t4, 0(t6)
    sd      t6, MACHINE_HART_RUNNING(tp)
    sd      t6, HART_CURRENT(tp)
    ld      t3, HART_POSTED(tp)
    beqz    t3, 1f
    call    queue_posted
1:  ld      a0, MACHINE_HART_RUNNING(tp)
    csrr    t3, scause
    addi    t3, t3, -CAUSE_CALL
    bnez    t3, 2f
    call    call_quick              /* a0 = who goes on, or 0 */
    ld      t3, MACHINE_HART_RUNNING(tp)
    beq     a0, t3, 4f
    each    sd, t3, CALLEE_SAVED
    bnez    a0, trap_return
    mv      a0, t3
    j       3f
2:  each    sd, a0, CALLEE_SAVED
3:  csrr    a1, scause
    csrr    a2, stval
    call    machine_trap

/* a0 = the process that goes on. */
.global trap_return
trap_return:
    ld      t3, 0(a0)
    csrw    sepc, t3
    load    a0, CALLEE_SAVED, LOST, WORDS, OTHERS, 10
    sret
4:  ld      t3, 0(a0)               /* the caller goes on */
    csrw    sepc, t3
    load    a0, LOST, WORDS, OTHERS, 10
    sret

#if KERNE_CHECKS
.global trap_check                  /* returns by s0; see entry.h */
trap_check:
    ld      sp, MACHINE_HART_STACK(tp)
    sd      t5, HART_CURRENT(tp)
    addi    sp, sp, -256
    each    sd, sp, 30, WORDS, OTHERS, 10
    call    check_all
    each    ld, sp, 30, WORDS, OTHERS, 10
    jr      s0
#endif

/* A trap taken inside the nucleus.  Never returns. */
trap_in_nucleus:
    ld      sp, MACHINE_HART_STACK(tp)      /* it may have run over */
    csrr    a0, scause
    csrr    a1, sepc
    csrr    a2, stval
    call    machine_trap_in_nucleus

/* ---- floating point, and the right to the counters ----------------------- */

.option arch, +f, +d
.macro each_f operation, base
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, \
            19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    \operation f\n, PROCESS_F + 8 * \n(\base)
    .endr
.endm

/* They are called by t3. */
1:  each_f  fsd, t6
    jr      t3
2:  each_f  fld, t5
    ld      t4, PROCESS_FCSR(t5)
    csrw    fcsr, t4
    jr      t3

/* What machine_switch does but for the address space, from t6 to t5; t3 and t4:
 * what is special about them.  Or for C, from a process to another. */
.global switch_special, switch_special_from
switch_special_from:
    mv      t6, a0
    mv      t5, a1
    lbu     t3, PROCESS_SPECIAL(t6)
    lbu     t4, PROCESS_SPECIAL(t5)
switch_special:
    andi    t3, t3, SPECIAL_FLOATS
    beqz    t3, 4f
    csrr    t3, sstatus
    bgez    t3, 3f                  /* they have not changed */
    jal     t3, 1b
3:  csrr    t3, fcsr                /* flags may have */
    sd      t3, PROCESS_FCSR(t6)
4:  xori    t3, t4, SPECIAL_NO_COUNTERS
    andi    t3, t3, SPECIAL_NO_COUNTERS
    csrw    scounteren, t3
    andi    t4, t4, SPECIAL_FLOATS
    li      t3, STATUS_FS
    beqz    t4, 5f
    csrs    sstatus, t3
    jal     t3, 2b
    li      t3, STATUS_FS - STATUS_FS_CLEAN
5:  csrc    sstatus, t3
    ret

/* The page below the stack is not mapped. */
.section .bss.stack, "aw", @nobits
.balign 4096
.global stack_guard
stack_guard:
    .skip   4096
    .skip   8192
stack_top:
