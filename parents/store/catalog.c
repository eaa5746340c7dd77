#include "catalog.h"

#include "store.h"

#include <string.h>

static const char nobody[STORE_NAME_BYTES];

uint32_t catalog_find(const struct store *store,
                      const char name[STORE_NAME_BYTES])
{
    uint32_t i = 0;
    while (i < store->geometry.entries &&
           memcmp(store->tables.entries[i].name, name, STORE_NAME_BYTES) != 0) {
        i++;
    }
    return i;
}

struct store_entry *catalog_entry(const struct store *store,
                                  const struct store_work *work)
{
    struct store_entry *entry = &store->tables.entries[work->entry];
    bool is_there = work->entry < store->geometry.entries &&
                    work->serial != 0 && entry->serial == work->serial;
    return is_there ? entry : NULL;
}

/* ---- where slots lie ----------------------------------------------------- */

static struct store_entry *ordered(const struct store *store, uint32_t i)
{
    return &store->tables.entries[store->catalog.order[i]];
}

static uint32_t entry_number(const struct store *store,
                             const struct store_entry *entry)
{
    return (uint32_t)(entry - store->tables.entries);
}

/* Where in `order` the areas from this slot on begin. */
static uint32_t order_of(const struct store *store, uint32_t first)
{
    uint32_t i = 0;
    while (i < store->catalog.ordered && ordered(store, i)->first < first) {
        i++;
    }
    return i;
}

static void enter(struct store *store, const struct store_entry *entry)
{
    struct catalog *catalog = &store->catalog;
    uint32_t at = order_of(store, entry->first);
    memmove(&catalog->order[at + 1], &catalog->order[at],
            (catalog->ordered - at) * sizeof *catalog->order);
    catalog->order[at] = entry_number(store, entry);
    catalog->ordered++;
    catalog->free_slots -= entry->pages;
}

static void leave(struct store *store, const struct store_entry *entry)
{
    struct catalog *catalog = &store->catalog;
    uint32_t at = order_of(store, entry->first);
    catalog->ordered--;
    memmove(&catalog->order[at], &catalog->order[at + 1],
            (catalog->ordered - at) * sizeof *catalog->order);
    catalog->free_slots += entry->pages;
}

/* The slot behind the area at `i` in order. */
static uint32_t end_of(const struct store *store, uint32_t i)
{
    const struct store_entry *entry = ordered(store, i);
    return entry->first + entry->pages;
}

/* Moves all areas to the front. */
static void pack(struct store *store)
{
    struct tables *tables = &store->tables;
    uint32_t at = 0;
    for (uint32_t i = 0; i < store->catalog.ordered; i++) {
        struct store_entry *entry = ordered(store, i);
        memmove(&tables->slots[at], &tables->slots[entry->first],
                entry->pages * sizeof *tables->slots);
        entry->first = at;
        at += entry->pages;
        tables_touch_entry(store, entry_number(store, entry));
    }
    memset(&tables->slots[at], 0,
           (store->geometry.slots - at) * sizeof *tables->slots);
    tables_touch_slots(store, 0, store->geometry.slots);
}

/* The first of so many free slots side by side.  There are as many: if they lie
 * apart, the areas are packed. */
static uint32_t place(struct store *store, uint32_t pages)
{
    uint32_t at = 0;
    uint32_t i = 0;
    while (i < store->catalog.ordered &&
           ordered(store, i)->first - at < pages) {
        at = end_of(store, i++);
    }
    if (store->geometry.slots - at < pages) {
        pack(store);
        i = store->catalog.ordered;
        at = i > 0 ? end_of(store, i - 1) : 0;
    }
    return at;
}

static void reverse(uint32_t *slots, uint32_t count)
{
    for (uint32_t i = 0; i < count / 2; i++) {
        uint32_t other = slots[count - 1 - i];
        slots[count - 1 - i] = slots[i];
        slots[i] = other;
    }
}

/* Packs, and makes this area the last. */
static void pack_before(struct store *store, struct store_entry *entry)
{
    pack(store);
    uint32_t *slots = &store->tables.slots[entry->first];
    uint32_t at = order_of(store, entry->first);
    uint32_t behind = end_of(store, store->catalog.ordered - 1) -
                      (entry->first + entry->pages);
    reverse(slots, entry->pages);
    reverse(slots + entry->pages, behind);
    reverse(slots, entry->pages + behind);
    for (uint32_t i = at + 1; i < store->catalog.ordered; i++) {
        ordered(store, i)->first -= entry->pages;
    }
    leave(store, entry);
    entry->first += behind;
    enter(store, entry);
}

/* Has the area, which has slots, room for more behind it? */
static bool has_room(struct store *store, const struct store_entry *entry,
                     uint32_t more)
{
    uint32_t next = order_of(store, entry->first) + 1;
    uint32_t end = next < store->catalog.ordered ? ordered(store, next)->first
                                                 : store->geometry.slots;
    return end - (entry->first + entry->pages) >= more;
}

