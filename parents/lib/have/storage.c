#include "storage.h"

#include <string.h>

static uint64_t end_of(struct storage_run run)
{
    return run.first + run.pages * KERNE_PAGE;
}

void storage_begin(struct storage *storage)
{
    storage->count = 0;
    storage->pages = 0;
}

void storage_begin_with(struct storage *storage,
                        const struct kerne_start *start)
{
    const struct kerne_range but[] = { start->image, start->device_tree };
    storage_begin(storage);
    for (unsigned i = 0; i < KERNE_START_RANGES; i++) {
        if (start->storage[i].first < start->storage[i].last) {
            storage_give_but(storage, start->storage[i], but, 2);
        }
    }
}

static void list_remove(struct storage *storage, unsigned i)
{
    storage->count--;
    memmove(&storage->free[i], &storage->free[i + 1],
            (storage->count - i) * sizeof storage->free[0]);
}

static bool list_insert(struct storage *storage, unsigned i,
                        struct storage_run run)
{
    if (storage->count == STORAGE_RUNS) { return false; }
    memmove(&storage->free[i + 1], &storage->free[i],
            (storage->count - i) * sizeof storage->free[0]);
    storage->free[i] = run;
    storage->count++;
    return true;
}

bool storage_return(struct storage *storage, struct storage_run run)
{
    if (run.pages == 0) { return true; }
    unsigned i = 0;
    while (i < storage->count && storage->free[i].first < run.first) { i++; }
    bool joins_left = i > 0 && end_of(storage->free[i - 1]) == run.first;
    bool joins_right =
        i < storage->count && end_of(run) == storage->free[i].first;
    if (joins_left) {
        storage->free[i - 1].pages += run.pages;
        if (joins_right) {
            storage->free[i - 1].pages += storage->free[i].pages;
            list_remove(storage, i);
        }
        return true;
    }
    if (joins_right) {
        storage->free[i].first = run.first;
        storage->free[i].pages += run.pages;
        return true;
    }
    return list_insert(storage, i, run);
}

bool storage_give(struct storage *storage, uint64_t first, uint64_t last)
{
    uint64_t begin = first / KERNE_PAGE + (first % KERNE_PAGE != 0);
    uint64_t end = last / KERNE_PAGE;
    if (begin >= end) { return true; }
    struct storage_run run = { begin * KERNE_PAGE, end - begin };
    if (!storage_return(storage, run)) { return false; }
    storage->pages += run.pages;
    return true;
}

bool storage_give_but(struct storage *storage, struct kerne_range stretch,
                      const struct kerne_range *but, unsigned count)
{
    if (count == 0) {
        return storage_give(storage, stretch.first, stretch.last);
    }
    bool apart = but->first >= but->last || but->last <= stretch.first ||
                 but->first >= stretch.last;
    if (apart) {
        return storage_give_but(storage, stretch, but + 1, count - 1);
    }
    uint64_t before = but->first / KERNE_PAGE * KERNE_PAGE;
    uint64_t behind = (but->last + KERNE_PAGE - 1) / KERNE_PAGE * KERNE_PAGE;
    struct kerne_range left = { stretch.first, before };
    struct kerne_range right = { behind, stretch.last };
    return storage_give_but(storage, left, but + 1, count - 1) &&
           storage_give_but(storage, right, but + 1, count - 1);
}

/* Cuts [first, first + pages) out of free run i, which holds it. */
static bool cut(struct storage *storage, unsigned i, uint64_t first,
                uint64_t pages)
{
    struct storage_run *free = &storage->free[i];
    struct storage_run behind = { first + pages * KERNE_PAGE, 0 };
    behind.pages = (end_of(*free) - behind.first) / KERNE_PAGE;
    uint64_t before = (first - free->first) / KERNE_PAGE;
    if (before == 0 && behind.pages == 0) {
        list_remove(storage, i);
    } else if (before == 0) {
        *free = behind;
    } else if (behind.pages == 0) {
        free->pages = before;
    } else if (list_insert(storage, i + 1, behind)) {
        storage->free[i].pages = before;
    } else {
        return false;
    }
    return true;
}

static struct storage_run take_aligned(struct storage *storage, uint64_t pages,
                                       uint64_t alignment)
{
    for (unsigned i = 0; i < storage->count; i++) {
        struct storage_run free = storage->free[i];
        uint64_t first = (free.first + alignment - 1) / alignment * alignment;
        uint64_t skipped = (first - free.first) / KERNE_PAGE;
        if (skipped <= free.pages && pages <= free.pages - skipped &&
            cut(storage, i, first, pages)) {
            return (struct storage_run){ first, pages };
        }
    }
    return (struct storage_run){ 0, 0 };
}

struct storage_run storage_take(struct storage *storage, uint64_t pages)
{
    struct storage_run run = { 0, 0 };
    if (pages == 0) { return run; }
    if (pages >= KERNE_LARGE_PAGE / KERNE_PAGE) {
        run = take_aligned(storage, pages, KERNE_LARGE_PAGE);
    }
    if (run.pages == 0) { run = take_aligned(storage, pages, KERNE_PAGE); }
    return run;
}

uint64_t storage_longest(const struct storage *storage)
{
    uint64_t longest = 0;
    for (unsigned i = 0; i < storage->count; i++) {
        if (storage->free[i].pages > longest) {
            longest = storage->free[i].pages;
        }
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
