/*
 * Conversations with a partner that waits already, messages and answers to one
 * that is ready, and what a foreign process asks of its parent.
 *
 * message.c and break.c are the definition.  Here is what they do when the
 * partner is quick (M5), and nothing has stopped it, or precedes it, since it
 * began to wait (T4): all that is one comparison of PROCESS_WAIT.  Where a
 * condition does not hold, nothing has changed, and the call goes the general
 * way; registers that are lost by then a call loses anyway.
 *
 * The words of a message stay where they are, in the registers of the machine.
 * t6 is the process that calls, whose own t6 is in sscratch, t5 its partner, t3
 * the buffer, tp the hart, ra HART_QUICK; t4 is free.
 */
#include "../entry.h"

.global fast_calls, fast_foreign, fast_break

/* ---- conditions --------------------------------------------------------- */

.macro same register, place, other
    ld      \register, \place
    bne     \register, \other, general
.endm

.macro some register, place
    ld      \register, \place
    beqz    \register, general
.endm

.macro is operation, place, number
    \operation t4, \place
    .if \number
    addi    t4, t4, -(\number)
    .endif
    bnez    t4, general
.endm

/* t5 = whom a0 addresses, if that was so last time.  It waits for a message; or
 * not, at the label. */
.macro receiver otherwise
    ld      ra, HART_QUICK(tp)
    same    t4, PROCESS_FAR_ADDRESS(t6), a0
    same    t4, PROCESS_FAR_EPOCH(t6), ra
    ld      t5, PROCESS_FAR(t6)
    ld      t4, PROCESS_WAIT(t5)
    ori     t4, t4, KERNE_WAITS_EVENT - KERNE_WAITS_MESSAGE
    bne     t4, ra, \otherwise
.endm

/* t2 is the result of an answer to the message a0, which t5 has sent, and t6
 * works on; its next identity has another generation. */
.macro answers
    some    t3, PROCESS_SERVING(t6)
    same    t4, BUFFER_IDENTITY(t3), a0
    addi    t4, t2, -1
    sltiu   t4, t4, 5               /* results are 1 to 5 */
    beqz    t4, general
    addi    t4, a0, 1
    slli    t4, t4, 64 - GENERATION_BITS
    beqz    t4, general
    ld      t5, BUFFER_SENDER(t3)
.endm

/* t5 may be kept in mind until t6 waits: nobody is, a slice will end, and it is
 * nothing above t6, which it would precede. */
.macro may_post
    is      ld, HART_HANDOFF(tp), 0
    is      lbu, HART_ONLY_RUNNABLE(tp), 0
    lbu     t4, PROCESS_DEPTH(t5)
    lbu     ra, PROCESS_DEPTH(t6)
    bltu    t4, ra, general
.endm

/* ---- what is done ------------------------------------------------------- */

/* Registers and words of the buffer, from one of them on. */
.macro words operation, first, numbers:vararg
    .set    at, BUFFER_WORDS + 8 * \first
    .irp n, \numbers
    \operation x\n, at(t3)
    .set    at, at + 8
    .endr
.endm

.macro state number
    li      t4, \number
    sb      t4, BUFFER_STATE(t3)
.endm

/* The buffer is a message to t5, which learns `from`; a0 = its identity. */
.macro fill number, from
    sd      t5, BUFFER_RECEIVER(t3)
    ld      t4, HART_ACCOUNT(tp)
    ld      t4, PROCESS_IDENTITY(t4)
    sd      t4, BUFFER_ACCOUNT(t3)
    sd      \from, BUFFER_FROM(t3)
    state   \number
    ld      a0, BUFFER_IDENTITY(t3)
.endm

/* The conversation a0 is over. */
.macro free
    addi    t4, a0, 1
    sd      t4, BUFFER_IDENTITY(t3)
    sb      zero, BUFFER_STATE(t3)
.endm

