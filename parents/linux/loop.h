/*
 * Events, and the loop that takes them one by one.
 *
 *   O1  the last answer may still be held, to go with the next wait;
 *       loop_flush() gives it at once
 */
#pragma once

#include <stdint.h>

struct process;
struct thread;
struct parent;

extern struct parent linux_parent; /* this system */

/* What is to be done before the next event is waited for: threads are ready, a
 * deadline was set, something was done with the terminal.  Those that are ready
 * may wait until their waker calls next, but with LOOP_NOW.  Signals are to be
 * delivered; frames are few. */
enum {
    LOOP_READY = 1,
    LOOP_TIMER = 2,
    LOOP_SCREEN = 4,
    LOOP_NOW = 8,
    LOOP_SIGNALS = 16,
    LOOP_FRAMES = 32
};
extern unsigned loop_due;

/* Serves until the first process has ended; returns its exit status, or calls
 * main.c's loop_finish() with it, which ends all the others, and this
 * system. */
int loop_run(void);
_Noreturn void loop_finish(int status);

/* Lets a thread that waits in a break go on behind its call, with a value; or
 * try again where it is. */
void loop_go_on(struct thread *t, long value);
void loop_again(struct thread *t);

/* Gives the answer that is held, if one is. */
void loop_flush(void);

/* The thread's call is run again, soon. */
void loop_make_ready(struct thread *t);

/* The same, behind one that now begins: this one's child. */
void loop_begin_before(struct thread *t);

/* The clock has said that soon is now. */
void loop_soon(void);

/* The thread is going: nothing of it is held. */
void loop_forget(struct thread *t);

/* The process whose call or fault is being dealt with; null: nobody's. */
struct process *loop_process(void);

/* The thread whose call is being run. */
struct thread *loop_thread(void);

/* The first process has ended. */
void loop_end(int status);
