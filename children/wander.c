/*
 * wander PAGES STEPS: touches pages of its storage, near each other for a while
 * and then elsewhere, as programs do; every third touch is a store.  At the end
 * it looks whether all that it has stored is there.  The same numbers make the
 * same steps; tests/bench/paging.py makes them, too.
 */
#include <program.h>
#include <stdio.h>
#include <stdlib.h>

#define NEAR 24     /* pages that it stays near */
#define PATIENCE 64 /* steps, on average, until it goes elsewhere */
#define MOST_PAGES 4096

/* The same in every run. */
static uint64_t throw(uint64_t sides)
{
    static uint64_t dice = 1969;
    dice = dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (dice >> 33) % sides;
}

static uint16_t stores[MOST_PAGES]; /* to each page, as it is to be found */

static volatile uint64_t *page_at(char *area, uint64_t page)
{
    return (volatile uint64_t *)(area + page * KERNE_PAGE);
}

/* Returns how many pages do not hold what they should. */
static uint64_t wander(char *area, uint64_t pages, uint64_t steps)
{
    uint64_t place = 0, wrong = 0;
    for (uint64_t step = 0; step < steps; step++) {
        if (throw(PATIENCE) == 0) {
            place = throw(throw(throw(pages) + 1) + 1);
        }
        uint64_t page = (place + throw(NEAR)) % pages;
        volatile uint64_t *word = page_at(area, page);
        wrong += *word != stores[page];
        if (step % 3 == 0) {
            *word += 1;
            stores[page]++;
        }
    }
    return wrong;
}

int main(int argc, char **argv)
{
    uint64_t pages = argc == 3 ? strtoull(argv[1], NULL, 10) : 0;
    uint64_t steps = argc == 3 ? strtoull(argv[2], NULL, 10) : 0;
    if (pages == 0 || pages > MOST_PAGES || steps == 0 || steps > UINT16_MAX) {
        printf("wander: expected `wander PAGES STEPS`, up to %u and %u\n",
               MOST_PAGES, UINT16_MAX);
        return 1;
    }
    char *storage = malloc((pages + 1) * KERNE_PAGE);
    if (storage == NULL) {
        printf("wander: %lu pages are more than it has\n",
               (unsigned long)pages);
        return 1;
    }
    char *area = storage + -(uint64_t)storage % KERNE_PAGE;
    uint64_t wrong = wander(area, pages, steps);
    printf("%lu steps through %lu pages; %lu times a page was not as it was "
           "left\n",
           (unsigned long)steps, (unsigned long)pages, (unsigned long)wrong);
    free(storage);
    return wrong > 0;
}
