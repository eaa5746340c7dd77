/* Stores into storage that somebody watches, and the ends of traps. */
#pragma once

#include "whole.h"

/* After a store into a page with the flag PAGE_WATCHED; of an instruction that
 * loads and stores, before it. */
void watch_stored(struct machine *m, uint64_t address, unsigned bytes);
/* The hart is about to go back from a trap. */
void watch_trap_ends(struct machine *m);
