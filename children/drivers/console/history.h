/*
 * Lines that were typed, for each addressee its own.
 *
 * H1  The number of lines is bounded; the oldest goes first.  No addressee
 *     has more than half of them, so that one does not wipe out the others'.
 * H2  No line stands twice in a row, and none is empty.
 */
#ifndef HISTORY_H
#define HISTORY_H

#include <stddef.h>

#define HISTORY_LINES 64

void history_add(const char *whom, const char *text, size_t length);

/* The line typed to `whom` so many lines ago, 0 the last; null: there is none.
 * It stays until the next one is added. */
const char *history_line(const char *whom, size_t ago);

#endif
