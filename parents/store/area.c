#include "area.h"

#include "store.h"

#include <string.h>

static const char zeros[STORE_PAGE];

/* The part of the work that lies in one page; of input, in pages side by side
 * in storage. */
struct part {
    struct store_entry *entry;
    uint32_t slot;
    uint32_t offset; /* in the page */
    uint32_t bytes;
};

static bool ends(struct store_work *work, enum store_result result)
{
    work->result = result;
    return true;
}

/* Where the work goes on; true: nowhere, it has its result. */
static bool is_over(struct store *store, struct store_work *work,
                    struct part *ret_part)
{
    if (work->done > 0 && work->done == work->bytes) {
        return ends(work, STORE_DONE);
    }
    struct store_entry *entry = catalog_entry(store, work);
    if (entry == NULL) { return ends(work, STORE_IS_GONE); }
    uint64_t segments = (uint64_t)entry->pages * STORE_PAGE_SEGMENTS;
    if (work->segment > segments ||
        work->bytes / STORE_SEGMENT > segments - work->segment) {
        return ends(work, STORE_NO_SEGMENT);
    }
    if (work->bytes == 0) { return ends(work, STORE_DONE); }
    uint64_t at = work->segment * STORE_SEGMENT + work->done;
    uint64_t left = work->bytes - work->done;
    ret_part->entry = entry;
    ret_part->slot = entry->first + (uint32_t)(at / STORE_PAGE);
    ret_part->offset = (uint32_t)(at % STORE_PAGE);
    ret_part->bytes = STORE_PAGE - ret_part->offset;
    if (ret_part->bytes > left) { ret_part->bytes = (uint32_t)left; }
    return false;
}

/* So much of a part was copied; whole segments count.  True: too little, the
 * work has its result. */
static bool is_short(struct store_work *work, const struct part *part,
                     uint64_t bytes)
{
    work->done += bytes / STORE_SEGMENT * STORE_SEGMENT;
    return bytes < part->bytes && ends(work, STORE_SHORT);
}

/* Reads what the work needs from here on, and beyond it if it begins where the
 * last one ended. */
static void read_page(struct store *store, struct store_work *work,
                      const struct part *part)
{
    uint32_t left = part->entry->first + part->entry->pages - part->slot;
    uint64_t wanted =
        (part->offset + work->bytes - work->done + STORE_PAGE - 1) / STORE_PAGE;
    bool is_sequel = store->catalog.ahead[work->entry] == work->segment;
    if (is_sequel && wanted < CACHE_AHEAD) { wanted = CACHE_AHEAD; }
    if (work->kind == STORE_OUTPUT) { wanted = 1; }
    work->reading = cache_read(store, &store->tables.slots[part->slot],
                               wanted < left ? (uint32_t)wanted : left);
}

/* The part reaches as far as its pages lie side by side in storage. */
static void take_row(struct store *store, const struct store_work *work,
                     struct frame *frame, struct part *part)
{
    uint64_t left = work->bytes - work->done;
    uint64_t pages = (part->offset + left + STORE_PAGE - 1) / STORE_PAGE;
    uint64_t row = cache_row(store, frame, &store->tables.slots[part->slot],
                             (uint32_t)pages);
    uint64_t bytes = row * STORE_PAGE - part->offset;
    part->bytes = (uint32_t)(bytes < left ? bytes : left);
}

bool area_input(struct store *store, struct store_work *work)
{
    struct part part;
    while (!is_over(store, work, &part)) {
        uint32_t page = store->tables.slots[part.slot];
        struct frame *frame = page == 0 ? NULL : cache_find(store, page);
        const char *from = zeros;
        if (page != 0 && frame == NULL) {
            read_page(store, work, &part);
            return false;
        }
        if (frame != NULL) {
            if (frame->state == FRAME_READING) {
                work->reading = frame;
                return false;
            }
            if (frame->state == FRAME_FAILED) {
                cache_drop(store, frame);
                return ends(work, STORE_MALFUNCTION);
            }
            take_row(store, work, frame, &part);
            from = cache_storage(store, frame);
        }
        uint64_t bytes = store->copy(work, work->done,
                                     (char *)from + part.offset, part.bytes);
        if (is_short(work, &part, bytes)) { return true; }
    }
    if (work->result == STORE_DONE) {
        store->catalog.ahead[work->entry] =
            work->segment + work->bytes / STORE_SEGMENT;
    }
    return true;
}

/* ---- output -------------------------------------------------------------- */

/* A commit makes room, where one page is replaced and none is free for it; the
 * tables always have theirs. */
