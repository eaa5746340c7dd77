/*
 * Accounts: what a process has received of each claim, and where it is.
 *
 *   A1  received = free + used by itself + given to its children
 *   A2  given = the sum of what was granted to the children that live
 *
 * The nucleus keeps A1.  A parent that keeps its own list of grants can
 * compare it with what the nucleus says by A2.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <describe.h>

/* Those that are numbers: KERNE_CLAIM_BUFFERS, _PROCESSES and _TABLES. */
#define ACCOUNTS 3

struct accounts {
    struct kerne_claim_record claim[KERNE_CLAIM_STORAGE + 1];
    struct kerne_time_record time;
};

/* The name of a claim, in the plural: "buffers". */
const char *account_name(enum kerne_claim claim);

/* The accounts of a descendant (0: one's own).  False: it is gone. */
bool accounts_read(uint64_t reference, struct accounts *ret_accounts);
