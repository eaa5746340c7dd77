/* What the operator, or the keeper's arguments, may say. */
#pragma once

#include "keeper.h"

/* Performs one line, and says what became of it; `ready` where a command that
 * was done has nothing else to say, and that is wanted. */
void command_perform(const char *line, size_t bytes, bool says_ready);
