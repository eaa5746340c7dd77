/* Input from a file: lines of a time in nanoseconds and bytes in hexadecimal,
 * `200000000 6c6973740d`, in the order of their times; what begins with # is a
 * comment. */
#pragma once

#include <machine.h>

/* Ends the command, with a sentence, if it cannot be read. */
void replay_begin(const char *path);
/* When more is to be typed; MACHINE_NEVER: no more. */
uint64_t replay_next(void);
/* Types what is due, as far as the device takes it. */
void replay_type(struct machine *m);