/* The buffer joins a ring of a process, at its end. */
.macro insert process, list, member
    ld      t4, \list + 8(\process)
    addi    ra, \process, \list
    sd      ra, \member(t3)
    sd      t4, \member + 8(t3)
    addi    ra, t3, \member
    sd      ra, 0(t4)
    sd      ra, \list + 8(\process)
.endm

.macro remove member
    ld      t4, \member(t3)
    ld      ra, \member + 8(t3)
    sd      ra, 8(t4)
    sd      t4, 0(ra)
.endm

/* t6 waits from now on. */
.macro wait kind, for
    addi    ra, ra, KERNE_WAITS_\kind - KERNE_WAITS_EVENT
    sd      ra, PROCESS_WAIT(t6)
    sd      \for, PROCESS_WAIT_FOR(t6)
.endm

/* What t6 keeps over a call. */
.macro keep
    csrr    t4, sepc
    sd      t4, 0(t6)
    each    sd, t6, 2, CALLEE_SAVED
.endm

/* ---- calls -------------------------------------------------------------- */

/* A call of a process that may make all of these; as left by trap_entry. */
fast_calls:
    addi    t5, a7, -KERNE_converse
    beqz    t5, converse
    bltz    t5, 1f
    addi    t5, a7, -KERNE_serve
    beqz    t5, serve
    j       trap_general
1:  addi    t5, a7, -KERNE_get_clock
    beqz    t5, get_clock
    bgtz    t5, 2f
    .irp name, send_message, wait_answer, send_answer, wait_message
    addi    t5, a7, -KERNE_\name
    beqz    t5, \name
    .endr
2:  j       trap_general
general: j       trap_general_late

converse:
    is      ld, HART_HANDOFF(tp), 0
    some    t3, PROCESS_SPARE(t6)
    receiver general
    sd      zero, PROCESS_SPARE(t6)
    words   sd, 0, WORDS
    sd      a7, 8 * 17(t6)
    ld      a7, PROCESS_FAR_FROM(t6)
    fill    KERNE_RECEIVED, a7
    sd      t3, PROCESS_SERVING(t5)
    wait    ANSWER, a0
    li      t2, KERNE_MESSAGE

/* t5 goes on behind its call; the registers of the interface are as they are to
 * be. */
hand_over:
    keep
kept:   sd      zero, PROCESS_WAIT(t5)
    switch
    check
    ld      t4, 0(t5)
    addi    t4, t4, 4
    csrw    sepc, t4
    load    t5, CALLEE_SAVED
    lose
    sret

send_message:
    receiver 1f
    may_post
    some    t3, PROCESS_SPARE(t6)
2:  sd      zero, PROCESS_SPARE(t6)
    words   sd, 0, WORDS
    ld      t2, PROCESS_FAR_FROM(t6)
    fill    KERNE_QUEUED, t2
    lhu     t4, PROCESS_WAIT(t5)
    beqz    t4, 3f

/* t5 goes on when t6 waits; it is told then, or at the next trap that goes the
 * general way. */
post:   sd      t5, HART_HANDOFF(tp)
    sd      t3, HART_POSTED(tp)
    j       resume

/* One that is ready finds the message in its queue. */
1:  is      lhu, PROCESS_WAIT(t5), KERNE_WAITS_NOT
    is      ld, HART_POSTED(tp), 0
    ld      t3, PROCESS_SPARE(t6)
    bnez    t3, 2b
    la      ra, nucleus
    lw      t4, PROCESS_CLAIMS + CLAIM_FREE(t6)
    beqz    t4, general
    some    t3, NUCLEUS_FREE_BUFFER(ra)
    addi    t4, t4, -1
    sw      t4, PROCESS_CLAIMS + CLAIM_FREE(t6)
    ld      t4, 0(t3)
    sd      t4, NUCLEUS_FREE_BUFFER(ra)
    addi    t3, t3, -BUFFER_CLAIM
    insert  t6, PROCESS_IN_USE, BUFFER_CLAIM
    sd      t6, BUFFER_SENDER(t3)
    j       2b
3:  insert  t5, PROCESS_EVENTS, BUFFER_EVENT
    insert  t5, PROCESS_MESSAGES, BUFFER_MESSAGE
    j       resume

