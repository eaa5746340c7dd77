/* Traps and interrupts, and the way back. */
#pragma once

#include "whole.h"

#define INTERRUPT (UINT64_C(1) << 63)

/* The hart, whose pc is where it happened, goes to where its traps go. */
void trap_enter(struct machine *m, uint64_t cause, uint64_t value);
/* sret.  Returns where it goes on. */
uint64_t trap_return(struct machine *m);
/* Takes an interrupt if one is pending, and the hart lets it. */
void trap_interrupt(struct machine *m);
