/*
 * The catalog: areas by name, and which slots each of them has.  An area's
 * slots lie one behind the other; to enlarge it they may be moved, which costs
 * no transfer of data, since a slot is only the number of a page.
 *
 *   C1  names are unique; a serial number is used once
 *   C2  `order` has the entries that have slots, by their first slot; their
 *       slots do not overlap
 *   C3  what is refused has changed nothing
 *   C4  an area's users are names.  They are not on the disk, and go with the
 *       area, and when the disk is mounted anew
 */
#pragma once

#include "format.h"

struct store;
struct store_work;

#define CATALOG_USERS 4 /* of an area, at most */

struct catalog {
    uint32_t *order;
    uint32_t ordered;    /* how many */
    uint32_t free_slots; /* of no area */
    uint32_t free_entries;
    uint64_t serial;                                /* of the next area */
    char (*users)[CATALOG_USERS][STORE_NAME_BYTES]; /* for each entry */
    uint64_t *ahead; /* for each entry: the segment behind the last input */
};

/* Of tables that were read, or are empty: checks them, and makes live what they
 * lead to.  False: they are not sound, and the store is off. */
bool catalog_begin(struct store *store);

/* Those of an owner who is gone; null: of all. */
void catalog_remove_temporary(struct store *store, const char *owner);

/* The entry of that name; geometry.entries: there is none. */
uint32_t catalog_find(const struct store *store,
                      const char name[STORE_NAME_BYTES]);

/* The entry of this work's area; null: it is gone. */
struct store_entry *catalog_entry(const struct store *store,
                                  const struct store_work *work);

/* Each does one kind of work, at once, and sets its result. */
void catalog_create(struct store *store, struct store_work *work);
void catalog_rename(struct store *store, struct store_work *work);
void catalog_resize(struct store *store, struct store_work *work);
void catalog_remove(struct store *store, struct store_work *work);
void catalog_mark(struct store *store, struct store_work *work);
void catalog_set_user(struct store *store, struct store_work *work);

/* Is he a user of this work's area, which is there? */
bool catalog_has_user(const struct store *store, const struct store_work *work,
                      const char name[STORE_NAME_BYTES]);
