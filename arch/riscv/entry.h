/* What the assembly of this port shares. */
#pragma once

#ifdef __ASSEMBLER__

#include <machine.h>
#include <offsets.h> /* made by tools/offsets.py */

#define CALLEE_SAVED 3, 8, 9, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27 /* by C */
#define LOST 1, 28, 29, 30, 31                               /* by a call */
#define WORDS 11, 12, 13, 14, 15, 16, 5, 6                   /* of a message */
#define OTHERS 7, 17

.macro each operation, base, numbers:vararg
    .irp n, \numbers
    \operation x\n, 8 * \n(\base)
    .endr
.endm

/* What no call leaves. */
.macro lose
    .irp n, LOST
    li      x\n, 0
    .endr
.endm

/* Back to user mode: those registers of a process are loaded.  A reservation of
 * the one that ran before is given up by a store that fails. */
.macro load base, numbers:vararg
    csrw    sscratch, \base
    sc.d    zero, zero, (\base)
    each    ld, \base, 2, 4, \numbers
.endm

/* Instead of t6 t5 runs: its address space, right to the counters, and floating
 * point.  ra, t3 and t4 are lost. */
.macro switch
    lbu     t3, PROCESS_SPECIAL(t6)
    lbu     t4, PROCESS_SPECIAL(t5)
    or      ra, t3, t4
    beqz    ra, 9f
    jal     switch_special
9:  ld      t4, PROCESS_SPACE(t5)
    csrw    satp, t4
.endm

/* In checking builds, check_all() before t5 goes on: in its record are those
 * that C functions keep. */
.macro check
#if KERNE_CHECKS
    jal     s0, trap_check
#endif
.endm

#endif
