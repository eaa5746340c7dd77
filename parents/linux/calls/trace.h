/*
 * What programs call, in words: one line for each call when it ends, or begins
 * to wait; and for each signal that is delivered, and each end of a process.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct thread;
struct process;

enum trace_kind {
    TRACE_NOTHING,
    TRACE_MISSING, /* the first of each call that there is not */
    TRACE_CALLS,   /* those, and all others of whom is traced */
};
extern enum trace_kind trace_kind;

/* From now on: `nothing`, `missing`, `all`, one process by its number, or all
 * that run a program by its name.  False: it is none of these. */
bool trace_set(const char *what);

/* What it is now, as trace_set takes it. */
#define TRACE_WHAT_BYTES 16 /* its end included */
void trace_get(char ret_what[TRACE_WHAT_BYTES]);

/* Runs a call, and prints it with its value if its process is traced. */
long trace_call(struct thread *t, uint64_t number, const uint64_t *a);

void trace_missing(const struct thread *t, uint64_t number, const uint64_t *a);

/* Out of line, of what follows. */
void trace_delivered(const struct process *p, int signal);
void trace_ended(const struct process *p, int32_t status);

/* A signal comes to a handler, stops, or ends the process. */
static inline void trace_signal(const struct process *p, int signal)
{
    if (trace_kind == TRACE_CALLS) { trace_delivered(p, signal); }
}

/* The process has ended, with this wait status. */
static inline void trace_end(const struct process *p, int32_t status)
{
    if (trace_kind == TRACE_CALLS) { trace_ended(p, status); }
}
