#include <memory/fault.h>

#include <files/content.h>
#include <files/node.h>
#include <memory/swap.h>
#include <string.h>

#define AROUND 16

/* What is asked of one page. */
struct touch {
    struct space *space;
    struct area *area;
    struct region *region;
    unsigned index;   /* of the page in the region */
    uint64_t address; /* of the page */
    bool is_write;
};

static uint64_t file_page(const struct touch *t)
{
    return area_page(t->area, t->address);
}

/* ---- one page ------------------------------------------------------------ */

/* A page of one's own, with the bytes of another one (0: zeros). */
static uint64_t copy_of(uint64_t page)
{
    uint64_t frame = page == 0 ? frame_take_zeroed() : frame_take();
    if (page != 0 && frame != 0) {
        memcpy((void *)frame, (const void *)page, KERNE_PAGE);
    }
    return frame;
}

/* Of /store, which may have no room, or whose disk may fail. */
static enum fault no_page(const struct content *content)
{
    return content->is_kept && frames_free() > FRAMES_RESERVED
               ? FAULT_BEYOND
               : FAULT_NO_MEMORY;
}

/* A file of /store has to know which of its pages are written. */
static bool is_watched(const struct touch *t)
{
    return t->area->is_shared && t->area->file != NULL &&
           t->area->file->is_kept;
}

static enum fault note_write(const struct touch *t)
{
    struct content *content = node_content(t->area->file);
    return content_page(content, file_page(t), true) != 0 ? FAULT_DONE
                                                          : no_page(content);
}

/* The page of the file as it is, with one user more. */
static enum fault of_file(const struct touch *t, uint64_t *ret_entry)
{
    struct content *content = node_content(t->area->file);
    if (content == NULL || file_page(t) * KERNE_PAGE >= content->size) {
        return FAULT_BEYOND;
    }
    bool is_own = t->area->is_shared && (!content->is_kept || t->is_write);
    uint64_t page = content_page(content, file_page(t), is_own);
    if (page == 0) { return no_page(content); }
    frame_use(page);
    *ret_entry = page;
    return FAULT_DONE;
}

/* An entry for a page that there is not yet. */
static enum fault first_touch(const struct touch *t, uint64_t *ret_entry)
{
    uint64_t page = 0;
    if (t->area->file != NULL) {
        enum fault result = of_file(t, &page);
        if (result != FAULT_DONE) { return result; }
        *ret_entry = page;
        if (!t->is_write || t->area->is_shared) { return FAULT_DONE; }
    }
    uint64_t own = copy_of(page);
    if (page != 0) { frame_drop(page); }
    *ret_entry = own | ENTRY_OWN;
    return own == 0 ? FAULT_NO_MEMORY : FAULT_DONE;
}

static bool is_ours_alone(const struct touch *t, uint64_t entry)
{
    return t->region->leaf->users == 1 && entry & ENTRY_OWN &&
           frame_is_ours_alone(entry & ENTRY_ADDRESS);
}

/* The entry as it has to be; is changed only where it must. */
static enum fault bring(const struct touch *t)
{
    uint64_t entry = t->region->leaf->entry[t->index], brought = entry;
    if (entry == 0) {
        enum fault result = first_touch(t, &brought);
        if (result != FAULT_DONE) { return result; }
    } else if (entry & ENTRY_OUT) {
        return swap_bring(t->space, t->region, t->address);
    } else if (t->is_write && is_watched(t)) {
        return note_write(t);
    } else if (t->is_write && !t->area->is_shared && !is_ours_alone(t, entry)) {
        if (region_own_leaf(t->region) == NULL) { return FAULT_NO_MEMORY; }
        if (is_ours_alone(t, entry)) { return FAULT_DONE; }
        brought = copy_of(entry & ENTRY_ADDRESS) | ENTRY_OWN;
        if (brought == ENTRY_OWN) { return FAULT_NO_MEMORY; }
        frame_drop(entry & ENTRY_ADDRESS);
    }
    if (brought == entry) { return FAULT_DONE; }
    struct leaf *leaf = region_own_leaf(t->region);
    if (leaf == NULL) {
        frame_drop(brought & ENTRY_ADDRESS);
        return FAULT_NO_MEMORY;
    }
    leaf->entry[t->index] = brought;
    return FAULT_DONE;
}

