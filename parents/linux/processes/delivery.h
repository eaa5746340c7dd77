/*
 * Delivery: before a thread goes on, each signal that is due enters its
 * handler, or does what it does by default.
 *
 *   Y1  what a handler interrupts is kept in a frame on the program's stack,
 *       and rt_sigreturn goes on from there; nothing of it is kept here
 *   Y2  a mask that is a call's ends with the call: the frame has the thread's
 *       own
 *
 * No pointer argument may be null.
 */
#pragma once

#include <processes/process.h>

/* Blocks the signals of a set of the program's, of so many bytes, while a call
 * is run: up to the handler that ends it, or up to its end without one.  0, or
 * an error. */
long delivery_block_for_call(struct thread *t, uint64_t address,
                             uint64_t bytes);
void delivery_unblock_after_call(struct thread *t);

/* Before a thread goes on, with attention: `value` is what its call is to
 * return (or CALL_RESTART).  Returns the value to answer, CALL_NO_ANSWER if the
 * thread has been answered, or its process is to end. */
long delivery_attend(struct thread *t, long value);

/* The same after a fault that has been mended: false, it has been answered, or
 * its process is to end. */
bool delivery_attend_fault(struct thread *t);

/* After a fault of the thread's own: the signal is delivered, or ends it. */
void delivery_fault(struct thread *t, int signal, int code, uint64_t address);

/* A thread that computes is interrupted for all that is due. */
void delivery_interrupt(struct thread *t);

/* Takes what comes first of a set, of which one waits at least. */
void delivery_take(struct thread *t, sigset set, struct siginfo *ret_info);
