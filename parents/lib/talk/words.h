/*
 * A line of an operator: words divided by blanks, or in quotes; taken one by
 * one, and what was wrong with it.
 *
 * A reader returns false when the line says something else than it may; then
 * `wrong` says what that was, and what to write.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include "text.h"

#include <parent.h>
#include <stdbool.h>
#include <stdint.h>

#define WORDS_MAX (KERNE_LINE_BYTES / 2 + 1) /* each with a blank or quote */

struct words {
    char text[KERNE_LINE_BYTES + 1]; /* the words, each ended by a zero */
    char *word[WORDS_MAX + 1];       /* in it; ended by null */
    unsigned next;                   /* the first word not yet taken */
    char wrong[160];
};

/* Divides a text into words; what does not fit is left out, and what is no
 * printable character counts as a blank.  False: a quote is not closed, and the
 * line has no words. */
bool words_read(struct words *words, const char *text, uint64_t bytes);

/* The next word, taken; null: there is none. */
const char *words_take(struct words *words);

/* The next word, not taken; null: there is none. */
const char *words_look(const struct words *words);

/* Passes over the next word, if it is this one. */
bool words_skip(struct words *words, const char *word);

/* All that is left, taken, with a blank between words; may be empty. */
const char *words_rest(struct words *words);

/* Forgets the words not yet taken. */
void words_end(struct words *words);

/* True, if there is nothing left. */
bool words_at_end(struct words *words);

/* The next word, or a refusal that says that `what` is missing after the word
 * before it, and null. */
const char *words_wanted(struct words *words, const char *what);

/* A number, as text_to_number() reads it. */
bool words_number(struct words *words, const char *what, uint64_t *ret_number);

/* A time, as `10 ms`, in microseconds; units us, ms, s, min. */
bool words_time(struct words *words, const char *what, uint64_t *ret_time);

/* A time as it is written, with the greatest unit of which it is a multiple. */
struct text words_of_time(uint64_t microseconds);

/* Notes what was wrong.  Always false, to be returned. */
bool words_wrong(struct words *words, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