/* For the answer of whom its message was posted to, or that has come first. */
wait_answer:
    ld      t3, HART_POSTED(tp)
    beqz    t3, 1f
    same    t4, BUFFER_IDENTITY(t3), a0
    same    t4, BUFFER_SENDER(t3), t6
    ld      ra, HART_QUICK(tp)
    wait    ANSWER, a0
    ld      t5, BUFFER_RECEIVER(t3)
    sd      t3, PROCESS_SERVING(t5)
    state   KERNE_RECEIVED
    sd      a7, 8 * 17(t6)
    ld      a7, BUFFER_FROM(t3)
    li      t2, KERNE_MESSAGE
deliver: words   ld, 0, WORDS
    sd      zero, HART_HANDOFF(tp)
    sd      zero, HART_POSTED(tp)
    j       hand_over

1:  addi    t4, a0, 1
    slli    t4, t4, 64 - GENERATION_BITS
    beqz    t4, general
    ld      t3, PROCESS_EVENTS(t6)
    addi    t4, t6, PROCESS_EVENTS
    beq     t3, t4, general
    same    t4, BUFFER_IDENTITY(t3), a0
    is      lw, BUFFER_STATE(t3), KERNE_ANSWERED
    remove  BUFFER_EVENT
    words   ld, 0, WORDS
    lbu     t2, BUFFER_RESULT(t3)
    free
    ld      t4, PROCESS_SPARE(t6)
    bnez    t4, 2f
    sd      t3, PROCESS_SPARE(t6)
    j       3f
2:  lw      t4, PROCESS_CLAIMS + CLAIM_FREE(t6)
    addi    t4, t4, 1
    sw      t4, PROCESS_CLAIMS + CLAIM_FREE(t6)
    remove  BUFFER_CLAIM
    la      t4, nucleus
    ld      ra, NUCLEUS_FREE_BUFFER(t4)
    sd      ra, BUFFER_CLAIM(t3)
    addi    t3, t3, BUFFER_CLAIM
    sd      t3, NUCLEUS_FREE_BUFFER(t4)
    j       3f

get_clock: rdtime  a0

/* t6 goes on behind its call; t2 becomes 1, normal or a message. */
resume: li      t2, 1
3:  csrr    t4, sepc
    addi    t4, t4, 4
    csrw    sepc, t4
    csrw    sscratch, t6
    ld      tp, 8 * 4(t6)
    lose
    sret

serve:
    answers
    addi    t4, t6, PROCESS_EVENTS
    ld      ra, PROCESS_EVENTS(t6)
    bne     t4, ra, 1f
    is      ld, HART_HANDOFF(tp), 0
    same    t4, PROCESS_WAIT_FOR(t5), a0
    ld      ra, HART_QUICK(tp)
    ld      t4, PROCESS_WAIT(t5)
    sub     t4, t4, ra
    addi    t4, t4, KERNE_WAITS_EVENT - KERNE_WAITS_ANSWER
    bnez    t4, 2f
    is      ld, PROCESS_SPARE(t5), 0
    sd      t3, PROCESS_SPARE(t5)
    free
    sd      zero, PROCESS_SERVING(t6)
    wait    EVENT, zero
    ld      a7, 8 * 17(t5)
    j       hand_over

/* It is in a break, and goes on behind its call, or tries again. */
2:  is      mv, t4, KERNE_WAITS_BREAK - KERNE_WAITS_ANSWER
    is      mv, t2, KERNE_r_normal
    addi    t4, a1, -KERNE_AGAIN
    beqz    t4, 3f
    is      mv, a1, KERNE_GO_ON
    is      ld, BUFFER_WORDS(t3), KERNE_BREAK_CALL
    sd      a2, 8 * 10(t5)
    ld      t4, 0(t5)
    addi    t4, t4, 4
    sd      t4, 0(t5)
3:  free
    sd      zero, PROCESS_SERVING(t6)
    wait    EVENT, zero
    keep
    sd      zero, PROCESS_WAIT(t5)
    switch
    check
    mv      a0, t5
    j       trap_return

