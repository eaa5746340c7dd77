#include "pages.h"

#include "format.h"

#include <string.h>

static bool is_in(const uint64_t *set, uint32_t page)
{
    return set[page / 64] >> page % 64 & 1;
}

static void put(uint64_t *set, uint32_t page, bool is_member)
{
    uint64_t bit = UINT64_C(1) << page % 64;
    set[page / 64] = is_member ? set[page / 64] | bit : set[page / 64] & ~bit;
}

uint64_t pages_bytes(uint32_t count)
{
    return ((uint64_t)count + 63) / 64 * sizeof(uint64_t);
}

void pages_begin(struct pages *pages, uint32_t count, uint64_t *live,
                 uint64_t *durable)
{
    *pages = (struct pages){
        .live = live, .durable = durable, .count = count, .free = count
    };
    memset(live, 0, pages_bytes(count));
    memset(durable, 0, pages_bytes(count));
    for (uint32_t page = 0; page < STORE_ROOTS; page++) {
        pages_claim(pages, page);
    }
}

bool pages_claim(struct pages *pages, uint32_t page)
{
    if (page >= pages->count || is_in(pages->live, page)) { return false; }
    put(pages->live, page, true);
    pages->free--;
    return true;
}

static bool is_free(const struct pages *pages, uint32_t page)
{
    return !is_in(pages->live, page) && !is_in(pages->durable, page);
}

uint32_t pages_take(struct pages *pages, uint32_t *count)
{
    uint32_t page = pages->hint;
    while (page >= pages->count || !is_free(pages, page)) {
        bool is_full =
            page % 64 == 0 && page + 64 <= pages->count &&
            ~(pages->live[page / 64] | pages->durable[page / 64]) == 0;
        page = page >= pages->count ? 0 : page + (is_full ? 64 : 1);
    }
    uint64_t *live = &pages->live[page / 64];
    uint64_t used = (*live | pages->durable[page / 64]) >> page % 64;
    uint32_t most = 64 - page % 64, taken = 1;
    if (most > pages->count - page) { most = pages->count - page; }
    if (most > *count) { most = *count; }
    while (taken < most && !(used >> taken & 1)) { taken++; }
    *live |= UINT64_MAX >> (64 - taken) << page % 64;
    pages->free -= taken;
    pages->hint = page + taken;
    *count = taken;
    return page;
}

void pages_settle(struct pages *pages)
{
    memcpy(pages->durable, pages->live, pages_bytes(pages->count));
    pages->free += pages->leaving;
    pages->leaving = 0;
}
