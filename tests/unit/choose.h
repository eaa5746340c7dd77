/*
 * What a process does next, at random: mostly what makes sense where it is,
 * so that deep states come up; often enough what is stale or wrong.
 */
#pragma once

#include "model/model.h"

/* How often each function is called, in relation to the others. */
struct choose_weight {
    uint64_t function, weight;
};

struct choose_profile {
    const char *name;
    uint64_t touch; /* per cent of the steps in which a program touches */
    struct choose_weight weights[40]; /* the last one has weight 0 */
};

/* Fills in a call of p: registers as an array of 32. */
void choose_call(int p, const struct choose_profile *profile, uint64_t x[32]);

/* May p make this call?  The root must not break, nor wait for what may never
 * come; and others go on while they are the only one that does. */
bool choose_may(int p, const uint64_t x[32]);

/* Does the root wait for the clock, so that it will run again? */
bool choose_root_is_timed(void);
