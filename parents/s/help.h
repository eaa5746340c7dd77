/*
 * The command that explains the commands.
 */
#ifndef HELP_H
#define HELP_H

#include "system.h"

bool help_command(struct system *system); /* help [COMMAND] */

#endif
