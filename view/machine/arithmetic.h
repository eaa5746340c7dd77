/* What C has no operator for, as the instructions want it. */
#pragma once

#include <stdint.h>

static inline uint64_t multiply_high(uint64_t a, uint64_t b)
{
    uint64_t low = (uint32_t)a * (uint64_t)(uint32_t)b;
    uint64_t middle = (a >> 32) * (uint32_t)b + (low >> 32);
    uint64_t other = (uint32_t)a * (b >> 32) + (uint32_t)middle;
    return (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
}

static inline uint64_t multiply_high_signed(uint64_t a, uint64_t b)
{
    return multiply_high(a, b) - ((int64_t)a < 0 ? b : 0) -
           ((int64_t)b < 0 ? a : 0);
}

static inline uint64_t divide(uint64_t a, uint64_t b)
{
    if (b == 0) { return UINT64_MAX; }
    return b == UINT64_MAX ? -a : (uint64_t)((int64_t)a / (int64_t)b);
}

static inline uint64_t remaining(uint64_t a, uint64_t b)
{
    if (b == 0) { return a; }
    return b == UINT64_MAX ? 0 : (uint64_t)((int64_t)a % (int64_t)b);
}
