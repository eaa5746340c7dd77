/*
 * What a program has made of the terminal, as far as that outlives what it
 * wrote: other screen, hidden cursor, keys that send something else.  So it can
 * be undone when the screen is another one's, and done again when it is not.
 *
 * D1  A sequence that is cut into pieces, or is none, changes nothing that
 *     undoing would not bring back.
 * D2  What is undone is at most MODES_BYTES long, whatever was written.
 */
#ifndef MODES_H
#define MODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODES_BYTES 256
#define MODES_NUMBERS 8 /* of one sequence; more are passed over */

struct modes {
    uint32_t changed; /* a bit for each of the table in modes.c */
    bool keypad;      /* ESC = */
    /* The sequence that is being written. */
    enum { MODES_TEXT, MODES_ESCAPE, MODES_BRACKET, MODES_SET } state;
    bool is_private; /* ESC [ ? */
    size_t numbers;
    unsigned number[MODES_NUMBERS];
};

/* Learns from what a program writes. */
void modes_learn(struct modes *modes, const char *text, size_t bytes);

/* What undoes it all, on a screen of so many rows, and what does it again: both
 * end in 0. */
void modes_undo(const struct modes *modes, size_t rows,
                char ret_text[MODES_BYTES]);
void modes_redo(const struct modes *modes, char ret_text[MODES_BYTES]);

#endif
