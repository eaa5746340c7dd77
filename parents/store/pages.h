/*
 * The pages of the disk: which the tables lead to now (*live*), and which the
 * last durable root leads to (*durable*).  Nothing on the disk says what is
 * free: it follows from the tables.
 *
 *   P1  a page is free if it is neither live nor durable
 *   P2  a page that is live and not durable is *fresh*: no root leads to it, so
 *       it may be written in place
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct pages {
    uint64_t *live; /* a bit for each page */
    uint64_t *durable;
    uint32_t count;
    uint32_t free;
    uint32_t leaving; /* durable, and not live: free after the next commit */
    uint32_t hint;    /* where a free page is looked for first */
};

/* So many bytes are needed for each of the two. */
uint64_t pages_bytes(uint32_t count);

/* None is live, but for the roots' own. */
void pages_begin(struct pages *pages, uint32_t count, uint64_t *live,
                 uint64_t *durable);

/* Makes this one live, when a disk is mounted.  False: it is beyond the disk,
 * or live already. */
bool pages_claim(struct pages *pages, uint32_t page);

/* At most so many that were free, side by side, next to those before if
 * possible: the first, and how many.  There must be one. */
uint32_t pages_take(struct pages *pages, uint32_t *count);

static inline bool pages_is_fresh(const struct pages *pages, uint32_t page)
{
    return !(pages->durable[page / 64] >> page % 64 & 1);
}

static inline void pages_release(struct pages *pages, uint32_t page)
{
    pages->live[page / 64] &= ~(UINT64_C(1) << page % 64);
    if (pages_is_fresh(pages, page)) {
        pages->free++;
    } else {
        pages->leaving++;
    }
}

/* What is live is durable, and nothing else. */
void pages_settle(struct pages *pages);
