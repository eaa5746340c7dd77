#include "commit.h"

#include "store.h"

/* Begins to write the tables, from the one at `at` on. */
static void write_tables(struct store *store)
{
    uint32_t items = tables_items(store);
    struct transfer *transfer = disk_transfer(store);
    while (transfer != NULL && store->at < items) {
        uint32_t first = store->at++;
        if (!tables_is_sealed(store, first)) { continue; }
        uint32_t page = tables_pointer(store, first)->page;
        while (store->at < items && store->at - first < CACHE_RUN &&
               tables_is_sealed(store, store->at) &&
               tables_pointer(store, store->at)->page ==
                   page + (store->at - first)) {
            store->at++;
        }
        transfer->user = TRANSFER_OF_TABLES;
        disk_begin(store, transfer, TRANSFER_WRITE, page,
                   (store->at - first) * STORE_PAGE_SEGMENTS,
                   tables_item(store, first));
        transfer = disk_transfer(store);
    }
}

static bool write_all(struct store *store)
{
    if (!store->has_write_failed) {
        cache_write_all(store);
        write_tables(store);
    }
    bool is_begun = store->cache.dirty == 0 && store->at == tables_items(store);
    if (!(is_begun || store->has_write_failed) ||
        disk_busy(store, TRANSFER_WRITE, TRANSFER_OF_CACHE) > 0 ||
        disk_busy(store, TRANSFER_WRITE, TRANSFER_OF_TABLES) > 0) {
        return false;
    }
    if (store->has_write_failed) {
        store->failures++;
        store->phase = STORE_OPEN;
        return true;
    }
    store->phase = STORE_COMMIT_FLUSH;
    disk_begin_sole(store, TRANSFER_FLUSH, 0, 0, NULL);
    return true;
}

bool commit_step(struct store *store)
{
    if (store->phase == STORE_COMMIT_WRITE) { return write_all(store); }
    if (store->phase != STORE_OPEN || !store->is_commit_wanted) {
        return false;
    }
    store->is_commit_wanted = false;
    if (!store->tables.is_changed) { return false; }
    store->phase = STORE_COMMIT_WRITE;
    store->has_write_failed = false;
    store->at = 0;
    tables_seal(store);
    return true;
}

static void write_root(struct store *store)
{
    struct store_root *root = store->tables.root;
    root->generation = store->generation + 1;
    root->sum = 0;
    root->sum = format_sum(root, sizeof *root);
    store->phase = STORE_COMMIT_ROOT;
    disk_begin_sole(store, TRANSFER_WRITE,
                    (uint32_t)(root->generation % STORE_ROOTS),
                    STORE_PAGE_SEGMENTS, root);
}

static void end(struct store *store)
{
    store->generation++;
    pages_settle(&store->pages);
    tables_settle(store);
    store->phase = STORE_OPEN;
}

void commit_done(struct store *store, const struct transfer *transfer,
                 bool is_good)
{
    if (store->phase == STORE_COMMIT_WRITE) {
        store->has_write_failed = store->has_write_failed || !is_good;
    } else if (!is_good) {
        store_off(store,
                  "the device could not %s; it is not known what the "
                  "disk has now",
                  transfer->kind == TRANSFER_FLUSH ? "flush" : "write a root");
    } else if (store->phase == STORE_COMMIT_FLUSH) {
        write_root(store);
    } else if (store->phase == STORE_COMMIT_ROOT) {
        store->phase = STORE_COMMIT_END;
        disk_begin_sole(store, TRANSFER_FLUSH, 0, 0, NULL);
    } else {
        end(store);
    }
}
