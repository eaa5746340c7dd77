/* The machine's console on standard input and output, until it halts. */
#pragma once

#include <session.h>

#include "options.h"

#include <machine.h>

/* Returns the exit status of the command. */
int console_hold(struct machine *m, struct session *session,
                 const struct options *options);
