/*
 * A line for people, as it is made: text, what programs have, and words for
 * numbers.  What finds no room is left out.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_BYTES 400

struct line {
    char text[LINE_BYTES];
    size_t used;
};

void line_add(struct line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* In quotation marks, and what is not plain text as escapes. */
void line_add_bytes(struct line *line, const char *bytes, uint64_t count);

/* A number in the words of a set of words.def, with `|` between them; in
 * hexadecimal what none stands for. */
void line_add_words(struct line *line, char set, uint64_t value);

/* A call's value: `-1 ENOENT` if it is an error. */
void line_add_value(struct line *line, long value);
