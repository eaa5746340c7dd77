/*
 * What the operator sees: whole items of output, each headed by its speaker
 * when that changes, and below them the line that is being typed.
 *
 * S1  The typed line is the last thing on the screen, or it is hidden.
 * S2  Output and remarks are written only while it is hidden.
 * S3  On a terminal the console's own words, and its parent's, have attributes
 *     that nothing else has: bold, and a colour.
 * S4  What a program wrote is shown so that it can neither wipe out what
 *     another one wrote nor be taken for it: voice.h.  While the screen is
 *     one's alone (raw.h) it is not; before anything else is written, that is
 *     undone, and the operator told.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "edit.h"
#include "modes.h"

/* A line of the operator's, without its newline. */
#define SCREEN_LINE_BYTES EDIT_BYTES
struct screen_line {
    const char *prompt;
    struct edit edit;
};

/* There is a terminal of that size; or it has another size now. */
void screen_set_size(size_t rows, size_t columns);
bool screen_is_terminal(void);
size_t screen_columns(void); /* 0: there is none */
size_t screen_rows(void);

/* Hides the typed line; writes `from SPEAKER` if another one spoke last. */
void screen_speaker(const char *speaker, bool is_parent);

/* Text of the last speaker. */
void screen_text(const char *text, size_t bytes);

/* A remark of the driver's own, on a line of its own, which begins as no
 * program's line does (voice.h, V2). */
void screen_remark(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Words that a program has left, on a line of its own: plain, or they would
 * be taken for the console's. */
void screen_words(const char *text);

/* The screen is the program's alone: what it writes goes to the terminal as it
 * is.  `modes` is what it made of the terminal before, and learns more; it
 * stays in use until the end.  That comes by itself with all that is written
 * besides. */
void screen_begin_raw(const char *name, struct modes *modes);
void screen_raw_text(const char *text, size_t bytes);
void screen_end_raw(void);
bool screen_is_raw(void);

/* Shows `line` with its prompt, on a line of its own; it stays in use until
 * it is hidden or ended. */
void screen_show(const struct screen_line *line);
bool screen_shows(void);
void screen_hide(void);

/* The shown line has come to its end: it becomes part of what was written. */
void screen_end_line(void);

/* Writes what keys have changed of the shown line since the last time. */
void screen_refresh(void);
void screen_bell(void);
void screen_clear(void);

#endif
