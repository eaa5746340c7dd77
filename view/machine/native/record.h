/* What was typed, and when, at the end of a file that replay.h reads. */
#pragma once

#include <machine.h>

/* Before the machine has executed anything.  Both end the command, with a
 * sentence, if that cannot be. */
void record_begin(struct machine *m, const char *path);
/* Writes what was typed since, so that the file has it however this ends; for
 * nothing, if record_begin() was not called. */
void record_look(const struct machine *m);
