#include "pages.h"

#include <ranges.h>

#define LEAST_COLUMN 10 /* of the chart; microseconds */

static uint64_t pages_of(uint64_t bytes)
{
    return kerne_ranges_up(bytes) / KERNE_PAGE;
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
    if (frame == NULL) { return page_bring(pager, owner, page, is_store); }
    if (is_store && !frame->is_dirty) {
        pager->counts.stored++;
        frame->is_dirty = true;
        (void)page_open(pager, frame);
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
    if (owner == NULL || !(page_rights(owner, address) & access)) {
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
    const char *fault = page_bring_in(pager, owner, page);
    if (fault != NULL) { kerne_give_up("%s", fault); }
    return page_open(pager, owner->page[page].frame);
}

/* Of each stretch the first page that it has. */
static uint64_t bring_all_staying(struct pager *pager, struct owner *owner)
{
    uint64_t address = owner->program.first,
             last = owner->record.storage[0].last;
    uint64_t result = KERNE_r_normal;
    while (address < last && result == KERNE_r_normal) {
        uint64_t page = (address - owner->program.first) / KERNE_PAGE;
        if (page_rights(owner, address) == 0) {
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
        if (page->frame != NULL) { page_drop(pager, page->frame); }
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

static void make_frames(struct pager *pager)
{
    struct storage_run frames = take_run(pager, pager->frames, "its frames");
    struct storage_run table =
        take_run(pager, pages_of(pager->frames * sizeof(struct frame)),
                 "the table of its frames");
    pager->first = frames.first;
    pager->frame = (struct frame *)table.first;
    pages_begin(pager);
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
    if (strcmp(order->room, "packed") == 0) {
        pager->room = room_packed(run);
    } else if (strcmp(order->room, "plain") == 0) {
        pager->room = room_plain(run);
    } else {
        pager->room = room_area(order->room,
                                order->children * pages_of(order->bytes), run);
    }
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
