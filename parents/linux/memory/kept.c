#include <memory/kept.h>

#include <calls.h>
#include <files/content.h>
#include <files/node.h>
#include <memory/bits.h>
#include <memory/pool.h>
#include <memory/space.h>

#define RUNS 30

/* Some pages of a region, which lie in a row in the image as they do here. */
struct run {
    uint64_t first; /* address of the region */
    uint64_t own;   /* of what the region's first page would be */
    uint64_t set;
    uint64_t rights;
};

struct kept {
    const void *key;
    unsigned count;
    struct run run[RUNS];
};

const void *kept_key(struct node *program)
{
    const struct content *content = node_content(program);
    return content == NULL ? NULL : content->base;
}

bool kept_is_of(const struct kept *kept, const void *key)
{
    return kept != NULL && kept->key == key;
}

static bool is_of_file(const struct area *area)
{
    return area != NULL && area->file != NULL && !area->is_shared &&
           !(area->rights & KERNE_WRITE);
}

static uint64_t bits_of_area(const struct region *region,
                             const struct area *area)
{
    return space_bits(region, area->first, area->last);
}

/* ---- from a space that goes ---------------------------------------------- */

/* Those of `set` that are as the first of them is. */
static uint64_t in_a_row(const struct region *region, uint64_t set,
                         uint64_t own)
{
    const uint64_t *entry = region->leaf->entry;
    uint64_t row = 0;
    for (unsigned i = bits_lowest(set); i < REGION_PAGES && set >> i != 0;
         i++) {
        uint64_t is_so = entry[i] == own + i * KERNE_PAGE;
        row |= (is_so & set >> i) << i;
    }
    return row;
}

static void keep_of_region(struct kept *kept, struct space *space,
                           struct region *region)
{
    uint64_t left = region->readable & ~region->writable;
    while (left != 0 && kept->count < RUNS) {
        unsigned first = bits_lowest(left);
        uint64_t address = region->first + first * KERNE_PAGE;
        const struct area *area = area_at(&space->areas, address);
        if (area == NULL) { return; }
        uint64_t set = left & bits_of_area(region, area);
        uint64_t page = region->leaf->entry[first];
        left &= ~set;
        if (!is_of_file(area) ||
            page != content_in_place(node_content(area->file),
                                     area_page(area, address))) {
            continue;
        }
        uint64_t own = page - first * KERNE_PAGE;
        set = in_a_row(region, set, own);
        region->readable &= ~set;
        kept->run[kept->count++] =
            (struct run){ region->first, own, set, area->rights };
    }
}

struct kept *kept_make(struct space *space)
{
    struct kept *kept = space->key == NULL ? NULL : pool_take(sizeof *kept);
    for (struct region *r = space->regions.first; kept != NULL && r != NULL;
         r = r->next) {
        if (r->leaf != NULL) { keep_of_region(kept, space, r); }
    }
    space_close_all(space);
    if (kept == NULL) { return NULL; }
    kept->key = space->key;
    if (kept->count > 0) { return kept; }
    pool_return(kept, sizeof *kept);
    return NULL;
}

/* ---- to another one ------------------------------------------------------ */

/* Has the area's file those pages in the image, at every address of `set`, and
 * none of its own? */
static bool is_in_place(const struct run *run, const struct area *area,
                        uint64_t set)
{
    const struct content *content = node_content(area->file);
    uint64_t first = run->first + bits_lowest(set) * KERNE_PAGE;
    uint64_t last = run->first + bits_highest(set) * KERNE_PAGE;
    uint64_t own = run->own - run->first;
    return content != NULL && content->pages == 0 &&
           content_in_place(content, area_page(area, first)) == own + first &&
           content_in_place(content, area_page(area, last)) == own + last;
}

/* Which of its pages the area has there, too; they get entries. */
static uint64_t allowed(const struct run *run, struct region *region,
                        const struct area *area)
{
    struct leaf *leaf = region->leaf;
    uint64_t set = run->set & bits_of_area(region, area), good = 0;
    if (set == 0 || !is_in_place(run, area, set)) { return 0; }
    for (unsigned i = bits_lowest(set); i < REGION_PAGES && set >> i != 0;
         i++) {
        uint64_t own = run->own + i * KERNE_PAGE;
        if (!(set >> i & 1)) { continue; }
        if (leaf->entry[i] == 0 && leaf->users == 1) { leaf->entry[i] = own; }
        if (leaf->entry[i] == own) { good |= UINT64_C(1) << i; }
    }
    return good;
}

/* What has been opened there since is the space's already. */
static void adopt(struct space *space, const struct run *run)
{
    uint64_t address = run->first + bits_lowest(run->set) * KERNE_PAGE;
    const struct area *area = area_at(&space->areas, address);
    bool is_same = is_of_file(area) && area->rights == run->rights;
    struct region *region = is_same ? region_make(&space->regions, run->first)
                                    : region_find(&space->regions, run->first);
    uint64_t left = region == NULL ? run->set : run->set & ~region->readable;
    if (is_same && region != NULL) {
        uint64_t good = left & allowed(run, region, area);
        region->readable |= good;
        left &= ~good;
    }
    space_close_set(space->reference, run->first, left);
}

void kept_adopt(struct space *space)
{
    struct kept *kept = space->kept;
    if (kept == NULL) { return; }
    for (unsigned i = 0; i < kept->count; i++) { adopt(space, &kept->run[i]); }
    pool_return(kept, sizeof *kept);
    space->kept = NULL;
}

void kept_close(struct kept *kept, uint64_t reference)
{
    if (kept == NULL) { return; }
    for (unsigned i = 0; i < kept->count; i++) {
        space_close_set(reference, kept->run[i].first, kept->run[i].set);
    }
    pool_return(kept, sizeof *kept);
}
