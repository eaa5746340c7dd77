#include "tables.h"

#include "store.h"

#include <string.h>

bool tables_begin(struct store *store)
{
    struct tables *tables = &store->tables;
    const struct store_geometry *geometry = &store->geometry;
    uint64_t bytes = (uint64_t)tables_items(store) * STORE_PAGE;
    char *first = store_memory(store, bytes);
    tables->dirty = store_memory(store, geometry->tables);
    if (first == NULL || tables->dirty == NULL) { return false; }
    memset(first, 0, bytes);
    memset(tables->dirty, 0, geometry->tables);
    tables->is_changed = false;
    char *entries = first + (size_t)geometry->index_pages * STORE_PAGE;
    char *slots = entries + (size_t)geometry->catalog_pages * STORE_PAGE;
    tables->index = (struct store_pointer *)first;
    tables->entries = (struct store_entry *)entries;
    tables->slots = (uint32_t *)slots;
    return true;
}

static void touch(struct tables *tables, uint32_t table)
{
    tables->dirty[table] = true;
    tables->is_changed = true;
}

void tables_touch_entry(struct store *store, uint32_t entry)
{
    touch(&store->tables, (uint32_t)(entry / STORE_ENTRIES));
}

void tables_touch_slots(struct store *store, uint32_t first, uint32_t count)
{
    uint32_t table = store->geometry.catalog_pages;
    if (count == 0) { return; }
    for (uint32_t i = (uint32_t)(first / STORE_SLOTS);
         i <= (first + count - 1) / STORE_SLOTS; i++) {
        touch(&store->tables, table + i);
    }
}

uint32_t tables_items(const struct store *store)
{
    return store->geometry.index_pages + store->geometry.tables;
}

void *tables_item(struct store *store, uint32_t item)
{
    return (char *)store->tables.index + (size_t)item * STORE_PAGE;
}

struct store_pointer *tables_pointer(struct store *store, uint32_t item)
{
    uint32_t index_pages = store->geometry.index_pages;
    return item < index_pages ? &store->tables.root->index[item]
                              : &store->tables.index[item - index_pages];
}

/* ---- for a commit -------------------------------------------------------- */

static void seal(struct store *store, uint32_t item)
{
    struct store_pointer *pointer = tables_pointer(store, item);
    if (pointer->page == 0 || !pages_is_fresh(&store->pages, pointer->page)) {
        if (pointer->page != 0) { pages_release(&store->pages, pointer->page); }
        pointer->page = pages_take(&store->pages, &(uint32_t){ 1 });
    }
    pointer->sum = format_sum(tables_item(store, item), STORE_PAGE);
}

/* An index page is written if one of its tables is. */
bool tables_is_sealed(struct store *store, uint32_t item)
{
    const struct tables *tables = &store->tables;
    uint32_t index_pages = store->geometry.index_pages;
    if (item >= index_pages) { return tables->dirty[item - index_pages]; }
    uint32_t first = (uint32_t)(item * STORE_POINTERS);
    uint32_t count = store->geometry.tables - first;
    if (count > STORE_POINTERS) { count = (uint32_t)STORE_POINTERS; }
    return memchr(&tables->dirty[first], true, count) != NULL;
}

/* Tables first: the index has their sums. */
void tables_seal(struct store *store)
{
    uint32_t index_pages = store->geometry.index_pages;
    uint32_t items = tables_items(store);
    for (uint32_t item = index_pages; item < items; item++) {
        if (tables_is_sealed(store, item)) { seal(store, item); }
    }
    for (uint32_t item = 0; item < index_pages; item++) {
        if (tables_is_sealed(store, item)) { seal(store, item); }
    }
}

void tables_settle(struct store *store)
{
    memset(store->tables.dirty, 0, store->geometry.tables);
    store->tables.is_changed = false;
}
