#include "pages.h"

#include <ranges.h>

/* ---- frames -------------------------------------------------------------- */

static void ring_begin(struct frame *ring)
{
    ring->before = ring->behind = ring;
}

static void leave(struct frame *frame)
{
    frame->before->behind = frame->behind;
    frame->behind->before = frame->before;
}

static void join_end(struct frame *ring, struct frame *frame)
{
    frame->before = ring->before;
    frame->behind = ring;
    frame->before->behind = ring->before = frame;
}

/* The last frame is used first: so pages in a row are not in frames in a row,
 * and describe has no row of windows to walk along; see pager_touched(). */
void pages_begin(struct pager *pager)
{
    ring_begin(&pager->queue);
    ring_begin(&pager->free);
    for (uint64_t i = pager->frames; i-- > 0;) {
        pager->frame[i] = (struct frame){ .owner = NULL };
        join_end(&pager->free, &pager->frame[i]);
    }
}

static void *contents(const struct pager *pager, const struct frame *frame)
{
    uint64_t number = (uint64_t)(frame - pager->frame);
    return (void *)(pager->first + number * KERNE_PAGE);
}

static uint64_t address_of(const struct frame *frame)
{
    return frame->owner->program.first + frame->page * (uint64_t)KERNE_PAGE;
}

uint64_t page_rights(const struct owner *owner, uint64_t address)
{
    for (unsigned i = 0; i < owner->program.count; i++) {
        const struct executable_segment *segment = &owner->program.segment[i];
        uint64_t bytes = kerne_ranges_up(segment->bytes);
        if (address - segment->address < bytes) { return segment->rights; }
    }
    bool is_heap = address >= owner->program.last &&
                   address < owner->record.storage[0].last;
    return is_heap ? loader_heap_rights(&owner->record) : 0;
}

/* What is clean is for reading only. */
static uint64_t rights_now(const struct frame *frame)
{
    uint64_t rights = page_rights(frame->owner, address_of(frame));
    return frame->is_dirty ? rights : rights & ~KERNE_WRITE;
}

uint64_t page_open(const struct pager *pager, const struct frame *frame)
{
    uint64_t left;
    return kerne_map(frame->owner->reference, address_of(frame),
                     (uint64_t)contents(pager, frame), 1, rights_now(frame),
                     &left);
}

/* ---- pages go ------------------------------------------------------------ */

void page_drop(struct pager *pager, struct frame *frame)
{
    struct page *page = &frame->owner->page[frame->page];
    page->frame = NULL;
    pager->staying -= page->stays;
    leave(frame);
    *frame = (struct frame){ .owner = NULL };
    join_end(&pager->free, frame);
}

bool page_put(struct pager *pager, struct frame *frame)
{
    struct page *page = &frame->owner->page[frame->page];
    if (frame->is_dirty) {
        if (!pager->room->put(pager->room, &page->place,
                              contents(pager, frame))) {
            return false;
        }
        pager->counts.written++;
    }
    page_drop(pager, frame);
    return true;
}

const char *page_refusal(const struct pager *pager)
{
    if (pager->room->fault != NULL) { return pager->room->fault; }
    return "its pager has no room for another page; give that more storage";
}

/* G4.  False: the room is full, and the page stays. */
static bool put_out(struct pager *pager, struct frame *frame)
{
    uint64_t left;
    kerne_unmap(frame->owner->reference, address_of(frame), 1, &left);
    bool is_out = page_put(pager, frame);
    if (!is_out) { (void)page_open(pager, frame); }
    return is_out;
}

/* As policy.h has it; null: none may go. */
static struct frame *choose(struct pager *pager)
{
    struct frame *longest = NULL;
    for (uint64_t n = pager->frames; n-- > 0;) {
        struct frame *frame = pager->queue.behind;
        if (frame == &pager->queue) { return NULL; }
        leave(frame);
        join_end(&pager->queue, frame);
        if (!pager->policy->keeps(pager, frame)) { return frame; }
        if (longest == NULL || frame->used < longest->used) { longest = frame; }
    }
    return longest;
}

