/*
 * What a process holds: its registers, and its storage as it sees it.
 */
#ifndef REGISTERS_H
#define REGISTERS_H

#include "system.h"

bool registers_command(struct system *system); /* registers */
bool registers_storage(struct system *system); /* print [FIRST [COUNT]] */

/* Prints the registers of a child. */
void registers_print(struct system *system, const struct child *child);

#endif
