/*
 * Text: characters in UTF-8, as they come from programs and from the operator.
 *
 * T1  A character has one form only: what is too long, cut off, a surrogate
 *     or above U+10FFFF is no character, and its bytes are taken one by one.
 * T2  A character that moves the cursor, changes the direction of writing, or
 *     could hide, is shown as an escape: \x1b for a byte, \u202e for a
 *     character beyond those of one byte.
 */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_LONGEST 4         /* bytes of a character */
#define UTF8_ESCAPE_LONGEST 10 /* \U0010ffff */
#define UTF8_BAD UINT32_MAX    /* no character: a byte by itself */

/* The first character of a text, and its length.  UTF8_BAD and 1: the first
 * byte begins none.  0: what is there may become one, if more bytes come. */
size_t utf8_decode(const char *text, size_t bytes, uint32_t *ret_code);

/* The bytes of a character of at most U+10FFFF; their number. */
size_t utf8_encode(uint32_t code, char ret_text[UTF8_LONGEST]);

/* The length of the character that ends the text, itself good UTF-8. */
size_t utf8_last(const char *text, size_t bytes);

/* Columns that it takes on a terminal: 0, 1 or 2.  Of one that is shown as
 * itself only, and of no tab. */
unsigned utf8_columns(uint32_t code);

/* Of a whole text of such characters. */
size_t utf8_text_columns(const char *text, size_t bytes);

/* May it be shown as itself?  Newline and tab may not: what they do depends on
 * where they are. */
bool utf8_is_shown(uint32_t code);

/* Nothing is seen of it, but it may change the character before it. */
bool utf8_is_unseen(uint32_t code);

/* It looks as a blank does. */
bool utf8_is_blank(uint32_t code);

/* The escape for a character, or for the byte that is none (UTF8_BAD).  The
 * length; the text ends in a zero, too. */
size_t utf8_escape(uint32_t code, char byte,
                   char ret_text[UTF8_ESCAPE_LONGEST + 1]);

#endif
