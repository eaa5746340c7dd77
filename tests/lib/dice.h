/* Random numbers that a seed repeats. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct dice {
    uint64_t state; /* never 0 */
};

static inline struct dice dice_from(uint64_t seed)
{
    return (struct dice){ seed * UINT64_C(0x9e3779b97f4a7c15) | 1 };
}

static inline uint64_t dice_word(struct dice *dice)
{
    dice->state ^= dice->state << 13;
    dice->state ^= dice->state >> 7;
    dice->state ^= dice->state << 17;
    return dice->state;
}

/* From 0 to end - 1. */
static inline uint64_t dice_below(struct dice *dice, uint64_t end)
{
    return (dice_word(dice) >> 20) % end;
}

static inline bool dice_one_in(struct dice *dice, uint64_t n)
{
    return dice_below(dice, n) == 0;
}
