#include <memory/space.h>

#include <calls.h>
#include <memory/bits.h>
#include <memory/pool.h>
#include <memory/hands.h>
#include <memory/swap.h>
#include <string.h>

#define TABLES_MORE 4
#define AREAS_IN_PAGE 40 /* about */

struct space *space_make(void)
{
    struct space *space = pool_take(sizeof *space);
    if (space == NULL) { return NULL; }
    space->users = 1;
    hands_note(space);
    return space;
}

/* ---- windows ------------------------------------------------------------- */

/* Bits from page `from` on, up to page `to`. */
static uint64_t bits(unsigned from, unsigned to)
{
    uint64_t below = to < 64 ? (UINT64_C(1) << to) - 1 : UINT64_MAX;
    return below & UINT64_MAX << from;
}

uint64_t space_bits(const struct region *region, uint64_t first, uint64_t last)
{
    uint64_t from = first > region->first ? first - region->first : 0;
    uint64_t to = last - region->first;
    to = to < REGION_BYTES ? to : REGION_BYTES;
    return bits((unsigned)(from / KERNE_PAGE), (unsigned)(to / KERNE_PAGE));
}

/* The next run of bits, in pages; false: there are no more. */
static bool next_run(uint64_t *set, unsigned *ret_first, unsigned *ret_pages)
{
    if (*set == 0) { return false; }
    *ret_first = bits_lowest(*set);
    uint64_t rest = ~(*set >> *ret_first);
    *ret_pages = rest == 0 ? 64 : bits_lowest(rest);
    *set &= ~bits(*ret_first, *ret_first + *ret_pages);
    return true;
}

void space_close_set(uint64_t reference, uint64_t first, uint64_t set)
{
    unsigned from, pages;
    uint64_t left;
    while (next_run(&set, &from, &pages)) {
        kerne_unmap(reference, first + from * KERNE_PAGE, pages, &left);
    }
}

/* The set is a row of pages; to pass over those that have no window costs less
 * than another call. */
static void close_in(struct space *space, struct region *region, uint64_t set)
{
    unsigned from, pages, end = 0;
    set &= region->readable;
    if (set == 0) { return; }
    region->readable &= ~set;
    region->writable &= ~set;
    unsigned first = bits_lowest(set);
    while (next_run(&set, &from, &pages)) { end = from + pages; }
    uint64_t left;
    kerne_unmap(space->reference, region->first + first * KERNE_PAGE,
                end - first, &left);
}

void space_close_pages(struct space *space, struct region *region, uint64_t set)
{
    set &= region->readable;
    region->readable &= ~set;
    region->writable &= ~set;
    space_close_set(space->reference, region->first, set);
}

void space_close(struct space *space, uint64_t first, uint64_t last)
{
    struct region *region = region_after(&space->regions, first, last);
    while (region != NULL) {
        close_in(space, region, space_bits(region, first, last));
        region =
            region_after(&space->regions, region->first + REGION_BYTES, last);
    }
}

/* By regions: to look for windows in nearly empty tables costs more. */
void space_close_all(struct space *space)
{
    for (struct region *r = space->regions.first; r != NULL; r = r->next) {
        space_close_set(space->reference, r->first, r->readable);
        r->readable = r->writable = 0;
    }
}

static bool more_tables(struct space *space)
{
    uint64_t tables = space->tables + TABLES_MORE;
    if (kerne_set_claims(space->reference, 0, 0, tables) != KERNE_r_normal) {
        return false;
    }
    space->tables = tables;
    return true;
}

bool space_open(struct space *space, struct region *region, uint64_t address,
                uint64_t own, uint64_t pages, uint64_t rights)
{
    uint64_t left, result;
    bool is_closed = false;
    while ((result = kerne_map(space->reference, address, own, pages, rights,
                               &left)) == KERNE_r_no_tables &&
           !is_closed) {
        is_closed = !more_tables(space);
        if (is_closed) { space_close_all(space); }
    }
    if (result != KERNE_r_normal) { /* some of them are there */
        kerne_unmap(space->reference, address, pages, &left);
        return false;
    }
    unsigned index = region_index(address);
    uint64_t set = bits(index, index + (unsigned)pages);
    region->readable |= set;
    region->writable =
        rights & KERNE_WRITE ? region->writable | set : region->writable & ~set;
    return true;
}

