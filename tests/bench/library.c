/* What a program's own library costs it. */
#include "bench.h"

static uint8_t source[KERNE_PAGE] __attribute__((aligned(KERNE_PAGE)));
static uint8_t target[KERNE_PAGE] __attribute__((aligned(KERNE_PAGE)));

/* Called by address: else the compiler may know better than the library. */
static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile set)(void *, int, size_t) = memset;

void run_memcpy(void)
{
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        figure_measure(&figure_memcpy, i, copy(target, source, KERNE_PAGE));
    }
}

void run_memset(void)
{
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        figure_measure(&figure_memset, i, set(target, 1, KERNE_PAGE));
    }
}
