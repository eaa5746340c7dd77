/*
 * A line of words, read from its beginning on; and what was wrong with it.
 *
 * A reader returns false when the line says something else than it may; then
 * `wrong` says what that was, and what to write.
 */
#ifndef WORDS_H
#define WORDS_H

#include <kerne.h>
#include <stdbool.h>
#include <stddef.h>

#define WORDS_BYTES 256

struct words {
    char line[WORDS_BYTES];
    char *rest;  /* what has not been read */
    char *blank; /* where the word taken last was cut off; null: nowhere */
    char wrong[160];
};

/* Begins with a text of at most WORDS_BYTES - 1 bytes; what is no printable
 * character counts as a blank. */
void words_begin(struct words *words, const char *text, size_t bytes);

/* Passes over the next word, if it is this one. */
bool words_skip(struct words *words, const char *word);

/* The next word, good until the next call; null: there is none. */
const char *words_take(struct words *words);

/* All that is left, without the blanks before it; may be empty. */
const char *words_rest(struct words *words);

/* A number, as 4096, 0x1000, 4k or 16M. */
bool words_number(struct words *words, const char *what, uint64_t *ret_number);

/* A time, as `10 ms`, in microseconds; units us, ms, s, min. */
bool words_time(struct words *words, const char *what, uint64_t *ret_time);

/* Notes what was wrong.  Returns false. */
bool words_wrong(struct words *words, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
