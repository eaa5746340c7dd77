/*
 * Sets of up to 64, as bits of a word.
 */
#pragma once

#include <stdint.h>

/* The lowest bit that is set; at least one is.  The machine has no instruction
 * for it, and the compiler's function looks at more. */
static inline unsigned bits_lowest(uint64_t set)
{
    static const uint8_t place[64] = {
        0,  1,  2,  53, 3,  7,  54, 27, 4,  38, 41, 8,  34, 55, 48, 28,
        62, 5,  39, 46, 44, 42, 22, 9,  24, 35, 59, 56, 49, 18, 29, 11,
        63, 52, 6,  26, 37, 40, 33, 47, 61, 45, 43, 21, 23, 58, 17, 10,
        51, 25, 36, 32, 60, 20, 57, 16, 50, 31, 19, 15, 30, 14, 13, 12,
    };
    return place[(set & -set) * UINT64_C(0x022fdd63cc95386d) >> 58];
}

/* The highest one. */
static inline unsigned bits_highest(uint64_t set)
{
    unsigned place = 0;
    for (unsigned step = 32; step > 0; step /= 2) {
        if (set >> step != 0) {
            set >>= step;
            place += step;
        }
    }
    return place;
}
