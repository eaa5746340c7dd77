/*
 * The half of a discipline (discipline.h) that shows: what goes out, and the
 * echo of what is typed.
 *
 *   Z1  what programs write leaves OUTPUT_TO_TYPE bytes for the echo
 *   Z2  what moves the cursor goes through output_put(), which knows its place
 *       (L3); output_raw() is for the rest
 *
 * No pointer argument may be null.
 */
#pragma once

#include <terminals/discipline.h>

/* Room for what one typed character can bring: a line of 4095 that is written
 * again, each a control character, has more, and is cut. */
#define OUTPUT_TO_TYPE 256
#define OUTPUT_TAB 8

static inline bool output_is_control(char c)
{
    return (uint8_t)c < ' ' || c == 0x7f;
}

/* Of a character of several bytes, one that is not the first. */
static inline bool output_continues(const struct discipline *d, char c)
{
    return termios_has(d->settings.input, TERMIOS_IUTF8) &&
           ((uint8_t)c & 0xc0) == 0x80;
}

/* Bytes that find room. */
uint32_t output_room(const struct discipline *d);

/* One byte as it is.  What finds no room is not seen. */
void output_raw(struct discipline *d, char c);

/* One character, as the settings want it: at most 8 bytes. */
void output_put(struct discipline *d, char c);
void output_text(struct discipline *d, const char *text);

/* The same, a control character as `^C`. */
void output_echo(struct discipline *d, char c);

/* Between `\` and `/`, ends that: ECHOPRT. */
void output_finish_erasing(struct discipline *d);
