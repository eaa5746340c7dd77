/* Stacks for children: a pool that all processes of a test share. */
#pragma once

#include "family.h"

#define STACKS 96

/* A stack's first byte.  When none is left the test cannot go on: a break. */
uint64_t stack_take(void);
void stack_give_back(uint64_t stack);

/* All are free again; true if none had overflowed. */
bool stack_reset(void);
