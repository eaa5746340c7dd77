/*
 * Waiting: a call that cannot be done yet puts its thread into queues, and is
 * run again from its beginning when one of them is woken.
 *
 *   W1  a thread is in queues only while it waits in a call
 *   W2  whoever makes possible what others wait for wakes the queue: nothing is
 *       tried again without
 *   W3  a thread's break is unanswered while it waits
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct thread;

/* The value of a call that waits: it is not answered now.  The value of one
 * that leaves nothing to answer: the thread is gone, or has other registers. */
#define CALL_WAITS (-10000L)
#define CALL_NO_ANSWER (-10001L)
/* A signal came first.  What is restarted after its handler, if that has
 * SA_RESTART; the program sees EINTR otherwise. */
#define CALL_RESTART (-10002L)
/* The same for one that is never restarted after a handler: EINTR.  Without a
 * handler (the signal stopped it) both go on waiting. */
#define CALL_INTERRUPTED (-10003L)
/* Whatever is not below this is a call's value. */
#define CALL_LEAST (-9999L)

static inline bool call_is_cut(long value)
{
    return value == CALL_RESTART || value == CALL_INTERRUPTED;
}

struct waiter {
    struct waiter *next, *previous;      /* in the queue, a ring */
    struct thread *thread;               /* null: `tell` is called instead */
    void (*tell)(struct waiter *waiter); /* wakes, and does no more */
};

struct queue {
    struct waiter *first; /* null: nobody waits */
};

/* Lets the calling thread wait for one queue (null: for a signal or its
 * deadline only).  Returns what the call returns: CALL_WAITS; CALL_RESTART, a
 * signal is to be delivered. */
long wait_on(struct thread *t, struct queue *queue);

/* The same for a call that is never restarted: CALL_INTERRUPTED. */
static inline long wait_once(struct thread *t, struct queue *queue)
{
    return wait_on(t, queue) == CALL_WAITS ? CALL_WAITS : CALL_INTERRUPTED;
}

/* The call that a thread has waited in has come to its end. */
void wait_over(struct thread *t);

/* For a call that waits for several: adds one by one, then wait_on(t, NULL).
 * `waiter` is the caller's, and stays until wait_end. */
void wait_add(struct thread *t, struct queue *queue, struct waiter *waiter);
void wait_take_out(struct queue *queue, struct waiter *waiter);

/* Adds one that is no thread: until it is taken out, or the queue goes (then
 * its `next` is null), it is told of each wake. */
void wait_add_told(struct queue *queue, struct waiter *waiter,
                   void (*tell)(struct waiter *waiter));

/* Runs the calls again of all who wait in the queue, soon. */
void queue_wake(struct queue *queue);

/* The same, and nobody waits there any more: the queue goes. */
void queue_end(struct queue *queue);

/* Runs the thread's call again, soon, if it waits. */
void thread_wake(struct thread *t);

/* The thread waits no more: it is in no queue. */
void wait_end(struct thread *t);
