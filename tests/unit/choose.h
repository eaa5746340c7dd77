/*
 * What a process does next, at random: mostly what makes sense where it is,
 * so that deep states come up; often enough what is stale or wrong.
 */
#pragma once

#include "model/model.h"

/* What most calls are for. */
enum choose_profile {
    CHOOSE_CONTROL,  /* some wait for the clock, and others run on */
    CHOOSE_MESSAGES, /* who says what to whom, and who waits */
    CHOOSE_STORAGE,  /* windows, touches, breaks, copies */
    CHOOSE_PROFILES
};

/* Does a program touch in this step, in place of a call? */
bool choose_touch(enum choose_profile profile);

/* Fills in a call of p, which may make it. */
void choose_call(const struct model_process *p, enum choose_profile profile,
                 uint64_t x[32]);