static bool has_room(struct store *store)
{
    struct pages *pages = &store->pages;
    bool has = pages->free > tables_items(store);
    if (!has && pages->leaving > 0) { store->is_commit_wanted = true; }
    return has;
}

/* A frame with what the page holds now, as far as it is kept.  Null: there is
 * none yet; or the work has ended, with a result. */
static struct frame *frame_for(struct store *store, struct store_work *work,
                               const struct part *part, bool *ret_ended)
{
    uint32_t page = store->tables.slots[part->slot];
    bool is_whole = part->bytes == STORE_PAGE;
    struct frame *frame = page == 0 ? NULL : cache_find(store, page);
    *ret_ended = false;
    if (frame != NULL && frame->state == FRAME_FAILED) {
        cache_drop(store, frame);
        frame = NULL;
        if (!is_whole) {
            *ret_ended = ends(work, STORE_MALFUNCTION);
            return NULL;
        }
    }
    if (frame != NULL) { return frame->state == FRAME_READING ? NULL : frame; }
    if (page != 0 && !is_whole) {
        read_page(store, work, part);
        return NULL;
    }
    frame = cache_take(store, &(uint32_t){ 1 });
    if (frame != NULL && !is_whole) {
        memset(cache_storage(store, frame), 0, STORE_PAGE);
    }
    return frame;
}

/* How many whole pages, from this part on, get new pages; there is room for
 * them. */
static uint32_t new_pages(const struct store *store,
                          const struct store_work *work,
                          const struct part *part)
{
    const struct pages *pages = &store->pages;
    const uint32_t *slots = &store->tables.slots[part->slot];
    uint64_t whole = (work->bytes - work->done) / STORE_PAGE;
    uint32_t least = tables_items(store), count = 0;
    if (part->offset != 0 || pages->free <= least) { return 0; }
    if (whole > CACHE_RUN) { whole = CACHE_RUN; }
    if (whole > pages->free - least) { whole = pages->free - least; }
    while (count < whole &&
           (slots[count] == 0 || !pages_is_fresh(pages, slots[count]))) {
        count++;
    }
    return count;
}

/* Many at once: they are copied by one call.  What was not copied whole stays
 * as it was.  True: it has its result, or there is no frame. */
static bool output_pages(struct store *store, struct store_work *work,
                         struct part *part, uint32_t count)
{
    uint32_t *slots = &store->tables.slots[part->slot];
    struct frame *frame = cache_take(store, &count);
    if (frame == NULL) { return true; }
    part->bytes = (uint32_t)(count * STORE_PAGE);
    uint64_t bytes =
        store->copy(work, work->done, cache_storage(store, frame), part->bytes);
    count = (uint32_t)(bytes / STORE_PAGE);
    for (uint32_t i = 0, row; i < count; i += row) {
        row = count - i;
        uint32_t page = pages_take(&store->pages, &row);
        cache_dirty_row(store, &frame[i], page, row);
        for (uint32_t k = i; k < i + row; k++, page++) {
            uint32_t before = slots[k];
            slots[k] = page;
            if (before != 0) { cache_forget(store, before); }
        }
    }
    tables_touch_slots(store, part->slot, count);
    return is_short(work, part, (uint64_t)count * STORE_PAGE);
}

bool area_output(struct store *store, struct store_work *work)
{
    struct part part;
    while (!is_over(store, work, &part)) {
        uint32_t count = new_pages(store, work, &part);
        if (count > 0) {
            work->result = STORE_DONE;
            if (output_pages(store, work, &part, count)) {
                return work->result != STORE_DONE;
            }
            continue;
        }
        uint32_t *slot = &store->tables.slots[part.slot];
        bool is_fresh = *slot != 0 && pages_is_fresh(&store->pages, *slot);
        bool has_ended;
        if (!is_fresh && !has_room(store)) { return false; }
        struct frame *frame = frame_for(store, work, &part, &has_ended);
        if (frame == NULL) { return has_ended; }
        uint64_t bytes = store->copy(
            work, work->done, (char *)cache_storage(store, frame) + part.offset,
            part.bytes);
        if (bytes < part.bytes && frame->state == FRAME_EMPTY) {
            return ends(work, STORE_SHORT); /* the page stays as it is */
        }
        if (bytes > 0) {
            uint32_t page =
                is_fresh ? *slot : pages_take(&store->pages, &(uint32_t){ 1 });
            uint32_t before = *slot;
            cache_dirty(store, frame, page);
            if (!is_fresh) {
                *slot = page;
                if (before != 0) { cache_forget(store, before); }
                tables_touch_slots(store, part.slot, 1);
            }
        }
        if (is_short(work, &part, bytes)) { return true; }
    }
    return true;
}
