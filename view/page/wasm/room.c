/* What the machine and the compiler want of a world that has no library. */
#include <stddef.h>
#include <stdint.h>

#define WASM_PAGE 65536u
#define NO_MORE ((size_t)-1)

void *machine_room(uint64_t bytes);

/* Zero, and never given back: each page loads one machine. */
void *machine_room(uint64_t bytes)
{
    size_t pages = (size_t)((bytes + WASM_PAGE - 1) / WASM_PAGE);
    size_t first =
        bytes < UINT32_MAX ? __builtin_wasm_memory_grow(0, pages) : NO_MORE;
    return first != NO_MORE ? (void *)(first * WASM_PAGE) : NULL;
}

void *memcpy(void *to, const void *from, size_t count);
void *memmove(void *to, const void *from, size_t count);
void *memset(void *to, int value, size_t count);
int memcmp(const void *a, const void *b, size_t count);

void *memcpy(void *to, const void *from, size_t count)
{
    char *t = to;
    const char *f = from;
    for (size_t i = 0; i < count; i++) { t[i] = f[i]; }
    return to;
}

void *memmove(void *to, const void *from, size_t count)
{
    char *t = to;
    const char *f = from;
    if (t <= f) { return memcpy(to, from, count); }
    while (count-- > 0) { t[count] = f[count]; }
    return to;
}

void *memset(void *to, int value, size_t count)
{
    char *t = to;
    for (size_t i = 0; i < count; i++) { t[i] = (char)value; }
    return to;
}

int memcmp(const void *a, const void *b, size_t count)
{
    const unsigned char *x = a, *y = b;
    for (size_t i = 0; i < count; i++) {
        if (x[i] != y[i]) { return x[i] < y[i] ? -1 : 1; }
    }
    return 0;
}