/* Gives back what the slots from the area's page `from` on lead to. */
static void empty(struct store *store, const struct store_entry *entry,
                  uint32_t from)
{
    uint32_t *slots = &store->tables.slots[entry->first];
    for (uint32_t i = from; i < entry->pages; i++) {
        if (slots[i] != 0) { cache_forget(store, slots[i]); }
        slots[i] = 0;
    }
    tables_touch_slots(store, entry->first + from, entry->pages - from);
}

static void shrink(struct store *store, struct store_entry *entry,
                   uint32_t pages)
{
    empty(store, entry, pages);
    if (entry->pages > 0) { leave(store, entry); }
    entry->pages = pages;
    if (pages == 0) { entry->first = 0; }
    if (pages > 0) { enter(store, entry); }
}

/* There are enough free slots. */
static void grow(struct store *store, struct store_entry *entry, uint32_t pages)
{
    uint32_t more = pages - entry->pages;
    struct tables *tables = &store->tables;
    if (entry->pages == 0) {
        entry->first = place(store, pages);
    } else if (!has_room(store, entry, more)) {
        if (store->catalog.free_slots >= pages) {
            uint32_t to = place(store, pages);
            memcpy(&tables->slots[to], &tables->slots[entry->first],
                   entry->pages * sizeof *tables->slots);
            memset(&tables->slots[entry->first], 0,
                   entry->pages * sizeof *tables->slots);
            tables_touch_slots(store, entry->first, entry->pages);
            tables_touch_slots(store, to, entry->pages);
            leave(store, entry);
            entry->first = to;
            enter(store, entry);
        } else {
            pack_before(store, entry);
        }
    }
    if (entry->pages > 0) { leave(store, entry); }
    entry->pages = pages;
    enter(store, entry);
}

/* ---- the work ------------------------------------------------------------ */

static bool is_taken(struct store *store, struct store_work *work)
{
    if (!format_name_is_good(work->name, false)) {
        work->result = STORE_NAME_BAD;
    } else if (catalog_find(store, work->name) < store->geometry.entries) {
        work->result = STORE_NAME_TAKEN;
    } else {
        return false;
    }
    return true;
}

void catalog_create(struct store *store, struct store_work *work)
{
    struct catalog *catalog = &store->catalog;
    uint32_t found = catalog_find(store, nobody);
    if (is_taken(store, work)) { return; }
    if (!format_name_is_good(work->owner, true)) {
        work->result = STORE_NAME_BAD;
    } else if (catalog->serial >> 63 != 0) { /* by a disk that lied */
        work->result = STORE_CATALOG_FULL;
        work->left = 0;
    } else if (account_has(store, work, work->owner, 1, work->pages)) {
        struct store_entry *entry = &store->tables.entries[found];
        memcpy(entry->name, work->name, STORE_NAME_BYTES);
        memcpy(entry->owner, work->owner, STORE_NAME_BYTES);
        entry->flags = work->flags & STORE_FLAGS;
        entry->serial = catalog->serial++;
        if (work->pages > 0) { grow(store, entry, work->pages); }
        catalog->free_entries--;
        tables_touch_entry(store, found);
        work->entry = found;
        work->serial = entry->serial;
        work->result = STORE_DONE;
    }
}

void catalog_rename(struct store *store, struct store_work *work)
{
    struct store_entry *entry = catalog_entry(store, work);
    if (entry == NULL) {
        work->result = STORE_IS_GONE;
    } else if (!is_taken(store, work)) {
        memcpy(entry->name, work->name, STORE_NAME_BYTES);
        tables_touch_entry(store, work->entry);
        work->result = STORE_DONE;
    }
}

void catalog_resize(struct store *store, struct store_work *work)
{
    struct store_entry *entry = catalog_entry(store, work);
    if (entry == NULL) {
        work->result = STORE_IS_GONE;
    } else if (work->pages <= entry->pages ||
               account_has(store, work, entry->owner, 0,
                           work->pages - entry->pages)) {
        if (work->pages < entry->pages) { shrink(store, entry, work->pages); }
        if (work->pages > entry->pages) { grow(store, entry, work->pages); }
        tables_touch_entry(store, work->entry);
        work->result = STORE_DONE;
    }
}

void catalog_remove(struct store *store, struct store_work *work)
{
    struct store_entry *entry = catalog_entry(store, work);
    if (entry == NULL) {
        work->result = STORE_IS_GONE;
        return;
    }
    shrink(store, entry, 0);
    memset(entry, 0, sizeof *entry);
    memset(store->catalog.users[work->entry], 0, sizeof *store->catalog.users);
    store->catalog.free_entries++;
    tables_touch_entry(store, work->entry);
    work->result = STORE_DONE;
}

void catalog_mark(struct store *store, struct store_work *work)
{
    struct store_entry *entry = catalog_entry(store, work);
    work->result = entry == NULL ? STORE_IS_GONE : STORE_DONE;
    if (entry != NULL) {
        entry->flags = work->flags & STORE_FLAGS;
        tables_touch_entry(store, work->entry);
    }
}

/* ---- users --------------------------------------------------------------- */

/* Where this name stands; of the empty one, where there is room.  Null:
 * nowhere. */