/* The first event of t6, ra, is a message for which the same one pays; and t5
 * is ready, and finds the answer in its queue. */
1:  is      ld, HART_POSTED(tp), 0
    is      lhu, PROCESS_WAIT(t5), KERNE_WAITS_NOT
    is      lw, BUFFER_STATE(t3), KERNE_RECEIVED
    is      lw, BUFFER_STATE(ra), KERNE_QUEUED
    ld      t4, HART_ACCOUNT(tp)
    ld      t4, PROCESS_IDENTITY(t4)
    same    ra, BUFFER_ACCOUNT(ra), t4
    words   sd, 0, WORDS
    state   KERNE_ANSWERED
    sb      t2, BUFFER_RESULT(t3)
    insert  t5, PROCESS_EVENTS, BUFFER_EVENT
    ld      t3, PROCESS_EVENTS(t6)
    remove  BUFFER_EVENT
    remove  BUFFER_MESSAGE
    state   KERNE_RECEIVED
    sd      t3, PROCESS_SERVING(t6)
    ld      a0, BUFFER_IDENTITY(t3)
    ld      a7, BUFFER_FROM(t3)
    words   ld, 0, WORDS
    j       resume

send_answer:
    answers
    same    t4, PROCESS_WAIT_FOR(t5), a0
    ld      ra, HART_QUICK(tp)
    addi    ra, ra, KERNE_WAITS_ANSWER - KERNE_WAITS_EVENT
    same    t4, PROCESS_WAIT(t5), ra
    may_post
    words   sd, 0, WORDS
    state   KERNE_ANSWERED
    sb      t2, BUFFER_RESULT(t3)
    sd      zero, PROCESS_SERVING(t6)
    j       post

/* While t5 goes on with the answer that t6 has posted. */
wait_message:
    some    t3, HART_POSTED(tp)
    same    t4, BUFFER_RECEIVER(t3), t6
    addi    t4, t6, PROCESS_MESSAGES
    same    ra, PROCESS_MESSAGES(t6), t4
    ld      t5, BUFFER_SENDER(t3)
    is      ld, PROCESS_SPARE(t5), 0
    sd      t3, PROCESS_SPARE(t5)
    ld      ra, HART_QUICK(tp)
    wait    MESSAGE, zero
    sd      a0, 8 * 10(t6)
    ld      a0, BUFFER_IDENTITY(t3)
    free
    lbu     t2, BUFFER_RESULT(t3)
    ld      a7, 8 * 17(t5)
    j       deliver

/* ---- a foreign process -------------------------------------------------- */

/* t6 may make no call, not even set interrupt: it breaks; as left by
 * trap_entry. */
fast_foreign:
    each    sd, t6, 1, 28, 29, WORDS, OTHERS, 10
    ld      ra, HART_QUICK(tp)
    ld      t5, PROCESS_PARENT(t6)
    same    t4, PROCESS_WAIT(t5), ra
    is      ld, HART_HANDOFF(tp), 0
    csrr    t4, sscratch
    sd      t4, 8 * 31(t6)
    ld      t3, PROCESS_BREAKS(t6)
    li      t4, KERNE_BREAK_CALL
    words   sd, 0, 29, 17, 10, 11, 12, 13, 14, 15
    keep
    mv      a0, t6

/* fast_break(p): so its parent, which is quick, is told.  Never returns. */
fast_break:
    mv      t6, a0
    ld      t5, PROCESS_PARENT(t6)
    ld      t3, PROCESS_BREAKS(t6)
    ld      ra, HART_QUICK(tp)
    sd      t6, PROCESS_CULPRIT(t6)
    words   ld, 0, WORDS
    lhu     a7, PROCESS_NUMBER(t6)  /* it learns (0, number) */
    fill    KERNE_RECEIVED, a7
    sd      t3, PROCESS_SERVING(t5)
    wait    BREAK, a0
    li      t2, KERNE_BREAK
    j       kept
