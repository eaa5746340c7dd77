#include "cache.h"

#include "store.h"

#include <string.h>

bool cache_begin(struct store *store)
{
    struct cache *cache = &store->cache;
    uint64_t left =
        (uint64_t)(store->memory + store->memory_bytes - store->memory_free);
    uint64_t each = STORE_PAGE + sizeof(struct frame) + 2 * sizeof(uint32_t);
    uint64_t count = left < STORE_PAGE ? 0 : (left - STORE_PAGE) / each;
    if (count > store->frames_most && store->frames_most != 0) {
        count = store->frames_most;
    }
    uint32_t keys = 1;
    while (2 * (uint64_t)keys <= count) { keys *= 2; }
    *cache = (struct cache){ .count = (uint32_t)count, .keys_mask = keys - 1 };
    if (count < CACHE_FRAMES) {
        store_off(store, "it has %llu k of storage, which are too few",
                  (unsigned long long)store->memory_bytes / 1024);
        return false;
    }
    cache->storage = store_memory(store, count * STORE_PAGE);
    cache->frames = store_memory(store, count * sizeof *cache->frames);
    cache->keys = store_memory(store, keys * sizeof *cache->keys);
    memset(cache->frames, 0, count * sizeof *cache->frames);
    memset(cache->keys, 0xff, keys * sizeof *cache->keys);
    return true;
}

/* ---- which frame has a page ---------------------------------------------- */

static uint32_t number_of(const struct cache *cache, const struct frame *frame)
{
    return (uint32_t)(frame - cache->frames);
}

struct frame *cache_find(struct store *store, uint32_t page)
{
    struct cache *cache = &store->cache;
    uint32_t at = cache->keys[page & cache->keys_mask];
    while (at != FRAME_NONE && cache->frames[at].page != page) {
        at = cache->frames[at].next;
    }
    return at == FRAME_NONE ? NULL : &cache->frames[at];
}

void *cache_storage(struct store *store, const struct frame *frame)
{
    struct cache *cache = &store->cache;
    return cache->storage + (size_t)number_of(cache, frame) * STORE_PAGE;
}

uint32_t cache_row(struct store *store, struct frame *frame,
                   const uint32_t *slots, uint32_t count)
{
    const struct cache *cache = &store->cache;
    uint32_t room = cache->count - number_of(cache, frame);
    uint32_t row = 0;
    if (count > room) { count = room; }
    while (
        row < count && frame[row].page == slots[row] &&
        (frame[row].state == FRAME_CLEAN || frame[row].state == FRAME_DIRTY)) {
        frame[row].chances = !frame[row].is_unused;
        frame[row++].is_unused = false;
    }
    return row;
}

static void enter(struct cache *cache, struct frame *frame, uint32_t page)
{
    uint32_t *key = &cache->keys[page & cache->keys_mask];
    frame->page = page;
    frame->next = *key;
    *key = number_of(cache, frame);
}

static void leave(struct cache *cache, struct frame *frame)
{
    uint32_t *at = &cache->keys[frame->page & cache->keys_mask];
    while (&cache->frames[*at] != frame) { at = &cache->frames[*at].next; }
    *at = frame->next;
    frame->page = 0;
}

/* ---- frames -------------------------------------------------------------- */

static bool is_to_be_had(const struct frame *frame)
{
    return frame->state == FRAME_EMPTY ||
           ((frame->state == FRAME_CLEAN || frame->state == FRAME_FAILED) &&
            !frame->is_writing && frame->chances == 0);
}

/* None can be had before a transfer has ended. */
static bool is_exhausted(const struct cache *cache)
{
    return cache->dirty + cache->busy >= cache->count;
}

struct frame *cache_take(struct store *store, uint32_t *count)
{
    struct cache *cache = &store->cache;
    struct frame *frame = NULL;
    uint32_t taken = 0;
    uint32_t tries = is_exhausted(cache) ? 0 : 2 * cache->count;
    for (uint32_t i = 0; taken == 0 && i < tries; i++) {
        if (cache->hand == cache->count) { cache->hand = 0; }
        uint32_t most = cache->count - cache->hand;
        frame = &cache->frames[cache->hand];
        if (most > *count) { most = *count; }
        while (taken < most && is_to_be_had(&frame[taken])) {
            cache_drop(store, &frame[taken++]);
        }
        if (taken == 0 && frame->chances > 0) { frame->chances--; }
        cache->hand += taken == 0 ? 1 : taken;
    }
    cache->is_wanted = cache->is_wanted || taken == 0;
    *count = taken;
    return taken == 0 ? NULL : frame;
}

void cache_drop(struct store *store, struct frame *frame)
{
    struct cache *cache = &store->cache;
    if (frame->state == FRAME_DIRTY) { cache->dirty--; }
    if (frame->state != FRAME_EMPTY) { leave(cache, frame); }
    *frame = (struct frame){ .state = FRAME_EMPTY };
}

void cache_dirty(struct store *store, struct frame *frame, uint32_t page)
{
    struct cache *cache = &store->cache;
    frame->chances = frame->state != FRAME_EMPTY; /* used again */
    if (frame->state != FRAME_EMPTY) { leave(cache, frame); }
    enter(cache, frame, page);
    if (frame->state != FRAME_DIRTY) { cache->dirty++; }
    frame->state = FRAME_DIRTY;
}

void cache_dirty_row(struct store *store, struct frame *frame, uint32_t page,
                     uint32_t count)
{
    store->cache.dirty += count;
    for (uint32_t i = 0; i < count; i++) {
        enter(&store->cache, &frame[i], page + i);
        frame[i].state = FRAME_DIRTY;
    }
}

