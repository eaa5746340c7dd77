#include "pager.h"

#include <ranges.h>

#define LEAST_COLUMN 10 /* of the chart; microseconds */

struct page {
    struct frame *frame; /* null: it is in none */
    uint32_t place;      /* in the room, or ROOM_NOWHERE */
    bool stays;          /* G3: in a frame, it is not in the queue */
    bool was_in;         /* when its child was swapped out */
};

struct owner {
    uint64_t reference; /* of the child */
    struct executable program;
    const uint8_t *file;
    struct kerne_start record;
    struct storage_run run; /* of the parent's storage: where this stands */
    uint64_t pages;
    struct page page[]; /* from the program's first address on */
};

static uint64_t pages_of(uint64_t bytes)
{
    return kerne_ranges_up(bytes) / KERNE_PAGE;
}

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

static void *contents(const struct pager *pager, const struct frame *frame)
{
    uint64_t number = (uint64_t)(frame - pager->frame);
    return (void *)(pager->first + number * KERNE_PAGE);
}

static uint64_t address_of(const struct frame *frame)
{
    return frame->owner->program.first + frame->page * (uint64_t)KERNE_PAGE;
}

/* Of its page there; 0: it is to have none. */
static uint64_t rights_of(const struct owner *owner, uint64_t address)
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
    uint64_t rights = rights_of(frame->owner, address_of(frame));
    return frame->is_dirty ? rights : rights & ~KERNE_WRITE;
}

/* After the first of a stretch (G3) it fails only if the child is being
 * removed. */
static uint64_t open_window(const struct pager *pager,
                            const struct frame *frame)
{
    uint64_t left;
    return kerne_map(frame->owner->reference, address_of(frame),
                     (uint64_t)contents(pager, frame), 1, rights_now(frame),
                     &left);
}

/* ---- pages go ------------------------------------------------------------ */

static void free_frame(struct pager *pager, struct frame *frame)
{
    struct page *page = &frame->owner->page[frame->page];
    page->frame = NULL;
    pager->staying -= page->stays;
    leave(frame);
    *frame = (struct frame){ .owner = NULL };
    join_end(&pager->free, frame);
}

/* Its window is closed.  False: the room is full, and the page stays. */
static bool put_away(struct pager *pager, struct frame *frame)
{
    struct page *page = &frame->owner->page[frame->page];
    if (frame->is_dirty) {
        if (!pager->room->put(pager->room, &page->place,
                              contents(pager, frame))) {
            return false;
        }
        pager->counts.written++;
    }
    free_frame(pager, frame);
    return true;
}

