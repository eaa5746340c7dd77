/* Between the server of lab 11 and its clients, and the work that it does. */
#pragma once

#include <calls.h>

#define WORK_DO 40 /* word 1: a number; word 1 of the answer: work_of() it */

/* Half a millisecond of the machine's. */
#define WORK_ROUNDS 100000

static inline uint64_t work_of(uint64_t number)
{
    for (unsigned i = 0; i < WORK_ROUNDS; i++) {
        number = number * UINT64_C(6364136223846793005) + 1;
    }
    return number;
}
