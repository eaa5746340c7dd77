/*
 * Making the process that is described.
 */
#pragma once

#include "s.h"

/* Creates it and loads its program; what cannot be loaded is not left behind.
 * It is then the chosen process.  False: refused, in words. */
bool make_child(const char *command);