/* ---- pages --------------------------------------------------------------- */

static void drop_pages(struct leaf *leaf, uint64_t set)
{
    for (; set != 0; set &= set - 1) {
        unsigned i = bits_lowest(set);
        if (leaf->entry[i] != 0) { entry_drop(leaf->entry[i]); }
        leaf->entry[i] = 0;
    }
}

bool space_empty(struct space *space, uint64_t first, uint64_t last)
{
    struct region *region = region_after(&space->regions, first, last);
    while (region != NULL) {
        uint64_t set = space_bits(region, first, last), next = region->first;
        close_in(space, region, set);
        if (set == UINT64_MAX) {
            region_remove(&space->regions, region);
            region = region_after(&space->regions, next + REGION_BYTES, last);
            continue;
        }
        struct leaf *leaf =
            region->leaf == NULL ? NULL : region_own_leaf(region);
        if (region->leaf != NULL && leaf == NULL) { return false; }
        if (leaf != NULL) { drop_pages(leaf, set); }
        region =
            region_after(&space->regions, region->first + REGION_BYTES, last);
    }
    return true;
}

void space_clear(struct space *space)
{
    space_close_all(space);
    regions_end(&space->regions);
    areas_end(&space->areas);
}

void space_drop(struct space *space)
{
    if (--space->users > 0) { return; }
    hands_forget(space);
    swap_forget(space);
    regions_end(&space->regions);
    areas_end(&space->areas);
    pool_return(space, sizeof *space);
}

static uint64_t pages_of(const struct leaf *leaf)
{
    uint64_t pages = 0;
    for (unsigned i = 0; i < REGION_PAGES; i++) {
        pages += leaf->entry[i] & ENTRY_OWN;
    }
    return pages / leaf->users;
}

uint64_t space_pages(const struct space *space)
{
    uint64_t pages = space->areas.count / AREAS_IN_PAGE;
    for (const struct region *r = space->regions.first; r != NULL;
         r = r->next) {
        if (r->leaf != NULL) { pages += pages_of(r->leaf); }
    }
    return pages;
}

/* ---- fork ---------------------------------------------------------------- */

/* Of a page that is shared from now on, the window is narrowed; what may not be
 * lent that narrowly is closed. */
static void narrow(struct space *space, struct region *region)
{
    for (uint64_t set = region->writable; set != 0; set &= set - 1) {
        unsigned i = bits_lowest(set);
        uint64_t address = region->first + i * KERNE_PAGE, left;
        const struct area *area = area_at(&space->areas, address);
        uint64_t rights =
            area == NULL ? KERNE_READ : area->rights & ~KERNE_WRITE;
        kerne_map(space->reference, address,
                  region->leaf->entry[i] & ENTRY_ADDRESS, 1,
                  rights | KERNE_READ, &left);
    }
    region->writable = 0;
}

struct space *space_fork(struct space *space)
{
    struct space *copy = space_make();
    if (copy == NULL) { return NULL; }
    if (!areas_copy(&copy->areas, &space->areas) ||
        !regions_share(&copy->regions, &space->regions)) {
        space_drop(copy);
        return NULL;
    }
    for (struct region *r = space->regions.first; r != NULL; r = r->next) {
        if (r->writable != 0) { narrow(space, r); }
    }
    copy->key = space->key;
    copy->heap_first = space->heap_first;
    copy->heap_last = space->heap_last;
    memcpy(copy->arguments, space->arguments, sizeof copy->arguments);
    memcpy(copy->environment, space->environment, sizeof copy->environment);
    return copy;
}
