/* Executing: from what the hart's pc says on, until the clock is at the limit.
 */
#pragma once

#include "whole.h"

void execute(struct machine *m);

/* A block of the instruction of which only the first half stands at the end of
 * this page; null: fetching the other traps. */
const struct instruction *execute_across(struct machine *m, uint64_t pc,
                                         struct code *code);
/* What stands at an address from which an instruction has just been fetched:
 * what a trap says of it. */
uint32_t execute_bits(struct machine *m, uint64_t pc);
