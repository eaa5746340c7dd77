/*
 * Storage that the children of figures have beside their program, and have
 * touched: none, until it is set.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* From now on, so much of the parent's own storage, from `first` on. */
void lent_set(uint64_t first, uint64_t bytes);

/* The same of the root's, behind the arena; false: there is not so much. */
bool lent_behind_arena(uint64_t bytes);

uint64_t lent_bytes(void);
