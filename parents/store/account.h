/*
 * Accounts: what siblings of the store may have of its entries and pages.  The
 * store's parent has the rest, and gives it away from there.
 *
 *   A1  what the areas of an account's owner have is used, the rest is left.
 *       Nothing else is counted, so that what a mount finds is accounted for
 *   A2  what is left in accounts is free, and nobody else's: also in each state
 *       that a mount may still bring back.  So a gift waits until all changes
 *       before it are durable
 *   A3  accounts are not on the disk
 */
#pragma once

#include "format.h"

struct store;
struct store_work;

#define STORE_ACCOUNTS 64

struct account {
    char name[STORE_NAME_BYTES]; /* of the owner; empty: it is closed */
    uint32_t entries;            /* in all, used or left */
    uint32_t pages;
};

struct account_room {
    uint32_t entries, left_entries;
    uint32_t pages, left_pages;
};

/* The account of this owner; null: he has none. */
struct account *account_of(const struct store *store,
                           const char owner[STORE_NAME_BYTES]);

/* What he has: of his account; of the parent's, if the name is empty, or if he
 * has none and these are shared. */
struct account_room account_room(const struct store *store,
                                 const char owner[STORE_NAME_BYTES]);

/* Has he so much left?  False: the work has its result. */
bool account_has(struct store *store, struct store_work *work,
                 const char owner[STORE_NAME_BYTES], uint32_t entries,
                 uint32_t pages);

/* Work of these kinds; of a gift all before it has to be durable.  What is
 * taken back is what is left: areas stay, but for temporary ones. */
void account_give(struct store *store, struct store_work *work);
void account_take_back(struct store *store, struct store_work *work);
