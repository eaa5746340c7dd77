/*
 * The arguments of a call in words, each of a kind that a letter says
 * (table.def).  A program's storage is looked at, and what is not there as yet
 * is brought; what may not be looked at is shown as an address.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <calls/line.h>

struct thread;

/* Does it show what the call has brought?  Then it is known when the call has
 * ended only. */
bool argument_is_brought(char kind);

/* The argument is a[0]; a[1] is the next one.  `value` is the call's, if it has
 * ended. */
void argument_add(struct line *line, struct thread *t, char kind,
                  const uint64_t *a, long value);
