#include "store.h"

#include "area.h"
#include "commit.h"
#include "mount.h"

#include <stdarg.h>
#include <stdio.h>

void store_off(struct store *store, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    (void)vsnprintf(store->why, sizeof store->why, format, list);
    va_end(list);
    store->phase = STORE_OFF;
}

void *store_memory(struct store *store, uint64_t bytes)
{
    uint64_t to = bytes < STORE_PAGE ? sizeof(uint64_t) : STORE_PAGE;
    uint64_t used = (uint64_t)(store->memory_free - store->memory);
    used = (used + to - 1) / to * to;
    if (used > store->memory_bytes || bytes > store->memory_bytes - used) {
        store_off(store, "a disk of %llu M needs more than %llu k of storage",
                  (unsigned long long)store->disk_pages / 256,
                  (unsigned long long)store->memory_bytes / 1024);
        return NULL;
    }
    store->memory_free = store->memory + used + bytes;
    return store->memory + used;
}

bool store_is_idle(const struct store *store)
{
    bool is_idle = true;
    for (uint32_t i = 0; i < STORE_TRANSFERS; i++) {
        is_idle = is_idle && !store->transfers[i].is_busy;
    }
    return is_idle;
}

/* ---- work ---------------------------------------------------------------- */

static bool flush_step(struct store *store, struct store_work *work)
{
    work->result = STORE_DONE;
    if (work->awaits == 0) {
        bool is_to_come =
            store->phase != STORE_OPEN || store->tables.is_changed;
        work->awaits = store->generation + is_to_come;
    }
    if (store->phase == STORE_OPEN && work->awaits > store->generation) {
        store->is_commit_wanted = true;
    }
    return work->awaits <= store->generation;
}

/* A2. */
static bool give_step(struct store *store, struct store_work *work)
{
    bool is_durable = !store->tables.is_changed;
    if (is_durable) { account_give(store, work); }
    store->is_commit_wanted = store->is_commit_wanted || !is_durable;
    return is_durable;
}

static bool change(struct store *store, struct store_work *work)
{
    switch (work->kind) {
    case STORE_OUTPUT: return area_output(store, work);
    case STORE_CREATE: catalog_create(store, work); break;
    case STORE_RENAME: catalog_rename(store, work); break;
    case STORE_RESIZE: catalog_resize(store, work); break;
    case STORE_REMOVE: catalog_remove(store, work); break;
    case STORE_MARK: catalog_mark(store, work); break;
    case STORE_INCLUDE:
    case STORE_EXCLUDE: catalog_set_user(store, work); break;
    case STORE_TAKE_BACK: account_take_back(store, work); break;
    case STORE_INPUT:
    case STORE_FLUSH:
    case STORE_GIVE: break;
    }
    return true;
}

/* Then nothing can be done; this is asked often. */
static bool is_still_read(struct store_work *work)
{
    if (work->reading != NULL && work->reading->state == FRAME_READING) {
        return true;
    }
    work->reading = NULL;
    return false;
}

/* Does what can be done now.  True: it has its result. */
static bool step(struct store *store, struct store_work *work)
{
    bool was_failing = work->failures != store->failures;
    if (store->phase == STORE_OFF ||
        (was_failing &&
         (work->kind == STORE_FLUSH || work->kind == STORE_OUTPUT ||
          work->kind == STORE_GIVE))) {
        work->result = STORE_MALFUNCTION;
        return true;
    }
    if (store->phase < STORE_OPEN || is_still_read(work)) { return false; }
    if (work->kind == STORE_INPUT) { return area_input(store, work); }
    if (work->kind == STORE_FLUSH) { return flush_step(store, work); }
    if (store->phase != STORE_OPEN) { return false; }
    return work->kind == STORE_GIVE ? give_step(store, work)
                                    : change(store, work);
}

static bool is_transfer(const struct store_work *work)
{
    return work->kind == STORE_INPUT || work->kind == STORE_OUTPUT;
}

/* Each work in order of arrival.  True: one has ended that others may have
 * waited for. */
static bool step_all(struct store *store)
{
    bool has_ended = false;
    struct store_work **at = &store->works;
    while (*at != NULL) {
        struct store_work *work = *at;
        if (step(store, work)) {
            *at = work->next;
            has_ended = has_ended || !is_transfer(work);
            store->finished(store, work);
        } else {
            at = &work->next;
        }
    }
    return has_ended;
}

static void run(struct store *store, bool goes_on)
{
    do {
        goes_on = goes_on && step_all(store);
        if (store->phase == STORE_OPEN) { cache_write_behind(store); }
        if (store->is_commit_wanted || store->phase == STORE_COMMIT_WRITE) {
            goes_on = commit_step(store) || goes_on;
        }
    } while (goes_on);
}

void store_run(struct store *store) { run(store, true); }

/* Nobody waits for what a new transfer does: then the others stay as they
 * are. */
void store_work(struct store *store, struct store_work *work)
{
    struct store_work **at = &store->works;
    bool is_alone = is_transfer(work);
    work->done = 0;
    work->awaits = 0;
    work->reading = NULL;
    work->failures = store->failures;
    if (is_alone && step(store, work)) {
        store->finished(store, work);
    } else {
        while (*at != NULL) { at = &(*at)->next; }
        *at = work;
        work->next = NULL;
    }
    run(store, !is_alone);
}

void store_commit(struct store *store)
{
    store->is_commit_wanted = true;
    store_run(store);
}

void store_ended(struct store *store, struct transfer *transfer, bool is_good)
{
    transfer->is_busy = false;
    if (store->phase < STORE_OPEN) {
        mount_done(store, transfer, is_good);
    } else if (transfer->user == TRANSFER_OF_CACHE) {
        cache_done(store, transfer, is_good);
    } else if (store->phase != STORE_OFF) {
        commit_done(store, transfer, is_good);
    }
}

void store_begin(struct store *store)
{
    store->is_blank = false;
    store->is_commit_wanted = false;
    store->has_write_failed = false;
    store->tables.root = (struct store_root *)store->memory;
    store->memory_free = store->memory + STORE_ROOTS * STORE_PAGE;
    mount_begin(store);
}
