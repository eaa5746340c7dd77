#include <memory/regions.h>

#include <memory/pool.h>
#include <memory/swap.h>
#include <string.h>

#define CHUNK_BYTES (REGION_STEP * REGION_BYTES)
#define GIGABYTE (UINT64_C(1) << 30)

/* ---- leaves -------------------------------------------------------------- */

static void leaf_drop(struct leaf *leaf)
{
    if (--leaf->users > 0) { return; }
    for (unsigned i = 0; i < REGION_PAGES; i++) {
        if (leaf->entry[i] != 0) { entry_drop(leaf->entry[i]); }
    }
    pool_return(leaf, sizeof *leaf);
}

struct leaf *region_own_leaf(struct region *region)
{
    struct leaf *shared = region->leaf;
    if (shared->users == 1) { return shared; }
    struct leaf *own = pool_take(sizeof *own);
    if (own == NULL) { return NULL; }
    own->users = 1;
    for (unsigned i = 0; i < REGION_PAGES; i++) {
        own->entry[i] = shared->entry[i];
        if (own->entry[i] != 0) { entry_use(own->entry[i]); }
    }
    shared->users--;
    region->leaf = own;
    return own;
}

/* ---- regions ------------------------------------------------------------- */

static struct gigabyte **gigabyte_place(struct regions *regions,
                                        uint64_t number)
{
    static struct gigabyte *none;
    if (number == 0) { return &regions->lowest; }
    if (number == REGION_ROOT - 1) { return &regions->highest; }
    if (regions->other == NULL) {
        regions->other = pool_take(REGION_ROOT * sizeof(void *));
    }
    none = NULL;
    return regions->other == NULL ? &none : &regions->other[number];
}

static struct gigabyte *gigabyte_make(struct regions *regions, uint64_t number)
{
    struct gigabyte **place = gigabyte_place(regions, number);
    bool is_other = number != 0 && number != REGION_ROOT - 1;
    if (*place == NULL && (!is_other || regions->other != NULL)) {
        *place = pool_take(sizeof **place);
        regions->other_count += is_other && *place != NULL;
    }
    return *place;
}

/* Takes the levels away under which there is nothing. */
static void prune(struct regions *regions, uint64_t address)
{
    uint64_t number = address >> 30;
    struct gigabyte **gigabyte = gigabyte_place(regions, number);
    if (*gigabyte == NULL) { return; }
    struct chunk **chunk = &(*gigabyte)->chunk[address >> 24 & 63];
    if (*chunk != NULL && (*chunk)->count == 0) {
        pool_return(*chunk, sizeof **chunk);
        *chunk = NULL;
        (*gigabyte)->count--;
    }
    if ((*gigabyte)->count > 0) { return; }
    pool_return(*gigabyte, sizeof **gigabyte);
    *gigabyte = NULL;
    if (number == 0 || number == REGION_ROOT - 1) { return; }
    if (--regions->other_count == 0) {
        pool_return(regions->other, REGION_ROOT * sizeof(void *));
        regions->other = NULL;
    }
}

/* A region in its place, as yet without a leaf. */
static struct region *region_place(struct regions *regions, uint64_t address)
{
    struct gigabyte *gigabyte = gigabyte_make(regions, address >> 30);
    if (gigabyte == NULL) { return NULL; }
    struct chunk **chunk = &gigabyte->chunk[address >> 24 & 63];
    if (*chunk == NULL) {
        *chunk = pool_take(sizeof **chunk);
        gigabyte->count += *chunk != NULL;
    }
    struct region *region = *chunk == NULL ? NULL : pool_take(sizeof *region);
    if (region == NULL) {
        prune(regions, address);
        return NULL;
    }
    (*chunk)->region[address >> 18 & 63] = region;
    (*chunk)->count++;
    region->first = address & ~(REGION_BYTES - 1);
    region->next = regions->first;
    if (region->next != NULL) { region->next->previous = region; }
    regions->first = region;
    return region;
}

void region_remove(struct regions *regions, struct region *region)
{
    uint64_t address = region->first;
    struct chunk *chunk =
        region_gigabyte(regions, address)->chunk[address >> 24 & 63];
    if (region->leaf != NULL) { leaf_drop(region->leaf); }
    chunk->region[address >> 18 & 63] = NULL;
    chunk->count--;
    *(region->previous == NULL ? &regions->first : &region->previous->next) =
        region->next;
    if (region->next != NULL) { region->next->previous = region->previous; }
    pool_return(region, sizeof *region);
    if (chunk->count == 0) { prune(regions, address); }
}

struct region *region_make(struct regions *regions, uint64_t address)
{
    struct region *region = region_find(regions, address);
    if (region != NULL && region->leaf != NULL) { return region; }
    struct leaf *leaf = pool_take(sizeof *leaf);
    if (leaf == NULL) { return NULL; }
    if (region == NULL) { region = region_place(regions, address); }
    if (region == NULL) {
        pool_return(leaf, sizeof *leaf);
        return NULL;
    }
    leaf->users = 1;
    region->leaf = leaf;
    return region;
}

/* How far it is to the next address where a region can be. */
static uint64_t step(const struct regions *regions, uint64_t address)
{
    const struct gigabyte *gigabyte = region_gigabyte(regions, address);
    uint64_t bytes = gigabyte == NULL ? GIGABYTE
                     : gigabyte->chunk[address >> 24 & 63] == NULL
                         ? CHUNK_BYTES
                         : REGION_BYTES;
    return bytes - address % bytes;
}

struct region *region_after(const struct regions *regions, uint64_t address,
                            uint64_t last)
{
    struct region *region = NULL;
    while (address < last && region == NULL) {
        region = region_find(regions, address);
        address += step(regions, address);
    }
    return region;
}

bool regions_share(struct regions *to, const struct regions *from)
{
    for (const struct region *r = from->first; r != NULL; r = r->next) {
        struct region *copy = region_place(to, r->first);
        if (copy == NULL) { return false; }
        copy->leaf = r->leaf;
        copy->leaf->users++;
    }
    return true;
}

void regions_end(struct regions *regions)
{
    while (regions->first != NULL) { region_remove(regions, regions->first); }
}
