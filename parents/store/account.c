#include "account.h"

#include "store.h"

#include <string.h>

static bool is_same(const char one[STORE_NAME_BYTES],
                    const char other[STORE_NAME_BYTES])
{
    return memcmp(one, other, STORE_NAME_BYTES) == 0;
}

struct account *account_of(const struct store *store,
                           const char owner[STORE_NAME_BYTES])
{
    const struct account *account = store->accounts;
    while (account < store->accounts + STORE_ACCOUNTS &&
           (account->name[0] == '\0' || !is_same(account->name, owner))) {
        account++;
    }
    return account == store->accounts + STORE_ACCOUNTS
               ? NULL
               : (struct account *)account;
}

/* Does he draw on what the parent has? */
static bool is_parents(const struct store *store,
                       const char owner[STORE_NAME_BYTES])
{
    return owner[0] == '\0' ||
           (store->is_shared && account_of(store, owner) == NULL);
}

/* What areas have that draw on the same account. */
static struct account_room used_by(const struct store *store,
                                   const char owner[STORE_NAME_BYTES])
{
    struct account_room used = { 0 };
    bool is_of_parent = is_parents(store, owner);
    for (uint32_t i = 0; i < store->geometry.entries; i++) {
        const struct store_entry *entry = &store->tables.entries[i];
        bool is_his = is_of_parent ? account_of(store, entry->owner) == NULL
                                   : is_same(entry->owner, owner);
        if (entry->serial != 0 && is_his) {
            used.entries++;
            used.pages += entry->pages;
        }
    }
    return used;
}

/* Below 0 is only what a disk brings about that is not the one it was. */
static uint32_t less(uint32_t number, uint32_t other)
{
    return number > other ? number - other : 0;
}

struct account_room account_room(const struct store *store,
                                 const char owner[STORE_NAME_BYTES])
{
    const struct account *account = account_of(store, owner);
    struct account_room used = used_by(store, owner);
    struct account_room room = used;
    if (account != NULL) {
        room.entries = account->entries;
        room.pages = account->pages;
    } else if (is_parents(store, owner)) {
        room.entries = store->geometry.entries;
        room.pages = store->geometry.slots;
        for (uint32_t i = 0; i < STORE_ACCOUNTS; i++) {
            room.entries = less(room.entries, store->accounts[i].entries);
            room.pages = less(room.pages, store->accounts[i].pages);
        }
    }
    room.left_entries = less(room.entries, used.entries);
    room.left_pages = less(room.pages, used.pages);
    return room;
}

bool account_has(struct store *store, struct store_work *work,
                 const char owner[STORE_NAME_BYTES], uint32_t entries,
                 uint32_t pages)
{
    struct account_room room = account_room(store, owner);
    bool is_all = is_parents(store, owner);
    if (entries > room.left_entries) {
        work->result = is_all ? STORE_CATALOG_FULL : STORE_NO_ENTRY_LEFT;
        work->left = room.left_entries;
        return false;
    }
    if (pages > room.left_pages) {
        work->result = is_all ? STORE_DISK_FULL : STORE_NO_PAGE_LEFT;
        work->left = room.left_pages;
        return false;
    }
    return true;
}

/* Opens one, for what he has already. */
static struct account *open_for(struct store *store,
                                const char owner[STORE_NAME_BYTES])
{
    struct account *account = store->accounts;
    while (account < store->accounts + STORE_ACCOUNTS &&
           account->name[0] != '\0') {
        account++;
    }
    if (account == store->accounts + STORE_ACCOUNTS) { return NULL; }
    memcpy(account->name, owner, STORE_NAME_BYTES);
    struct account_room used = used_by(store, owner);
    account->entries = used.entries;
    account->pages = used.pages;
    return account;
}

void account_give(struct store *store, struct store_work *work)
{
    static const char parent[STORE_NAME_BYTES];
    if (!format_name_is_good(work->owner, false)) {
        work->result = STORE_NAME_BAD;
    } else if (account_has(store, work, parent, work->entries, work->pages)) {
        struct account *account = account_of(store, work->owner);
        if (account == NULL) { account = open_for(store, work->owner); }
        work->result = account == NULL ? STORE_NO_ACCOUNT : STORE_DONE;
        if (account != NULL) {
            account->entries += work->entries;
            account->pages += work->pages;
        }
    }
}

void account_take_back(struct store *store, struct store_work *work)
{
    struct account *account = account_of(store, work->owner);
    if (!format_name_is_good(work->owner, false)) {
        work->result = STORE_NAME_BAD;
        return;
    }
    if (account != NULL) { *account = (struct account){ .entries = 0 }; }
    catalog_remove_temporary(store, work->owner);
    work->result = STORE_DONE;
}
