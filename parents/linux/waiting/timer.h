/*
 * Deadlines: of all who wait for a time, the clock is asked for the earliest.
 *
 *   T1  a thread is in the list while its deadline is not 0
 *   T2  at most two messages are at the clock: for the earliest deadline, and
 *       for a time that is always soon
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct thread;

/* The thread's call is run again at this time of time_now(), with is_timed_out;
 * unless it ends before. */
void timer_set(struct thread *t, uint64_t deadline);
void timer_forget(struct thread *t);

/* What is done at a time, whoever waits.  Its owner keeps it, zeroed but for
 * `ring`, which is called once each time it has been set. */
struct alarm {
    struct alarm *next;
    uint64_t deadline; /* of time_now(); 0: it is not set */
    void (*ring)(struct alarm *alarm);
};
void alarm_set(struct alarm *alarm, uint64_t deadline);
void alarm_forget(struct alarm *alarm);

/* Before the loop waits: sees to it that the clock wakes us. */
void timer_ask(void);

/* Sees to it that some event comes within milliseconds.  False: none will. */
bool timer_is_soon(void);

/* Is this the clock's answer?  Then those are woken whose time has come. */
bool timer_answer(uint64_t buffer);
