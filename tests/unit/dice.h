/* Random numbers that a seed repeats. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

extern uint64_t dice_state;

static inline uint64_t dice_word(void)
{
    dice_state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t x = dice_state;
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* 0 to n - 1. */
static inline uint64_t dice(uint64_t n) { return dice_word() % n; }

static inline bool dice_percent(uint64_t percent)
{
    return dice(100) < percent;
}
