/*
 * What the operator sees: whole items of output, each headed by its speaker
 * when that changes, and below them the line that is being typed.
 *
 * S1  The typed line is the last thing on the screen, or it is hidden.
 * S2  Output and remarks are written only while it is hidden.
 * S3  What a program wrote is shown so that it can neither wipe out what
 *     another one wrote nor be taken for it: voice.h.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <stdbool.h>
#include <stddef.h>

/* A line of the operator's, without its newline. */
#define SCREEN_LINE_BYTES 255
struct screen_line {
    const char *prompt;
    size_t length;
    bool is_cut; /* more was typed than there is room for */
    char text[SCREEN_LINE_BYTES];
};

/* Hides the typed line; writes `from SPEAKER` if another one spoke last. */
void screen_speaker(const char *speaker);

/* Text of the last speaker. */
void screen_text(const char *text, size_t bytes);

/* A remark of the driver's own, on a line of its own. */
void screen_remark(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* Shows `line` with its prompt, on a line of its own; it stays in use until
 * it is hidden or ended. */
void screen_show(const struct screen_line *line);
bool screen_shows(void);
void screen_hide(void);

/* The shown line has come to its end: it becomes part of what was written. */
void screen_end_line(void);

/* Changes the shown line and its echo: one more character, or a bell if there
 * is no room for it, and the line is cut; `count` fewer: what is left is what
 * the operator sees, and no longer counts as cut. */
void screen_type(struct screen_line *line, char c);
void screen_erase(struct screen_line *line, size_t count);

#endif
