/*
 * Commands that make the process that was described: create, load, and both
 * with what follows.
 */
#ifndef MAKING_H
#define MAKING_H

#include "system.h"

bool making_create(struct system *system);
bool making_init(struct system *system); /* create load */
bool making_run(struct system *system);  /* create load start */

#endif