/* ---- pages around it ----------------------------------------------------- */

/* Could the page beside it have a window at the same time, onto the page that
 * lies beside this one in the image?  Then it gets an entry. */
static inline bool takes_part(const struct touch *t,
                              const struct content *content, unsigned index,
                              uint64_t own)
{
    struct leaf *leaf = t->region->leaf;
    if (t->region->readable >> index & 1) { return false; }
    if (leaf->entry[index] == 0 && leaf->users == 1 &&
        content_in_place(content, file_page(t) + index - t->index) == own) {
        leaf->entry[index] = own;
    }
    return leaf->entry[index] == own;
}

/* The pages of a region up to that address. */
static unsigned index_up_to(const struct region *region, uint64_t address,
                            unsigned most)
{
    uint64_t index =
        address > region->first ? (address - region->first) / KERNE_PAGE : 0;
    return index < most ? (unsigned)index : most;
}

/* Opens windows of a file's pages that lie in the image, around the page. */
static bool open_around(const struct touch *t, uint64_t own)
{
    const struct content *content = node_content(t->area->file);
    unsigned first = t->index, last = t->index + 1;
    unsigned low = t->index / AROUND * AROUND, high = low + AROUND;
    unsigned begin = index_up_to(t->region, t->area->first, high);
    low = begin > low ? begin : low;
    high = index_up_to(t->region, t->area->last, high);
    own -= t->index * KERNE_PAGE; /* of the region's first page */
    while (first > low &&
           takes_part(t, content, first - 1, own + (first - 1) * KERNE_PAGE)) {
        first--;
    }
    while (last < high &&
           takes_part(t, content, last, own + last * KERNE_PAGE)) {
        last++;
    }
    return space_open(
        t->space, t->region, t->region->first + first * KERNE_PAGE,
        own + first * KERNE_PAGE, last - first, t->area->rights & ~KERNE_WRITE);
}

/* What is the same as on the disk stays so until it is written to. */
static bool may_change(const struct touch *t, uint64_t entry)
{
    uint64_t slot;
    if (t->is_write) { frame_forget_slot(entry & ENTRY_ADDRESS); }
    return t->is_write || !frame_slot(entry & ENTRY_ADDRESS, &slot);
}

static bool open_window(const struct touch *t)
{
    uint64_t entry = t->region->leaf->entry[t->index];
    uint64_t rights = t->area->rights;
    bool in_place = t->area->is_shared || is_ours_alone(t, entry);
    if (!in_place && t->area->file != NULL && !(entry & ENTRY_OWN) &&
        content_in_place(node_content(t->area->file), file_page(t)) == entry) {
        return open_around(t, entry);
    }
    if (!in_place || !may_change(t, entry) || (is_watched(t) && !t->is_write)) {
        rights &= ~KERNE_WRITE;
    }
    if (rights & KERNE_WRITE) { rights |= KERNE_READ; }
    return space_open(t->space, t->region, t->address, entry & ENTRY_ADDRESS, 1,
                      rights);
}

/* No memory now; or soon, when pages have gone out. */
static enum fault no_memory(void)
{
    bool comes = swap_wanted != NULL ||
                 (frames_free() <= frames_kept && swap_makes_room());
    return comes ? FAULT_WAITS : FAULT_NO_MEMORY;
}

enum fault fault(struct space *space, uint64_t address, uint64_t access)
{
    struct area *area =
        address < SPACE_END ? area_at(&space->areas, address) : NULL;
    if (area == NULL) { return FAULT_NO_AREA; }
    if (access & ~area->rights &&
        !(access == KERNE_READ && area->rights & KERNE_WRITE)) {
        return FAULT_NO_RIGHT;
    }
    struct touch t = {
        .space = space,
        .area = area,
        .region = region_make(&space->regions, address),
        .index = region_index(address),
        .address = address & ENTRY_ADDRESS,
        .is_write = access == KERNE_WRITE,
    };
    if (t.region == NULL) { return no_memory(); }
    uint64_t open = t.is_write ? t.region->writable : t.region->readable;
    if (open >> t.index & 1) { return FAULT_DONE; }
    enum fault result = bring(&t);
    if (result == FAULT_DONE && !open_window(&t)) { return FAULT_NO_MEMORY; }
    return result == FAULT_NO_MEMORY ? no_memory() : result;
}
