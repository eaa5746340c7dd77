/*
 * Commands that show where each claim is: received, used, given on, free.
 */
#ifndef CLAIMS_H
#define CLAIMS_H

#include "system.h"

bool claims_max(struct system *system);     /* max: those of s itself */
bool claims_command(struct system *system); /* claims: of the chosen process */

#endif
