/*
 * toll WHAT PAGES: what a page costs that its parent must bring, in
 * instructions, all included: the break, the pager, and the access itself.
 * tests/bench/paging.py runs it.  WHAT is
 *
 *   new     touched for the first time
 *   store   stored into for the first time, having been read
 *   again   in turn, more than there are frames, so that each one comes back
 *           and another one goes, which was stored into
 *   keep    stores into all, and waits until its turn comes again; twelve times
 */
#include <program.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST 600
#define TURNS 12

static uint64_t cost[MOST];

static uint64_t instructions(void)
{
    uint64_t count;
    __asm__ volatile("rdinstret %0" : "=r"(count)::"memory");
    return count;
}

static void measure(uint64_t i, volatile uint64_t *word, bool is_store)
{
    uint64_t before = instructions();
    if (is_store) {
        *word = i;
    } else {
        (void)*word;
    }
    cost[i] = instructions() - before;
}

static int ascending(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* While others have the storage, more time passes than one step takes. */
static void keep(uint64_t area, uint64_t pages)
{
    for (unsigned turn = 0; turn < TURNS; turn++) {
        uint64_t now = kerne_get_clock(), last = now;
        for (uint64_t i = 0; i < pages; i++) {
            measure(i, (volatile uint64_t *)(area + i * KERNE_PAGE), true);
        }
        for (; now - last < kerne_ticks(500); now = kerne_get_clock()) {
            last = now;
        }
    }
}

int main(int argc, char **argv)
{
    uint64_t pages = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    if (pages == 0 || pages > MOST) { return 1; }
    /* The end of its storage; malloc() would touch it. */
    uint64_t area = kerne_start_record->storage[0].last - pages * KERNE_PAGE;
    bool is_new = strcmp(argv[1], "new") == 0;
    unsigned rounds = is_new ? 1 : strcmp(argv[1], "again") == 0 ? 3 : 2;
    memset(cost, 0, sizeof cost);
    for (unsigned round = 0; round < rounds; round++) {
        bool is_store = !is_new && (rounds > 2 || round > 0);
        for (uint64_t i = 0; i < pages; i++) {
            measure(i, (volatile uint64_t *)(area + i * KERNE_PAGE), is_store);
        }
    }
    if (strcmp(argv[1], "keep") == 0) { keep(area, pages); }
    qsort(cost, pages, sizeof cost[0], ascending);
    printf("toll %s: %lu, %lu, %lu\n", argv[1], (unsigned long)cost[0],
           (unsigned long)cost[pages / 2], (unsigned long)cost[pages - 1]);
    return 0;
}
