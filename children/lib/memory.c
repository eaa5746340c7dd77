/*
 * memcpy and memset by blocks of words where they can be.  The C library's,
 * made to be small, go byte by byte.  The compiler must not take a loop for the
 * function that it is in: -fno-tree-loop-distribute-patterns.
 */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes);
void *memset(void *to, int value, size_t bytes);

typedef uint64_t word __attribute__((may_alias));

struct block {
    uint64_t word[8];
} __attribute__((may_alias));

/* So many bytes come before the first word; if there are fewer, all. */
static size_t before_words(const char *place, size_t bytes)
{
    size_t before = -(uintptr_t)place % sizeof(word);
    return before < bytes ? before : bytes;
}

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    char *t = to;
    const char *f = from;
    const char *end = f + bytes;
    if (((uintptr_t)t ^ (uintptr_t)f) % sizeof(word) == 0) {
        const char *words = f + before_words(f, bytes);
        while (f < words) { *t++ = *f++; }
        for (; end - f >= (ptrdiff_t)sizeof(struct block);
             f += sizeof(struct block), t += sizeof(struct block)) {
            *(struct block *)t = *(const struct block *)f;
        }
        for (; end - f >= (ptrdiff_t)sizeof(word);
             f += sizeof(word), t += sizeof(word)) {
            *(word *)t = *(const word *)f;
        }
    }
    while (f < end) { *t++ = *f++; }
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    char *t = to;
    char *end = t + bytes;
    const char *words = t + before_words(t, bytes);
    const uint64_t w = (uint8_t)value * UINT64_C(0x0101010101010101);
    while (t < words) { *t++ = (char)value; }
    for (; end - t >= (ptrdiff_t)sizeof(struct block);
         t += sizeof(struct block)) {
        *(struct block *)t = (struct block){ { w, w, w, w, w, w, w, w } };
    }
    for (; end - t >= (ptrdiff_t)sizeof(word); t += sizeof(word)) {
        *(word *)t = w;
    }
    while (t < end) { *t++ = (char)value; }
    return to;
}
