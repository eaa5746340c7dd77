/* What the compiler calls for large assignments, word by word where all
 * addresses are those of words.  Volatile, so that the compiler makes no calls
 * of these very functions. */
#include <stddef.h>
#include <stdint.h>

#define AT(type, address) (*(volatile type *)(address))

void *memset(void *to, int byte, size_t length)
{
    uint64_t word = (uint8_t)byte * UINT64_C(0x0101010101010101);
    uintptr_t t = (uintptr_t)to, end = t + length;
    uintptr_t words_end = t % 8 == 0 ? end - length % 8 : t;
    for (; t <= words_end - 64; t += 64) {
#pragma GCC unroll 8
        for (unsigned i = 0; i < 64; i += 8) { AT(uint64_t, t + i) = word; }
    }
    for (; t < words_end; t += 8) { AT(uint64_t, t) = word; }
    for (; t < end; t++) { AT(uint8_t, t) = (uint8_t)byte; }
    return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
    uintptr_t f = (uintptr_t)from, t = (uintptr_t)to, end = t + length;
    uintptr_t words_end = (t | f) % 8 == 0 ? end - length % 8 : t;
    for (; t <= words_end - 64; t += 64, f += 64) {
#pragma GCC unroll 8
        for (unsigned i = 0; i < 64; i += 8) {
            AT(uint64_t, t + i) = AT(uint64_t, f + i);
        }
    }
    for (; t < words_end; t += 8, f += 8) { AT(uint64_t, t) = AT(uint64_t, f); }
    for (; t < end; t++, f++) { AT(uint8_t, t) = AT(uint8_t, f); }
    return to;
}
