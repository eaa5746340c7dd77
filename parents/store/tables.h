/*
 * The tables as they are on the disk, one behind the other: the index pages,
 * the catalog's, the slots'.  Transfers go to and from here.
 *
 *   T1  a table that differs from what its pointer leads to is dirty
 */
#pragma once

#include "format.h"

struct store;

struct tables {
    struct store_root *root;     /* in a page of its own */
    struct store_pointer *index; /* the first of all; then the tables */
    struct store_entry *entries;
    uint32_t *slots;
    bool *dirty;     /* for each table */
    bool is_changed; /* one of them is dirty */
};

/* Lays them out, empty.  False: there is too little storage. */
bool tables_begin(struct store *store);

void tables_touch_entry(struct store *store, uint32_t entry);
void tables_touch_slots(struct store *store, uint32_t first, uint32_t count);

/* Item 0 and so on: index pages, then tables. */
uint32_t tables_items(const struct store *store);
void *tables_item(struct store *store, uint32_t item);
struct store_pointer *tables_pointer(struct store *store, uint32_t item);

/* For a commit: each dirty table, and the index page above it, gets a fresh
 * page, and its pointer the sum. */
void tables_seal(struct store *store);

/* Is it one of those that tables_seal() has prepared? */
bool tables_is_sealed(struct store *store, uint32_t item);

/* They are durable. */
void tables_settle(struct store *store);
