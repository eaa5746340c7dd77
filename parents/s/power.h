/*
 * The time of day, and the end of s.
 */
#ifndef POWER_H
#define POWER_H

#include "system.h"

bool power_date(struct system *system);
bool power_halt(struct system *system);

/* s cannot go on: says so as well as it can, and ends. */
_Noreturn void power_give_up(struct system *system, const char *text);

/* Ends s and, where s has the machine, the machine; with status 0. */
_Noreturn void power_off(struct system *system);

#endif
