/*
 * What a program wrote, as it is shown: so that no program speaks with the
 * voice of another one, of the console, or of the operator.
 *
 * V1  A program moves the cursor by newline and tab only.  All else that is
 *     not simply seen is shown as an escape (utf8.h, T2).
 * V2  A program's line never begins as a line of the console's own does, and
 *     nor does the next row of one that is longer than a row: the first blank
 *     that would stand there is shown as an escape, `from\x20s`.  Where the
 *     console's own lines have an attribute, they are told by that.
 */
#ifndef VOICE_H
#define VOICE_H

#include <stdbool.h>
#include <stddef.h>

/* Columns of a row, where nobody has said how many there are. */
#define VOICE_ROW 80

/* Whether V2 is kept by escapes: at first, yes. */
void voice_mark_lines(bool mark);

/* Another program speaks; or the cursor has come to the start of a line. */
void voice_new_speaker(void (*put)(char c));
void voice_new_line(void);

/* Hands on what is to be shown of a text, one line's end as `\n`.  A character
 * that is cut off at its end waits for the rest of it. */
void voice_text(const char *text, size_t bytes, void (*put)(char c));

#endif