/* G4.  False: the room is full, and the page stays. */
static bool put_out(struct pager *pager, struct frame *frame)
{
    uint64_t left;
    kerne_unmap(frame->owner->reference, address_of(frame), 1, &left);
    bool is_out = put_away(pager, frame);
    if (!is_out) { (void)open_window(pager, frame); }
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

/* Null: every page that may go is dirty, and the room is full. */
static struct frame *find_frame(struct pager *pager)
{
    for (uint64_t n = pager->frames; n-- > 0;) {
        if (pager->free.behind != &pager->free) { return pager->free.behind; }
        struct frame *frame = choose(pager);
        if (frame == NULL) { return NULL; }
        put_out(pager, frame);
    }
    return NULL;
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

/* Into a frame, without its window.  Null, or why that cannot be. */
static const char *bring_in(struct pager *pager, struct owner *owner,
                            uint32_t page)
{
    struct frame *frame = find_frame(pager);
    if (frame == NULL) {
        return "its pager has no room for another page; give that more storage";
    }
    take_frame(frame, owner, page);
    if (owner->page[page].stays) {
        pager->staying++;
    } else {
        join_end(&pager->queue, frame);
    }
    if (!fill(pager, frame)) {
        free_frame(pager, frame);
        return "a page of it cannot be read back";
    }
    chart_note(&pager->chart, kerne_get_clock());
    return NULL;
}

/* The same, with its window. */
static const char *bring(struct pager *pager, struct owner *owner,
                         uint32_t page, bool is_dirty)
{
    const char *fault = bring_in(pager, owner, page);
    if (fault != NULL) { return fault; }
    owner->page[page].frame->is_dirty = is_dirty;
    (void)open_window(pager, owner->page[page].frame);
    pager->counts.brought++;
    pager->counts.made += owner->page[page].place == ROOM_NOWHERE;
    return NULL;
}

/* ---- breaks -------------------------------------------------------------- */

/* The child is stopped where it is, and that is its end. */
static void fail(struct pager *pager, struct child *child, uint64_t buffer,
                 const char *why)
{
    (void)kerne_stop(child->reference);
    kerne_send_answer(buffer, KERNE_r_normal,
                      &(struct kerne_words){ { KERNE_AGAIN } });
    parent_ended(&pager->parent, child, CHILD_BROKEN, why);
}

/* The child is to have this page, and has not, or not for that. */
static const char *mend(struct pager *pager, struct owner *owner, uint32_t page,
                        bool is_store)
{
    struct frame *frame = owner->page[page].frame;
    if (frame == NULL) { return bring(pager, owner, page, is_store); }
    if (is_store && !frame->is_dirty) {
        pager->counts.stored++;
        frame->is_dirty = true;
        (void)open_window(pager, frame);
    }
    return NULL;
}

bool pager_event(struct pager *pager, const struct kerne_received *received)
{
    const uint64_t *w = received->words.w;
    struct children *children = &pager->parent.children;
    struct child *child =
        child_numbered(children, KERNE_SENDER_ADDRESS(received->sender));
    if (KERNE_EVENT_KIND(received->event) != KERNE_BREAK || child == NULL ||
        w[KERNE_WORD_BREAK] != KERNE_BREAK_PAGE_FAULT) {
        return false;
    }
    struct owner *owner = pager->owner[child - children->table];
    uint64_t address = kerne_ranges_down(w[KERNE_WORD_ADDRESS]);
    uint64_t access = w[KERNE_WORD_ACCESS];
    if (owner == NULL || !(rights_of(owner, address) & access)) {
        return false;
    }
    uint32_t page = (uint32_t)((address - owner->program.first) / KERNE_PAGE);
    const char *fault = mend(pager, owner, page, access == KERNE_WRITE);
    if (fault != NULL) {
        fail(pager, child, received->buffer, fault);
    } else {
        kerne_send_answer(received->buffer, KERNE_r_normal,
                          &(struct kerne_words){ { KERNE_AGAIN } });
    }
    return true;
}

/* ---- swapping ------------------------------------------------------------ */

bool pager_swap_out(struct pager *pager, const struct child *child)
{
    struct owner *owner = pager->owner[child - pager->parent.children.table];
    bool is_out = true;
    uint64_t left;
    kerne_unmap(owner->reference, owner->program.first, owner->pages, &left);
    for (uint64_t i = 0; i < owner->pages; i++) {
        struct page *page = &owner->page[i];
        struct frame *frame = page->frame;
        page->was_in = frame != NULL;
        if (frame != NULL) { is_out = put_away(pager, frame) && is_out; }
    }
    return is_out;
}

const char *pager_swap_in(struct pager *pager, const struct child *child)
{
    struct owner *owner = pager->owner[child - pager->parent.children.table];
    for (uint64_t i = 0; i < owner->pages; i++) {
        if (owner->page[i].was_in && owner->page[i].frame == NULL) {
            const char *fault = bring(pager, owner, (uint32_t)i, false);
            if (fault != NULL) { return fault; }
        }
    }
    return NULL;
}

/* ---- children ------------------------------------------------------------ */

static uint64_t owner_pages(uint64_t pages)
{
    return pages_of(sizeof(struct owner) + pages * sizeof(struct page));
}

static struct owner *make_owner(struct pager *pager, const struct child *child,
                                const struct loader_order *order)
{
    struct storage_run run =
        storage_take(&pager->parent.storage, owner_pages(order->run.pages));
    struct owner *owner = (struct owner *)run.first;
    if (run.pages == 0) {
        kerne_give_up("it has no storage left to note the pages of %s",
                      child->name);
    }
    memset(owner, 0, run.pages * KERNE_PAGE);
    owner->reference = child->reference;
    owner->program = *order->program;
    owner->file = order->file;
    owner->record = loader_record(order);
    owner->run = run;
    owner->pages = order->run.pages;
    return owner;
}

/* G3, for the stretch that begins with this page. */
static uint64_t bring_staying(struct pager *pager, struct owner *owner,
                              uint32_t page)
{
    if (pager->frames <= pager->staying + PAGER_LEAST_FRAMES) {
        kerne_give_up("frames=%lu are too few: for each 2 MiB of a child one "
                      "stays, and %u more are needed",
                      (unsigned long)pager->frames, PAGER_LEAST_FRAMES);
    }
    owner->page[page].stays = true;
    const char *fault = bring_in(pager, owner, page);
    if (fault != NULL) { kerne_give_up("%s", fault); }
    return open_window(pager, owner->page[page].frame);
}

/* Of each stretch the first page that it has. */
static uint64_t bring_all_staying(struct pager *pager, struct owner *owner)
{
    uint64_t address = owner->program.first,
             last = owner->record.storage[0].last;
    uint64_t result = KERNE_r_normal;
    while (address < last && result == KERNE_r_normal) {
        uint64_t page = (address - owner->program.first) / KERNE_PAGE;
        if (rights_of(owner, address) == 0) {
            address += KERNE_PAGE;
            continue;
        }
        result = bring_staying(pager, owner, (uint32_t)page);
        address = (address / KERNE_LARGE_PAGE + 1) * KERNE_LARGE_PAGE;
    }
    return result;
}

static void drop_owner(struct pager *pager, struct owner *owner)
{
    for (uint64_t i = 0; i < owner->pages; i++) {
        struct page *page = &owner->page[i];
        if (page->frame != NULL) { free_frame(pager, page->frame); }
        if (page->place != ROOM_NOWHERE) {
            pager->room->forget(pager->room, page->place);
        }
    }
    storage_return(&pager->parent.storage, owner->run);
}

static uint64_t load(struct parent *parent, struct child *child,
                     const struct loader_order *order)
{
    struct pager *pager = (struct pager *)parent;
    struct owner *owner = make_owner(pager, child, order);
    uint64_t result = bring_all_staying(pager, owner);
    if (result == KERNE_r_normal) {
        result = loader_open(order, &owner->record);
    }
    if (result != KERNE_r_normal) {
        drop_owner(pager, owner);
        return result;
    }
    pager->owner[child - parent->children.table] = owner;
    return KERNE_r_normal;
}

static void unload(struct parent *parent, struct child *child)
{
    struct pager *pager = (struct pager *)parent;
    struct owner **owner = &pager->owner[child - parent->children.table];
    if (*owner != NULL) { drop_owner(pager, *owner); }
    *owner = NULL;
}

/* ---- beginning ----------------------------------------------------------- */

/* So many pages of the parent's storage. */
static struct storage_run take_run(struct pager *pager, uint64_t pages,
                                   const char *what)
{
    struct storage *storage = &pager->parent.storage;
    struct storage_run run = storage_take(storage, pages);
    if (run.pages == 0) {
        kerne_give_up("it has no storage for %s: %lu k wanted, the largest "
                      "free stretch is %lu k",
                      what, (unsigned long)pages * (KERNE_PAGE / 1024),
                      (unsigned long)storage_longest(storage) *
                          (KERNE_PAGE / 1024));
    }
    return run;
}

/* The last frame is used first: so pages in a row are not in frames in a row,
 * and describe has no row of windows to walk along; see pager_touched(). */
static void make_frames(struct pager *pager)
{
    struct storage_run frames = take_run(pager, pager->frames, "its frames");
    struct storage_run table =
        take_run(pager, pages_of(pager->frames * sizeof(struct frame)),
                 "the table of its frames");
    pager->first = frames.first;
    pager->frame = (struct frame *)table.first;
    ring_begin(&pager->queue);
    ring_begin(&pager->free);
    for (uint64_t i = pager->frames; i-- > 0;) {
        pager->frame[i] = (struct frame){ .owner = NULL };
        join_end(&pager->free, &pager->frame[i]);
    }
}

/* All that is left but what the owners take, one after the other. */
static void make_room(struct pager *pager, const struct pager_order *order)
{
    struct storage *storage = &pager->parent.storage;
    struct storage_run owners =
        take_run(pager, order->children * owner_pages(pages_of(order->bytes)),
                 "what it notes of its children's pages");
    uint64_t pages = storage_longest(storage);
    struct storage_run run = take_run(pager, pages > 0 ? pages : 1, "its room");
    pager->room = room_begin(order->room, run);
    if (pager->room == NULL) { pager->room = room_area(order->room, run); }
    storage_return(storage, owners);
}

void pager_begin(struct pager *pager, const struct pager_order *order)
{
    if (order->frames == 0 || order->children == 0 ||
        order->frames > pager->parent.storage.pages) {
        kerne_give_up("frames=%lu: it has %lu pages of storage itself",
                      (unsigned long)order->frames,
                      (unsigned long)pager->parent.storage.pages);
    }
    pager->policy = order->policy;
    pager->window = order->window;
    chart_begin(&pager->chart, kerne_get_clock(), kerne_ticks(LEAST_COLUMN));
    pager->frames = order->frames;
    make_frames(pager);
    make_room(pager, order);
    pager->parent.load = load;
    pager->parent.unload = unload;
    pager->parent.bytes_each = order->bytes;
}

/* ---- what it tells ------------------------------------------------------- */

void pager_draw(struct pager *pager, const char *what)
{
    char row[CHART_COLUMNS + 1];
    uint32_t highest = chart_highest(&pager->chart);
    if (highest == 0) { return; }
    parent_say(&pager->parent, "%s; a column is %lu us, its height %lu:", what,
               (unsigned long)kerne_microseconds(pager->chart.width),
               (unsigned long)highest);
    for (unsigned i = 0; i < CHART_ROWS; i++) {
        chart_row(&pager->chart, i, row);
        parent_say(&pager->parent, "|%s", row);
    }
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
    (void)open_window(pager, frame);
}

uint64_t pager_time_of(const struct frame *frame)
{
    struct kerne_time_record time;
    (void)kerne_describe_time(frame->owner->reference, &time);
    return time.with_all_below;
}
