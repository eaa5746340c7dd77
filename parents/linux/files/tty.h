/*
 * The terminal: as yet the console, which takes and gives lines.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <files/file.h>

#define TTY_DEVICE (5u << 8 | 0)
#define CONSOLE_DEVICE (5u << 8 | 1)

struct kerne_received;

extern const struct file_kind tty_file;

/* Sends what was written, as far as it may go now. */
void tty_send(void);

/* Waits until all that was written is printed. */
void tty_flush(void);

/* Is this an answer of the console's to the terminal?  Then it is done. */
bool tty_answer(const struct kerne_received *received);
