/*
 * Commands that show what there is, and who has it.
 */
#ifndef LIST_H
#define LIST_H

#include "system.h"

bool list_command(struct system *system); /* list */
bool list_files(struct system *system);

#endif
