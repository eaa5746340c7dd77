/*
 * Carriers: the nucleus's processes, which carry threads.  To make one anew
 * costs less than to remove one, and both more than to use one again; so who
 * has lost its thread stays, in its break, until another thread comes.
 *
 *   V1  a carrier has the windows of one space, or is idle and has only those
 *       that are kept
 *   V2  the first of a space's, `reference`, stays as long as the space
 *   V3  an idle one is in a break that is held; the first of a space's that is
 *       not is spent: it is stopped, and removed with the space
 *
 * No pointer argument may be null.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct kept;
struct space;
struct thread;

struct carrier {
    struct carrier *next;
    uint64_t reference;
    uint64_t buffer;   /* of its break; 0: it is spent */
    uint64_t ticks;    /* that it has run, when it lost its thread */
    uint32_t number;   /* among the nucleus's children */
    struct kept *kept; /* of an idle one; null: it has no windows */
};

/* A number among the nucleus's children that no carrier gets; false: there is
 * none. */
bool carrier_number(uint32_t *ret_number);

/* Gives a thread a carrier with the windows of a space.  False: there can be
 * none. */
bool carrier_take(struct thread *t, struct space *space);

/* Is there an idle one with windows of a program's? */
bool carrier_is_kept(const void *key);

/* How many there are, how many of them are idle, in a space or without, and how
 * many of those have windows. */
struct carrier_counts {
    unsigned all, idle, kept;
};
struct carrier_counts carrier_counts(void);

/* Nanoseconds that a thread has run, on this carrier and those before. */
uint64_t carrier_time(const struct thread *t);

/* Takes it from a thread, which uses its space still. */
void carrier_give_back(struct thread *t);

/* The thread goes on from the registers that have been set; of a process that
 * is stopped, when that goes on. */
void carrier_begin(struct thread *t);
