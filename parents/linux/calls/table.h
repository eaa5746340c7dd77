/*
 * The calls: one table, table.def, from number to function, with name and
 * arguments.
 *
 * A function has the thread that calls and its six arguments, and returns the
 * value, or a negative error; or CALL_WAITS or CALL_NO_ANSWER (waiting/wait.h).
 */
#pragma once

#include <abi.h>
#include <calls/trace.h>
#include <stddef.h>

struct thread;

#define CALLS 512

struct call_entry {
    const char *name;
    const char *arguments; /* a letter for each; see table.def */
    long (*function)(struct thread *t, const uint64_t *a);
};

extern const struct call_entry call_table[CALLS];

/* Runs one that there is not, or is to be traced. */
long call_run_oddly(struct thread *t, uint64_t number, const uint64_t *a);

/* Runs one; of a number that there is not, ENOSYS. */
static inline long call_run(struct thread *t, uint64_t number,
                            const uint64_t *a)
{
    return number < CALLS && call_table[number].function != NULL &&
                   trace_kind != TRACE_CALLS
               ? call_table[number].function(t, a)
               : call_run_oddly(t, number, a);
}

#define LINUX_CALL(number, name, arguments) \
    long call_##name(struct thread *t, const uint64_t *a);
#include "table.def"
#undef LINUX_CALL
