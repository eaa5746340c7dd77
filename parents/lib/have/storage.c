#include "storage.h"

#include <ranges.h>
#include <string.h>

static uint64_t end_of(struct storage_run run)
{
    return run.first + run.pages * KERNE_PAGE;
}

void storage_begin(struct storage *storage, const struct kerne_start *start)
{
    struct kerne_ranges free = { .count = 0 };
    *storage = (struct storage){ .count = 0 };
    for (unsigned i = 0; i < KERNE_START_RANGES; i++) {
        kerne_ranges_insert(&free, kerne_ranges_up(start->storage[i].first),
                            kerne_ranges_down(start->storage[i].last));
    }
    kerne_ranges_cut(&free, start->image);
    kerne_ranges_cut(&free, start->device_tree);
    for (unsigned i = 0; i < free.count; i++) {
        uint64_t first = free.range[i].first;
        uint64_t pages = (free.range[i].last - first) / KERNE_PAGE;
        storage_return(storage, (struct storage_run){ first, pages });
        storage->pages += pages;
    }
}

static void list_remove(struct storage *storage, unsigned i)
{
    storage->count--;
    memmove(&storage->free[i], &storage->free[i + 1],
            (storage->count - i) * sizeof storage->free[0]);
}

/* Joins free run i to the one behind it, if they touch. */
static void join(struct storage *storage, unsigned i)
{
    struct storage_run *run = &storage->free[i];
    if (i + 1 < storage->count && end_of(*run) == run[1].first) {
        run->pages += run[1].pages;
        list_remove(storage, i + 1);
    }
}

/* There is always room for one run more than may stay, which may be joined. */
bool storage_return(struct storage *storage, struct storage_run run)
{
    unsigned i = 0;
    if (run.pages == 0 || run.first == 0) { return true; }
    while (i < storage->count && storage->free[i].first < run.first) { i++; }
    memmove(&storage->free[i + 1], &storage->free[i],
            (storage->count - i) * sizeof run);
    storage->free[i] = run;
    storage->count++;
    join(storage, i);
    if (i > 0) { join(storage, i - 1); }
    if (storage->count <= STORAGE_RUNS) { return true; }
    list_remove(storage, i);
    return false;
}

/* Takes so many pages out of free run i, from the first on that is aligned.
 * They may not be there, or what stays before and behind may have no room. */
static struct storage_run take_of(struct storage *storage, unsigned i,
                                  uint64_t pages, uint64_t alignment)
{
    const struct storage_run none = { 0, 0 }, free = storage->free[i];
    uint64_t first = (free.first + alignment - 1) / alignment * alignment;
    uint64_t before = (first - free.first) / KERNE_PAGE;
    if (before > free.pages || pages > free.pages - before) { return none; }
    uint64_t behind = free.pages - before - pages;
    if (before > 0 && behind > 0 && storage->count == STORAGE_RUNS) {
        return none;
    }
    struct storage_run run = { first, pages };
    list_remove(storage, i);
    storage_return(storage, (struct storage_run){ free.first, before });
    storage_return(storage, (struct storage_run){ end_of(run), behind });
    return run;
}

struct storage_run storage_take(struct storage *storage, uint64_t pages)
{
    struct storage_run run = { 0, 0 };
    bool is_large = pages >= KERNE_LARGE_PAGE / KERNE_PAGE;
    for (unsigned i = 0; is_large && i < storage->count && run.pages == 0;
         i++) {
        run = take_of(storage, i, pages, KERNE_LARGE_PAGE);
    }
    for (unsigned i = 0; i < storage->count && run.pages == 0; i++) {
        run = take_of(storage, i, pages, KERNE_PAGE);
    }
    return run;
}

uint64_t storage_longest(const struct storage *storage)
{
    uint64_t longest = 0;
    for (unsigned i = 0; i < storage->count; i++) {
        uint64_t pages = storage->free[i].pages;
        longest = pages > longest ? pages : longest;
    }
    return longest;
}

uint64_t storage_free(const struct storage *storage)
{
    uint64_t pages = 0;
    for (unsigned i = 0; i < storage->count; i++) {
        pages += storage->free[i].pages;
    }
    return pages;
}
