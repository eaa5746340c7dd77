/*
 * A tower of systems: the same program under itself, N times.
 *
 * Each gets what the one in it needs, and beside that what it needs itself and
 * one ordinary program under it does.  It makes the next one by the command
 * that is its argument, `nest N`, as if that had been typed.
 */
#ifndef NEST_H
#define NEST_H

#include "system.h"

bool nest_command(struct system *system);

#endif