static char *user_of(const struct store *store, const struct store_work *work,
                     const char name[STORE_NAME_BYTES])
{
    char(*users)[STORE_NAME_BYTES] = store->catalog.users[work->entry];
    for (uint32_t i = 0; i < CATALOG_USERS; i++) {
        if (memcmp(users[i], name, STORE_NAME_BYTES) == 0) { return users[i]; }
    }
    return NULL;
}

bool catalog_has_user(const struct store *store, const struct store_work *work,
                      const char name[STORE_NAME_BYTES])
{
    return name[0] != '\0' && user_of(store, work, name) != NULL;
}

/* Of include and exclude: puts one name in the place of another one. */
void catalog_set_user(struct store *store, struct store_work *work)
{
    bool is_new = work->kind == STORE_INCLUDE;
    if (catalog_entry(store, work) == NULL) {
        work->result = STORE_IS_GONE;
        return;
    }
    char *user = user_of(store, work, work->name);
    if (user == NULL && is_new) { user = user_of(store, work, nobody); }
    if (!format_name_is_good(work->name, false)) {
        work->result = STORE_NAME_BAD;
    } else if (user == NULL) {
        work->result = is_new ? STORE_USERS_FULL : STORE_NO_USER;
    } else {
        memcpy(user, is_new ? work->name : nobody, STORE_NAME_BYTES);
        work->result = STORE_DONE;
    }
}

/* ---- mounting ------------------------------------------------------------ */

static const char *fault_of(struct store *store, uint32_t number)
{
    const struct store_entry *entry = &store->tables.entries[number];
    const char *fault = format_entry_fault(entry, &store->geometry);
    if (fault == NULL && catalog_find(store, entry->name) < number) {
        fault = "has the name of another one";
    }
    return fault;
}

/* What the slots of areas lead to becomes live; all others are to be 0. */
static bool claim(struct store *store)
{
    const uint32_t *slots = store->tables.slots;
    uint32_t slot = 0;
    for (uint32_t i = 0; i <= store->catalog.ordered; i++) {
        bool is_area = i < store->catalog.ordered;
        uint32_t first =
            is_area ? ordered(store, i)->first : store->geometry.slots;
        if (first < slot) {
            store_off(store, "slot %u is of two areas", (unsigned)first);
            return false;
        }
        for (; slot < first; slot++) {
            if (slots[slot] != 0) {
                store_off(store, "slot %u is of no area, and not empty",
                          (unsigned)slot);
                return false;
            }
        }
        for (; is_area && slot < end_of(store, i); slot++) {
            if (slots[slot] != 0 && !pages_claim(&store->pages, slots[slot])) {
                store_off(store,
                          "slot %u leads to page %u, which is no page "
                          "or has another use",
                          (unsigned)slot, (unsigned)slots[slot]);
                return false;
            }
        }
    }
    uint32_t rest = -store->geometry.slots % STORE_SLOTS;
    if (!format_is_zero(&slots[slot], rest * sizeof *slots)) {
        store_off(store, "behind the last slot is something");
        return false;
    }
    return true;
}

bool catalog_begin(struct store *store)
{
    struct catalog *catalog = &store->catalog;
    uint32_t entries = store->geometry.entries;
    uint64_t serial =
        catalog->serial; /* of a mount before: none is used anew */
    *catalog = (struct catalog){
        .order = store_memory(store, entries * sizeof *catalog->order),
        .users = store_memory(store, entries * sizeof *catalog->users),
        .ahead = store_memory(store, entries * sizeof *catalog->ahead),
        .free_slots = store->geometry.slots,
        .serial = serial > 0 ? serial : 1,
    };
    if (catalog->order == NULL || catalog->users == NULL ||
        catalog->ahead == NULL) {
        return false;
    }
    account_begin(store);
    memset(catalog->users, 0, entries * sizeof *catalog->users);
    memset(catalog->ahead, 0, entries * sizeof *catalog->ahead);
    for (uint32_t i = 0; i < entries; i++) {
        const struct store_entry *entry = &store->tables.entries[i];
        if (format_is_zero(entry, sizeof *entry)) {
            catalog->free_entries++;
            continue;
        }
        const char *fault = fault_of(store, i);
        if (fault != NULL) {
            store_off(store, "entry %u of the catalog %s", (unsigned)i, fault);
            return false;
        }
        if (entry->serial >= catalog->serial) {
            catalog->serial = entry->serial + 1;
        }
        if (entry->pages > 0) { enter(store, entry); }
    }
    return claim(store);
}

void catalog_remove_temporary(struct store *store, const char *owner)
{
    for (uint32_t i = 0; i < store->geometry.entries; i++) {
        struct store_entry *entry = &store->tables.entries[i];
        struct store_work work = { .entry = i, .serial = entry->serial };
        bool is_his =
            owner == NULL || memcmp(entry->owner, owner, STORE_NAME_BYTES) == 0;
        if (entry->serial != 0 && is_his && !(entry->flags & STORE_PERMANENT)) {
            catalog_remove(store, &work);
        }
    }
}
