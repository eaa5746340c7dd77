/*
 * memcpy and memset by blocks where they can be.  The C library's, made to be
 * small, go byte by byte, and that would be most of what it takes to load the
 * root's program, or to build a tower of systems.  The compiler must not take a
 * loop for the function that it is in: -fno-tree-loop-distribute-patterns.
 */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memset(void *to, int value, size_t bytes);

struct block {
    uint64_t word[4];
} __attribute__((may_alias));

/* How many bytes go in blocks; `places` is the OR of the addresses. */
static size_t in_blocks(uint64_t places, size_t bytes)
{
    return places % sizeof(uint64_t) == 0 ? bytes - bytes % sizeof(struct block)
                                          : 0;
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    char *t = to;
    const char *f = from;
    const char *end = f + bytes;
    const char *block_end = f + in_blocks((uint64_t)t | (uint64_t)f, bytes);
    for (; f < block_end; f += sizeof(struct block)) {
        *(struct block *)t = *(const struct block *)f;
        t += sizeof(struct block);
    }
    for (; f < end; f++) { *t++ = *f; }
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    char *t = to;
    char *end = t + bytes;
    const char *block_end = t + in_blocks((uint64_t)t, bytes);
    const uint64_t word = (uint8_t)value * UINT64_C(0x0101010101010101);
    for (; t < block_end; t += sizeof(struct block)) {
        *(struct block *)t = (struct block){ { word, word, word, word } };
    }
    for (; t < end; t++) { *t = (char)value; }
    return to;
}