void cache_forget(struct store *store, uint32_t page)
{
    struct frame *frame = cache_find(store, page);
    if (frame != NULL && (frame->state == FRAME_READING || frame->is_writing)) {
        if (frame->state == FRAME_DIRTY) {
            frame->state = FRAME_CLEAN;
            store->cache.dirty--;
        }
        frame->is_doomed = true;
        return;
    }
    if (frame != NULL) { cache_drop(store, frame); }
    pages_release(&store->pages, page);
}

/* ---- transfers ----------------------------------------------------------- */

struct frame *cache_read(struct store *store, const uint32_t *slots,
                         uint32_t count)
{
    struct cache *cache = &store->cache;
    struct transfer *transfer = disk_transfer(store);
    uint32_t wanted = 1;
    if (transfer == NULL) { return NULL; }
    if (count > CACHE_RUN) { count = CACHE_RUN; }
    if (cache->cautious > 0) {
        cache->cautious--;
        count = 1;
    }
    while (wanted < count && slots[wanted] == slots[0] + wanted &&
           cache_find(store, slots[wanted]) == NULL) {
        wanted++;
    }
    struct frame *frame = cache_take(store, &wanted);
    if (frame == NULL) { return NULL; }
    for (uint32_t i = 0; i < wanted; i++) {
        enter(cache, &frame[i], slots[i]);
        frame[i].state = FRAME_READING;
        frame[i].is_unused = true;
        frame[i].chances = 1;
    }
    cache->busy += wanted;
    transfer->user = TRANSFER_OF_CACHE;
    transfer->frame = number_of(cache, frame);
    disk_begin(store, transfer, TRANSFER_READ, slots[0],
               wanted * STORE_PAGE_SEGMENTS, cache_storage(store, frame));
    return frame;
}

static bool is_to_be_written(const struct frame *frame)
{
    return frame->state == FRAME_DIRTY && !frame->is_writing;
}

/* Begins to write the frames from this one on whose pages are side by side.
 * Returns how many. */
static uint32_t write_run(struct store *store, struct transfer *transfer,
                          uint32_t first)
{
    struct cache *cache = &store->cache;
    struct frame *frame = &cache->frames[first];
    uint32_t count = 0;
    while (count < CACHE_RUN && first + count < cache->count &&
           is_to_be_written(&frame[count]) &&
           frame[count].page == frame[0].page + count) {
        frame[count].state = FRAME_CLEAN;
        frame[count].is_writing = true;
        cache->dirty--;
        count++;
    }
    cache->busy += count;
    transfer->user = TRANSFER_OF_CACHE;
    transfer->frame = first;
    disk_begin(store, transfer, TRANSFER_WRITE, frame[0].page,
               count * STORE_PAGE_SEGMENTS, cache_storage(store, frame));
    return count;
}

/* Begins to write dirty frames, while there are more than so many. */
static void write_dirty(struct store *store, uint32_t more_than)
{
    struct cache *cache = &store->cache;
    if (cache->dirty <= more_than) { return; }
    struct transfer *transfer = disk_transfer(store);
    uint32_t seen = 0, passed;
    for (; transfer != NULL && cache->dirty > more_than && seen < cache->count;
         seen += passed) {
        if (cache->write_hand >= cache->count) { cache->write_hand = 0; }
        passed = 1;
        if (is_to_be_written(&cache->frames[cache->write_hand])) {
            passed = write_run(store, transfer, cache->write_hand);
            transfer = disk_transfer(store);
        }
        cache->write_hand += passed;
    }
}

void cache_write_all(struct store *store) { write_dirty(store, 0); }

/* What failed is not tried again but by a commit, which has a result. */
void cache_write_behind(struct store *store)
{
    struct cache *cache = &store->cache;
    if (!store->has_write_failed) {
        write_dirty(store, cache->is_wanted ? 0 : cache->count / 4);
    } else if (cache->is_wanted) {
        store->is_commit_wanted = true;
    }
    cache->is_wanted = false;
}
static void frame_done(struct store *store, struct frame *frame,
                       const struct transfer *transfer, bool is_good)
{
    struct cache *cache = &store->cache;
    bool is_read = transfer->kind == TRANSFER_READ;
    if (frame->is_doomed) {
        uint32_t page = frame->page;
        cache_drop(store, frame);
        pages_release(&store->pages, page);
    } else if (is_read && is_good) {
        frame->state = FRAME_CLEAN;
    } else if (is_read && transfer->segments > STORE_PAGE_SEGMENTS) {
        cache_drop(store, frame); /* one of them will be found to be the bad */
        cache->cautious = CACHE_RUN;
    } else if (is_read) {
        frame->state = FRAME_FAILED;
    } else {
        frame->is_writing = false;
        if (!is_good && frame->state == FRAME_CLEAN) {
            frame->state = FRAME_DIRTY;
            cache->dirty++;
        }
    }
}

void cache_done(struct store *store, const struct transfer *transfer,
                bool is_good)
{
    if (transfer->kind == TRANSFER_WRITE && !is_good) {
        store->has_write_failed = true;
    }
    struct cache *cache = &store->cache;
    uint32_t count = transfer->segments / STORE_PAGE_SEGMENTS;
    if (is_exhausted(cache)) { cache->hand = transfer->frame; }
    cache->busy -= count;
    for (uint32_t i = 0; i < count; i++) {
        frame_done(store, &cache->frames[transfer->frame + i], transfer,
                   is_good);
    }
}
