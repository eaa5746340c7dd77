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

/* Window tables for a process that is made of this description: what it says,
 * or as many as storage and processes will need. */
uint64_t making_tables(const struct system *system,
                       const struct description *d);

#endif
