/* What the programs of lab 5 tell their grader, in a message to the parent, who
 * does not know it: a number of theirs, in word 1. */
#pragma once

#include <program.h>

#define TELL_TIME 99 /* what get clock said */

static inline void tell_time(void)
{
    struct kerne_words answer;
    (void)kerne_ask(KERNE_PARENT, TELL_TIME, kerne_get_clock(), 0, &answer);
}
