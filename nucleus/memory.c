/* What the compiler calls for large assignments, word by word where it can be.
 * Volatile, so that the compiler makes no calls of these very functions. */
#include <stddef.h>
#include <stdint.h>

/* How many words, if both addresses are those of words. */
static size_t words(uintptr_t addresses, size_t length)
{
    return (addresses & 7) == 0 ? length / 8 : 0;
}

void *memset(void *to, int byte, size_t length)
{
    uint64_t word = (uint8_t)byte * UINT64_C(0x0101010101010101);
    volatile uint64_t *w = to, *w_end = w + words((uintptr_t)to, length);
    while (w < w_end) { *w++ = word; }
    volatile uint8_t *b = (volatile uint8_t *)w, *end = (uint8_t *)to + length;
    while (b < end) { *b++ = (uint8_t)byte; }
    return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t length)
{
    const uint64_t *f = from;
    uintptr_t both = (uintptr_t)to | (uintptr_t)from;
    volatile uint64_t *w = to, *w_end = w + words(both, length);
    while (w < w_end) { *w++ = *f++; }
    const uint8_t *g = (const uint8_t *)f;
    volatile uint8_t *b = (volatile uint8_t *)w, *end = (uint8_t *)to + length;
    while (b < end) { *b++ = *g++; }
    return to;
}
