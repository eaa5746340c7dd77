/* Arguments for calls, by the function in a7. */
#pragma once

#include <stdint.h>

void arguments(int p, uint64_t x[32]);
void arguments_of_creation(int p, uint64_t x[32]);
void arguments_of_answer(int p, uint64_t x[32]);

/* If x answers a break, mostly so that the process goes on. */
void arguments_of_action(uint64_t x[32]);
