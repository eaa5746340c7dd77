/* Who looks on from outside, and is told of stores, and of traps. */
#pragma once

#include "whole.h"

/* After a store into a page with the flag PAGE_WATCHED; of an instruction that
 * loads and stores, before it. */
void onlooker_stored(struct machine *m, uint64_t address);
/* The hart has begun a trap; is about to go back from one. */
void onlooker_trap_begins(struct machine *m);
void onlooker_trap_ends(struct machine *m);
