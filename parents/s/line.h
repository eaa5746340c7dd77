/*
 * A line that the operator typed: words divided by blanks, or in quotes.
 */
#ifndef LINE_H
#define LINE_H

#include <parent.h>
#include <stdbool.h>
#include <stdint.h>

#define LINE_WORDS (KERNE_LINE_BYTES / 2)

struct line {
    char text[KERNE_LINE_BYTES + 1]; /* the words, each ended by a zero */
    uint16_t begin[LINE_WORDS];      /* where each word begins in it */
    unsigned count;
    unsigned next; /* the first word not yet taken */
};

/* Divides a text into words; what does not fit is left out.  False: a quote is
 * not closed, and the line has no words. */
bool line_read(struct line *line, const char *text, uint64_t bytes);

/* The next word, taken; null: there is none. */
const char *line_take(struct line *line);

/* The next word, not taken; null: there is none. */
const char *line_look(const struct line *line);

/* Forgets the words not yet taken. */
void line_end(struct line *line);

#endif
