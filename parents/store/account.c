#include "account.h"

#include "store.h"

#include <string.h>

static const char nobody[STORE_NAME_BYTES]; /* as the parent is called */

/* Null: he has none. */
static struct account *account_of(const struct store *store,
                                  const char owner[STORE_NAME_BYTES])
{
    const struct account *account = store->accounts;
    while (account <= store->accounts + STORE_ACCOUNTS &&
           memcmp(account->name, owner, STORE_NAME_BYTES) != 0) {
        account++;
    }
    bool is_there = account <= store->accounts + STORE_ACCOUNTS;
    return is_there ? (struct account *)account : NULL;
}

/* What the areas have for which this account pays: the parent's for all who
 * have none. */
static struct account_room used(const struct store *store,
                                const struct account *account)
{
    struct account_room room = { 0 };
    for (uint32_t i = 0; i < store->geometry.entries; i++) {
        const struct store_entry *entry = &store->tables.entries[i];
        if (entry->serial == 0) { continue; }
        const struct account *payer = account_of(store, entry->owner);
        if ((payer == NULL ? store->accounts : payer) == account) {
            room.entries++;
            room.pages += entry->pages;
        }
    }
    return room;
}

/* Below 0, or more than is free, is only what a device brings about that has
 * another disk now. */
static uint32_t less(uint32_t number, uint32_t other)
{
    return number > other ? number - other : 0;
}

static uint32_t least(uint32_t number, uint32_t other)
{
    return number < other ? number : other;
}

struct account_room account_room(const struct store *store,
                                 const char owner[STORE_NAME_BYTES])
{
    const struct account *account = account_of(store, owner);
    if (account == NULL && store->is_shared) { account = store->accounts; }
    struct account_room room = { 0 };
    if (account != NULL) {
        struct account_room gone = used(store, account);
        room.entries = account->entries;
        room.pages = account->pages;
        room.left_entries = least(less(room.entries, gone.entries),
                                  store->catalog.free_entries);
        room.left_pages =
            least(less(room.pages, gone.pages), store->catalog.free_slots);
    }
    return room;
}

bool account_has(const struct store *store, struct store_work *work,
                 const char owner[STORE_NAME_BYTES], uint32_t entries,
                 uint32_t pages)
{
    struct account_room room = account_room(store, owner);
    bool is_all = owner[0] == '\0' ||
                  (store->is_shared && account_of(store, owner) == NULL);
    if (entries > room.left_entries) {
        work->result = is_all ? STORE_CATALOG_FULL : STORE_NO_ENTRY_LEFT;
        work->left = room.left_entries;
    } else if (pages > room.left_pages) {
        work->result = is_all ? STORE_DISK_FULL : STORE_NO_PAGE_LEFT;
        work->left = room.left_pages;
    }
    return entries <= room.left_entries && pages <= room.left_pages;
}

static void move(struct account *from, struct account *to, uint32_t entries,
                 uint32_t pages)
{
    from->entries = less(from->entries, entries);
    from->pages = less(from->pages, pages);
    to->entries += entries;
    to->pages += pages;
}

void account_begin(struct store *store)
{
    struct account *parent = store->accounts;
    struct account all = { .entries = store->geometry.entries,
                           .pages = store->geometry.slots };
    *parent = all;
    for (struct account *account = parent + 1;
         account <= parent + STORE_ACCOUNTS; account++) {
        parent->entries = less(parent->entries, account->entries);
        parent->pages = less(parent->pages, account->pages);
    }
}

/* With what he has already.  Null: there is no room for one more. */
static struct account *open_for(struct store *store,
                                const char owner[STORE_NAME_BYTES])
{
    struct account *account = store->accounts + 1;
    while (account <= store->accounts + STORE_ACCOUNTS &&
           account->name[0] != '\0') {
        account++;
    }
    if (account > store->accounts + STORE_ACCOUNTS) { return NULL; }
    memcpy(account->name, owner, STORE_NAME_BYTES);
    struct account_room room = used(store, account);
    move(store->accounts, account, room.entries, room.pages);
    return account;
}

void account_give(struct store *store, struct store_work *work)
{
    struct account *account = account_of(store, work->owner);
    if (!format_name_is_good(work->owner, false)) {
        work->result = STORE_NAME_BAD;
    } else if (account_has(store, work, nobody, work->entries, work->pages)) {
        if (account == NULL) { account = open_for(store, work->owner); }
        work->result = account == NULL ? STORE_NO_ACCOUNT : STORE_DONE;
        if (account != NULL) {
            move(store->accounts, account, work->entries, work->pages);
        }
    }
}

void account_take_back(struct store *store, struct store_work *work)
{
    struct account *account = account_of(store, work->owner);
    bool is_name = format_name_is_good(work->owner, false);
    work->result = is_name ? STORE_DONE : STORE_NAME_BAD;
    if (is_name && account != NULL) {
        move(account, store->accounts, account->entries, account->pages);
        *account = (struct account){ .entries = 0 };
    }
    if (is_name) { catalog_remove_temporary(store, work->owner); }
}
