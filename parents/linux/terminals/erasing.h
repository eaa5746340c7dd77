/*
 * The part of a discipline (discipline.h) that takes back what was typed of the
 * line that is not complete, and shows that it did.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <terminals/discipline.h>

/* Erases what `key` stands for: TERMIOS_ERASE a character, TERMIOS_WERASE a
 * word, TERMIOS_KILL all. */
void erasing_erase(struct discipline *d, enum termios_character key);

/* Writes the line anew: what was typed of it. */
void erasing_reprint(struct discipline *d);
