/* A parent's storage: runs of pages, against a map of every page. */
#include <string.h>

#include <storage.h>
#include <tap.h>

#include "dice.h"

#define PAGES 4096u
#define FIRST UINT64_C(0x80100000)
#define LENT 200u

static struct storage storage;
static bool is_free[PAGES];

static uint64_t page_at(unsigned page) { return FIRST + page * KERNE_PAGE; }

static void begin(void)
{
    struct kerne_start start = { .storage = { { FIRST, page_at(PAGES) } } };
    storage_begin(&storage, &start);
    memset(is_free, true, sizeof is_free);
}

/* The free runs are those of the map, and nothing else. */
static void expect_as_mapped(void)
{
    unsigned page = 0, longest = 0, free = 0, run = 0;
    while (page < PAGES) {
        unsigned end = page;
        while (end < PAGES && is_free[end] == is_free[page]) { end++; }
        if (is_free[page]) {
            EXPECT(run < storage.count);
            EQUAL(storage.free[run].first, page_at(page));
            EQUAL(storage.free[run].pages, end - page);
            longest = end - page > longest ? end - page : longest;
            free += end - page;
            run++;
        }
        page = end;
    }
    EQUAL(run, storage.count);
    EQUAL(storage_longest(&storage), longest);
    EQUAL(storage_free(&storage), free);
    EQUAL(storage.pages, PAGES);
}

static void mark(struct storage_run run, bool free)
{
    unsigned first = (unsigned)((run.first - FIRST) / KERNE_PAGE);
    EQUAL(run.first % KERNE_PAGE, 0);
    for (unsigned page = first; page < first + run.pages; page++) {
        EXPECT(page < PAGES && is_free[page] != free);
        is_free[page] = free;
    }
}

static struct storage_run take(uint64_t pages)
{
    struct storage_run run = storage_take(&storage, pages);
    mark(run, false);
    return run;
}

static bool give_back(struct storage_run run)
{
    bool is_done = storage_return(&storage, run);
    if (is_done) { mark(run, true); }
    return is_done;
}

/* What a start record tells of: whole pages, without image and device tree. */
TEST("free_storage.what_is_given")
{
    const struct kerne_start start = {
        .storage = { { page_at(10), page_at(20) + 8 },
                     { page_at(2) + 8, page_at(10) },
                     { page_at(30) + 8, page_at(30) + 16 },
                     { page_at(40), page_at(50) } },
        .image = { page_at(4) + 100, page_at(5) + 1 },
        .device_tree = { page_at(49) + 8, page_at(50) + 1 },
    };
    static const struct storage_run wanted[] = { { FIRST + 0x3000, 1 },
                                                 { FIRST + 0x6000, 14 },
                                                 { FIRST + 0x28000, 9 } };
    storage_begin(&storage, &start);
    EQUAL(storage.count, 3);
    EQUAL(storage.pages, 24);
    EXPECT(memcmp(storage.free, wanted, sizeof wanted) == 0);
}

TEST("free_storage.at_random")
{
    static struct storage_run lent[LENT];
    dice_state = 1;
    begin();
    for (unsigned round = 0; round < 20000; round++) {
        struct storage_run *run = &lent[dice(LENT)];
        if (run->pages > 0) {
            run->pages = give_back(*run) ? 0 : run->pages;
        } else {
            *run = take(1 + dice(round % 64 == 0 ? 1500 : 40));
        }
        expect_as_mapped();
    }
}

/* Where the list is full, a run comes back if it joins another, and one is
 * taken if that needs no further one. */
TEST("free_storage.full_list")
{
    begin();
    for (unsigned page = 0; page < PAGES; page++) { take(1); }
    EQUAL(storage.count, 0);
    for (unsigned i = 0; i < STORAGE_RUNS; i++) {
        EXPECT(give_back((struct storage_run){ page_at(4 * i), 1 }));
    }
    EXPECT(!give_back((struct storage_run){ page_at(4 * STORAGE_RUNS), 1 }));
    EXPECT(!give_back((struct storage_run){ page_at(2), 1 }));
    expect_as_mapped();
    EXPECT(give_back((struct storage_run){ page_at(1), 1 }));
    EXPECT(give_back((struct storage_run){ page_at(7), 1 }));
    expect_as_mapped();
    EXPECT(give_back((struct storage_run){ page_at(2), 2 })); /* joins three */
    EQUAL(storage.count, STORAGE_RUNS - 1);
    EXPECT(give_back((struct storage_run){ page_at(PAGES - 1), 1 }));
    expect_as_mapped();
    EQUAL(take(5).first, page_at(0));
    EQUAL(take(3).pages, 0);
    expect_as_mapped();
}

/* From 2 MiB on, from such a border on if there is one; never what is not
 * there. */
TEST("free_storage.large_runs")
{
    begin();
    EQUAL(take(512).first, UINT64_C(0x80200000));
    EQUAL(take(511).first, UINT64_C(0x80400000));
    EQUAL(take(256).first, FIRST);
    EQUAL(take(PAGES).pages, 0);
    EQUAL(take(UINT64_MAX).pages, 0);
    EQUAL(take(0).pages, 0);
    expect_as_mapped();
}

/* There is no room for both that would stay of a run, before and behind. */
TEST("free_storage.cut_in_full_list")
{
    begin();
    struct storage_run all = take(PAGES);
    EXPECT(give_back((struct storage_run){ all.first, 1030 }));
    for (unsigned i = 1; i < STORAGE_RUNS; i++) {
        EXPECT(give_back((struct storage_run){ page_at(1030 + 2 * i), 1 }));
    }
    EQUAL(take(512).first, FIRST); /* at the border it would be cut in three */
    expect_as_mapped();
}
