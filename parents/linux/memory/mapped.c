#include <memory/mapped.h>

#include <processes/process.h>

/* The next area of the file's in any space; null: there are no more.  Spaces
 * that several processes share come several times. */
struct search {
    const struct process *process;
    const struct node *file;
    struct space *space;
    struct area *area;
};

/* The first area of the next space's; false: that was the last. */
static bool next_space(struct search *s)
{
    s->process = process_next(s->process);
    if (s->process == NULL) { return false; }
    s->space = s->process->threads == NULL ? NULL : s->process->threads->space;
    s->area = s->space == NULL ? NULL : area_after(&s->space->areas, 0);
    return true;
}

static struct area *next_area(struct search *s)
{
    if (s->area != NULL) { s->area = s->area->next[0]; }
    for (;;) {
        for (; s->area != NULL; s->area = s->area->next[0]) {
            if (s->area->file == s->file) { return s->area; }
        }
        if (!next_space(s)) { return NULL; }
    }
}

/* Where a byte of the file lies in the area, or would. */
static uint64_t address_of(const struct area *area, uint64_t byte)
{
    return byte <= area->offset ? area->first
                                : area->first + (byte - area->offset);
}

/* A page of the image's has other bytes behind the end; one that was written
 * has zeros there, or is private. */
static bool cut_last(struct space *space, uint64_t address)
{
    const struct region *region = region_find(&space->regions, address);
    if (region == NULL || region->leaf == NULL ||
        region->leaf->entry[region_index(address)] & ENTRY_OWN) {
        return true;
    }
    return space_empty(space, address, address + KERNE_PAGE);
}

bool mapped_cut(const struct node *file, uint64_t size)
{
    struct search search = { .file = file };
    uint64_t within = size % KERNE_PAGE;
    uint64_t end = within == 0 ? size : size - within + KERNE_PAGE;
    const struct area *area;
    bool is_cut = true;
    while ((area = next_area(&search)) != NULL) {
        uint64_t from = address_of(area, end);
        if (from < area->last) {
            is_cut &= space_empty(search.space, from, area->last);
        }
        uint64_t last = address_of(area, size - within);
        if (within != 0 && size > area->offset && last < area->last) {
            is_cut &= cut_last(search.space, last);
        }
    }
    return is_cut;
}

void mapped_close(const struct node *file)
{
    struct search search = { .file = file };
    const struct area *area;
    while ((area = next_area(&search)) != NULL) {
        if (area->is_shared) {
            space_close(search.space, area->first, area->last);
        }
    }
}
