/*
 * What the compiler calls for large assignments, under other names, beside
 * the library's.
 */
#include <stdio.h>
#include <string.h>

#include "dice.h"
#include "tap.h"

uint64_t dice_state;

void *nucleus_memset(void *to, int byte, size_t length);
void *nucleus_memcpy(void *restrict to, const void *restrict from,
                     size_t length);

#define BYTES 400

static bool sets(size_t offset, size_t length)
{
    _Alignas(64) uint8_t a[BYTES], b[BYTES];
    memset(a, 1, sizeof a);
    memset(b, 1, sizeof b);
    int byte = (int)dice(512);
    return nucleus_memset(a + offset, byte, length) == a + offset &&
           memset(b + offset, byte, length) == b + offset &&
           memcmp(a, b, sizeof a) == 0;
}

static bool copies(size_t offset, size_t source, size_t length)
{
    _Alignas(64) uint8_t a[BYTES], b[BYTES], from[BYTES];
    memset(a, 1, sizeof a);
    memset(b, 1, sizeof b);
    for (unsigned i = 0; i < sizeof from; i++) {
        from[i] = (uint8_t)dice_word();
    }
    return nucleus_memcpy(a + offset, from + source, length) == a + offset &&
           memcpy(b + offset, from + source, length) == b + offset &&
           memcmp(a, b, sizeof a) == 0;
}

int main(void)
{
    bool good_sets = true, good_copies = true;
    tap_begin();
    for (size_t offset = 0; offset < 20; offset++) {
        for (size_t length = 0; length < 200; length++) {
            good_sets = good_sets && sets(offset, length);
            good_copies = good_copies && copies(offset, dice(20), length) &&
                          copies(offset, offset, length);
        }
    }
    tap_point(good_sets, "memory.memset");
    tap_point(good_copies, "memory.memcpy");
    return tap_end();
}
