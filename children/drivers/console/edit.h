/*
 * The line that is being typed: keys change it, and what is to be seen of it
 * is worked out here.  It reads nothing and writes nothing.
 *
 * E1  The text is good UTF-8 of characters that are shown as themselves, and
 *     never cut within one.
 * E2  The cursor stands before a character that takes a column, or at the end:
 *     what combines with a character goes with it.
 * E3  What is refused changes nothing, except that a line for which there was
 *     no room is cut, until something of it is erased.
 */
#ifndef EDIT_H
#define EDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of a line, its newline not counted. */
#define EDIT_BYTES 255
/* Room for what is seen of it: columns of combined characters may be long. */
#define EDIT_VIEW_BYTES (EDIT_BYTES + 64)

struct edit {
    size_t length, cursor; /* in bytes */
    bool is_cut;           /* more was typed than there was room for */
    char text[EDIT_BYTES + 1];
    /* History: how many lines back the text comes from, 0: it is new; then the
     * new one is kept here. */
    const char *whom;
    size_t ago;
    char fresh[EDIT_BYTES + 1];
    /* The search for a line: what it must contain. */
    bool searching;
    size_t found; /* ago of the line, as above */
    size_t wanted_bytes;
    char wanted[EDIT_BYTES + 1];
    uint32_t before; /* the key before */
};

enum edit_outcome {
    EDIT_NOTHING,  /* nothing has changed */
    EDIT_CHANGED,  /* something else is to be seen */
    EDIT_REFUSED,  /* a bell */
    EDIT_DONE,     /* return: the line is complete */
    EDIT_COMPLETE, /* tab: call edit_complete() */
    EDIT_CLEAR,    /* control L: the screen is to be cleared */
};

/* An empty line, for the process with this path, which decides on its history:
 * the text stays in use. */
void edit_begin(struct edit *edit, const char *whom);

/* A key (keys.h).  Escape, the size and control C are not for the line. */
enum edit_outcome edit_key(struct edit *edit, uint32_t key);

/* Puts a text in the place of the whole line. */
void edit_set(struct edit *edit, const char *text, size_t bytes);

/* Completes the word before the cursor to one of `words`, which blanks divide.
 * Several may be meant: completes what they share; if that is nothing,
 * EDIT_REFUSED and the words, divided by blanks, as far as there is room. */
enum edit_outcome edit_complete(struct edit *edit, const char *words,
                                size_t bytes, char *ret_meant, size_t room);

struct edit_view {
    size_t bytes;
    size_t columns; /* of the text */
    size_t cursor;  /* the column where it stands */
    char text[EDIT_VIEW_BYTES];
};

/* What is to be seen in one row of so many columns, at least EDIT_LEAST: of a
 * longer line a part, with `<` and `>` for what is left and right of it. */
#define EDIT_LEAST 16
void edit_view(const struct edit *edit, size_t columns,
               struct edit_view *ret_view);

#endif
