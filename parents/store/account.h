/*
 * Accounts: what the store's parent and its siblings may have of its entries
 * and pages.  The parent has all, and gives to others from what it has left.
 *
 *   A1  all accounts together have all that there is
 *   A2  what the areas of an account's owner have is used, the rest is left.
 *       Nothing else is counted, so what a mount finds is accounted for
 *   A3  what is left in accounts is free, and nobody else's: also in each state
 *       that a mount may still bring back.  So a gift waits until all changes
 *       before it are durable
 *   A4  accounts are not on the disk
 */
#pragma once

#include "format.h"

struct store;
struct store_work;

#define STORE_ACCOUNTS 64 /* beside the parent's, which is the first */

struct account {
    char name[STORE_NAME_BYTES]; /* of the owner; of the parent: empty, and of
                                  * an account that is closed */
    uint32_t entries;            /* in all, used or left */
    uint32_t pages;
};

struct account_room {
    uint32_t entries, left_entries;
    uint32_t pages, left_pages;
};

/* Of a disk that is mounted: the parent has what others have not. */
void account_begin(struct store *store);

/* What this owner has: of his account, or of the parent's, if he has none and
 * this is shared. */
struct account_room account_room(const struct store *store,
                                 const char owner[STORE_NAME_BYTES]);

/* Has he so much left?  False: the work has its result. */
bool account_has(const struct store *store, struct store_work *work,
                 const char owner[STORE_NAME_BYTES], uint32_t entries,
                 uint32_t pages);

/* Work of these kinds; of a gift all before it has to be durable.  What is
 * taken back is what is left: areas stay, but for temporary ones. */
void account_give(struct store *store, struct store_work *work);
void account_take_back(struct store *store, struct store_work *work);