/* The policy's choice goes; if the room does not take it, the first that it
 * does.  Null: every page that may go is dirty, and the room is full, or fails.
 */
static struct frame *find_frame(struct pager *pager)
{
    struct frame *free = &pager->free;
    struct frame *frame = free->behind != free ? NULL : choose(pager);
    for (uint64_t left = pager->frames;
         frame != NULL && left > 0 && !put_out(pager, frame) &&
         pager->room->fault == NULL;
         left--) {
        frame = pager->queue.behind;
        leave(frame);
        join_end(&pager->queue, frame);
    }
    return free->behind != free ? free->behind : NULL;
}

/* ---- pages come ---------------------------------------------------------- */

/* False: it cannot be read back. */
static bool fill(struct pager *pager, const struct frame *frame)
{
    const struct owner *owner = frame->owner;
    uint32_t place = owner->page[frame->page].place;
    void *to = contents(pager, frame);
    if (place != ROOM_NOWHERE) {
        return pager->room->get(pager->room, place, to);
    }
    executable_lay_page(&owner->program, owner->file, address_of(frame), to);
    if (address_of(frame) == owner->program.last) {
        memcpy(to, &owner->record, sizeof owner->record);
    }
    return true;
}

/* A free frame is for that page from now on, and in no ring. */
static void take_frame(struct frame *frame, struct owner *owner, uint32_t page)
{
    leave(frame);
    *frame = (struct frame){ .owner = owner, .page = page };
    ring_begin(frame);
    owner->page[page].frame = frame;
}

const char *page_bring_in(struct pager *pager, struct owner *owner,
                          uint32_t page)
{
    struct frame *frame = find_frame(pager);
    if (frame == NULL) { return page_refusal(pager); }
    take_frame(frame, owner, page);
    if (owner->page[page].stays) {
        pager->staying++;
    } else {
        join_end(&pager->queue, frame);
    }
    if (!fill(pager, frame)) {
        page_drop(pager, frame);
        return page_refusal(pager);
    }
    chart_note(&pager->chart, kerne_get_clock());
    return NULL;
}

const char *page_bring(struct pager *pager, struct owner *owner, uint32_t page,
                       bool is_dirty)
{
    const char *fault = page_bring_in(pager, owner, page);
    if (fault != NULL) { return fault; }
    owner->page[page].frame->is_dirty = is_dirty;
    (void)page_open(pager, owner->page[page].frame);
    pager->counts.brought++;
    pager->counts.made += owner->page[page].place == ROOM_NOWHERE;
    return NULL;
}

/* ---- for policies -------------------------------------------------------- */

/* How many pages of the row that begins here were touched; *ret_pages is its
 * length. */
static uint64_t touched_from(const struct frame *frame, uint64_t address,
                             uint64_t *ret_pages)
{
    struct kerne_window_record row;
    uint64_t cursor = address / KERNE_PAGE;
    (void)kerne_describe_window(frame->owner->reference, &cursor, &row);
    bool is_there = row.pages > 0 && row.address == address;
    *ret_pages = is_there ? row.pages : 0;
    return is_there ? row.touched : 0;
}

bool pager_touched(const struct frame *frame)
{
    uint64_t pages, rest = 0;
    uint64_t touched = touched_from(frame, address_of(frame), &pages);
    if (pages > 1 && touched > 0) {
        rest = touched_from(frame, address_of(frame) + KERNE_PAGE, &pages);
    }
    return touched > rest;
}

void pager_watch(struct pager *pager, const struct frame *frame)
{
    (void)page_open(pager, frame);
}

uint64_t pager_time_of(const struct frame *frame)
{
    struct kerne_time_record time;
    (void)kerne_describe_time(frame->owner->reference, &time);
    return time.with_all_below;
}
