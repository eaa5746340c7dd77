/* What was typed, and when, into a file that replay.h reads. */
#pragma once

#include <machine.h>

/* Before the machine has executed anything.  Both end the command, with a
 * sentence, if that cannot be. */
void record_begin(struct machine *m, const char *path);
void record_end(const struct machine *m);
