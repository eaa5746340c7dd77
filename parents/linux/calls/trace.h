/*
 * What programs call, in words: one line for each call.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <stdint.h>

struct thread;

enum trace_kind {
    TRACE_NOTHING,
    TRACE_MISSING, /* the first of each call that there is not */
    TRACE_CALLS,   /* those, and all others */
};
extern enum trace_kind trace_kind;

/* Runs a call, and prints it with its value. */
long trace_call(struct thread *t, uint64_t number, const uint64_t *a);

void trace_missing(const struct thread *t, uint64_t number, const uint64_t *a);
