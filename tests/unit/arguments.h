/* Arguments for calls, by the function in a7. */
#pragma once

#include "model/model.h"

void arguments(const struct model_process *p, uint64_t x[32]);
void arguments_of_creation(const struct model_process *p, uint64_t x[32]);
void arguments_of_answer(const struct model_process *p, uint64_t x[32]);

/* If x answers a break, mostly so that the process goes on. */
void arguments_of_action(uint64_t x[32]);
