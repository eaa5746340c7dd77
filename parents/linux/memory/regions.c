#include <memory/regions.h>

#include <memory/frames.h>
#include <memory/pool.h>
#include <string.h>

#define CHUNK_BYTES (REGION_CHUNK * REGION_BYTES)
#define GIGABYTE (UINT64_C(1) << 30)

/* ---- leaves -------------------------------------------------------------- */

static void leaf_drop(struct leaf *leaf)
{
    if (--leaf->users > 0) { return; }
    for (unsigned i = 0; i < REGION_PAGES; i++) {
        if (leaf->entry[i] != 0) { frame_drop(leaf->entry[i] & ENTRY_ADDRESS); }
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
        if (own->entry[i] != 0) { frame_use(own->entry[i] & ENTRY_ADDRESS); }
    }
    shared->users--;
    region->leaf = own;
    return own;
}

/* ---- regions ------------------------------------------------------------- */

/* A region in its place, as yet without a leaf. */
static struct region *region_place(struct regions *regions, uint64_t address)
{
    struct gigabyte **gigabyte = &regions->gigabyte[address >> 30];
    if (*gigabyte == NULL) { *gigabyte = pool_take(sizeof **gigabyte); }
    if (*gigabyte == NULL) { return NULL; }
    struct chunk **chunk = &(*gigabyte)->chunk[address >> 21 & 511];
    if (*chunk == NULL) { *chunk = pool_take(sizeof **chunk); }
    if (*chunk == NULL) { return NULL; }
    struct region *region = pool_take(sizeof *region);
    if (region == NULL) { return NULL; }
    (*chunk)->region[address >> 18 & 7] = region;
    region->first = address & ~(REGION_BYTES - 1);
    region->next = regions->first;
    regions->first = region;
    return region;
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
    const struct gigabyte *gigabyte = regions->gigabyte[address >> 30];
    uint64_t bytes = gigabyte == NULL ? GIGABYTE
                     : gigabyte->chunk[address >> 21 & 511] == NULL
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

static void gigabyte_end(struct gigabyte *gigabyte)
{
    for (unsigned i = 0; i < 512; i++) {
        pool_return(gigabyte->chunk[i], sizeof *gigabyte->chunk[i]);
    }
    pool_return(gigabyte, sizeof *gigabyte);
}

void regions_end(struct regions *regions)
{
    while (regions->first != NULL) {
        struct region *region = regions->first;
        regions->first = region->next;
        if (region->leaf != NULL) { leaf_drop(region->leaf); }
        pool_return(region, sizeof *region);
    }
    for (unsigned i = 0; i < REGION_ROOT; i++) {
        if (regions->gigabyte[i] != NULL) {
            gigabyte_end(regions->gigabyte[i]);
        }
    }
    memset(regions->gigabyte, 0, sizeof regions->gigabyte);
}
