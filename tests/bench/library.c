/* What a program's own library costs it. */
#include "bench.h"

static uint8_t source[KERNE_PAGE] __attribute__((aligned(KERNE_PAGE)));
static uint8_t target[KERNE_PAGE] __attribute__((aligned(KERNE_PAGE)));

static struct figure figure_memcpy, figure_memset;

/* Called by address: else the compiler may know better than the library. */
static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile set)(void *, int, size_t) = memset;

static void copy_pages(void)
{
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        figure_measure(&figure_memcpy, i, copy(target, source, KERNE_PAGE));
    }
}

static void set_pages(void)
{
    for (unsigned i = 0; i < FIGURE_ALL; i++) {
        figure_measure(&figure_memset, i, set(target, 1, KERNE_PAGE));
    }
}

static struct figure figure_memcpy = { .name = "library.memcpy.4096",
                                       .run = copy_pages };
static struct figure figure_memset = { .name = "library.memset.4096",
                                       .run = set_pages };

void bench_memcpy(void) { figure_take(&figure_memcpy); }
void bench_memset(void) { figure_take(&figure_memset); }
