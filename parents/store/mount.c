#include "mount.h"

#include "store.h"

#include <string.h>

/* The driver may have been started anew, with writes of before that no flush
 * has followed: what is found in the device's own memory only would count as
 * durable, and could be gone with the power. */
void mount_begin(struct store *store)
{
    if (store->disk_pages < STORE_ROOTS) {
        store_off(store, "a disk of less than %u bytes is too small",
                  STORE_ROOTS * STORE_PAGE);
        return;
    }
    store->phase = STORE_MOUNT_FLUSH;
    disk_begin_sole(store, TRANSFER_FLUSH, 0, 0, NULL);
}

/* ---- tables -------------------------------------------------------------- */

static void has_read_all(struct store *store)
{
    uint32_t rest = -store->geometry.tables % STORE_POINTERS;
    const struct store_pointer *behind =
        &store->tables.index[store->geometry.tables];
    if (!format_is_zero(behind, rest * sizeof *behind)) {
        store_off(store, "behind the last table there is one more");
        return;
    }
    if (!catalog_begin(store) || !cache_begin(store)) { return; }
    pages_settle(&store->pages);
    store->phase = STORE_OPEN;
    catalog_remove_temporary(store, NULL);
}

/* Begins to read the next item that there is; what it leads to comes behind
 * it. */
static void read_item(struct store *store)
{
    uint32_t items = tables_items(store);
    while (store->at < items) {
        struct store_pointer pointer = *tables_pointer(store, store->at);
        if (pointer.page != 0) {
            if (!pages_claim(&store->pages, pointer.page)) {
                store_off(store,
                          "a table is said to be in page %u, which is "
                          "no page or has another use",
                          (unsigned)pointer.page);
                return;
            }
            disk_begin_sole(store, TRANSFER_READ, pointer.page,
                            STORE_PAGE_SEGMENTS, tables_item(store, store->at));
            return;
        }
        if (pointer.sum != 0) {
            store_off(store, "a table that was never written has a sum");
            return;
        }
        store->at++;
    }
    has_read_all(store);
}

static void has_read_item(struct store *store)
{
    struct store_pointer pointer = *tables_pointer(store, store->at);
    if (format_sum(tables_item(store, store->at), STORE_PAGE) != pointer.sum) {
        store_off(store, "the table in page %u has a wrong sum",
                  (unsigned)pointer.page);
        return;
    }
    store->at++;
    read_item(store);
}

/* ---- roots --------------------------------------------------------------- */

/* Lays out what the geometry asks for.  False: the store is off. */
static bool lay_out(struct store *store)
{
    uint64_t bytes = pages_bytes(store->geometry.pages);
    uint64_t *live = store_memory(store, bytes);
    uint64_t *durable = store_memory(store, bytes);
    if (live == NULL || durable == NULL || !tables_begin(store)) {
        return false;
    }
    pages_begin(&store->pages, store->geometry.pages, live, durable);
    return true;
}

/* The whole root that counts; null: there is none. */
static struct store_root *best_root(char *roots)
{
    struct store_root *best = NULL;
    for (uint32_t i = 0; i < STORE_ROOTS; i++) {
        struct store_root *root = (struct store_root *)(roots + i * STORE_PAGE);
        if (format_root_is_whole(root, i) &&
            (best == NULL || root->generation > best->generation)) {
            best = root;
        }
    }
    return best;
}

static void has_read_roots(struct store *store)
{
    char *roots = store->memory;
    struct store_root *root = best_root(roots);
    if (root == NULL) {
        store->is_blank = format_is_zero(roots, STORE_SEGMENT) &&
                          format_is_zero(roots + STORE_PAGE, STORE_SEGMENT);
        store_off(store, store->is_blank
                             ? "nothing is on the disk: it has to be made first"
                             : "neither root is whole: it is no store, or "
                               "damaged");
        return;
    }
    const char *fault =
        format_root_fault(root, store->disk_pages, &store->geometry);
    if (fault != NULL) {
        store_off(store, "%s", fault);
        return;
    }
    memmove(store->tables.root, root, sizeof *root);
    memset(store->tables.root + 1, 0, STORE_PAGE - sizeof *root);
    store->generation = root->generation;
    if (!lay_out(store)) { return; }
    store->phase = STORE_MOUNT_TABLES;
    store->at = 0;
    read_item(store);
}

void mount_done(struct store *store, const struct transfer *transfer,
                bool is_good)
{
    if (!is_good) {
        store_off(store,
                  transfer->kind == TRANSFER_FLUSH
                      ? "the device could not flush"
                      : "the device could not read page %u",
                  (unsigned)transfer->page);
    } else if (store->phase == STORE_MOUNT_FLUSH) {
        store->phase = STORE_MOUNT_ROOTS;
        disk_begin_sole(store, TRANSFER_READ, 0,
                        STORE_ROOTS * STORE_PAGE_SEGMENTS, store->memory);
    } else if (store->phase == STORE_MOUNT_ROOTS) {
        has_read_roots(store);
    } else {
        has_read_item(store);
    }
}

/* ---- making one ---------------------------------------------------------- */

bool store_make(struct store *store, uint32_t entries)
{
    uint32_t pages = store->disk_pages > UINT32_MAX
                         ? UINT32_MAX
                         : (uint32_t)store->disk_pages;
    store->memory_free = store->memory + STORE_ROOTS * STORE_PAGE;
    store->is_blank = false;
    if (!format_make(pages, entries, &store->geometry)) {
        store_off(store, "a disk of %u pages is too small for %u entries",
                  (unsigned)pages, (unsigned)entries);
        return false;
    }
    struct store_root *root = store->tables.root;
    memset(root, 0, STORE_PAGE);
    memcpy(root->magic, STORE_MAGIC, sizeof root->magic);
    root->version = STORE_VERSION;
    root->pages = pages;
    root->entries = entries;
    root->slots = store->geometry.slots;
    store->generation = 0;
    if (!lay_out(store) || !catalog_begin(store) || !cache_begin(store)) {
        return false;
    }
    pages_settle(&store->pages);
    store->phase = STORE_OPEN;
    tables_touch_entry(store, 0); /* so that there is something to commit */
    store->is_commit_wanted = true;
    store_run(store);
    return true;
}
