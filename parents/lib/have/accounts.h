/*
 * Accounts: what a process has received of each claim, and where it is.
 *
 *   A1  received = free + used by itself + given to its children
 *   A2  given = the sum of what was granted to the children that live
 *
 * The nucleus keeps A1.  A parent that keeps its own list of grants can
 * compare it with what the nucleus says by A2.
 */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include <stdbool.h>
#include <stdint.h>

/* The cursors of KERNE_DESCRIBE_CLAIM. */
enum account {
    ACCOUNT_BUFFERS = 0,
    ACCOUNT_PROCESSES = 1,
    ACCOUNT_TABLES = 2,
};
#define ACCOUNTS 3

struct claim {
    uint64_t received, free, used, given;
};

struct accounts {
    struct claim claim[ACCOUNTS];
    uint64_t lines;       /* interrupt lines received, as a set: bit n */
    uint64_t lines_given; /* of these, those that children hold */
    uint64_t pages;       /* storage windows */
    uint64_t ticks;       /* time, its own */
    uint64_t ticks_with_all_below;
    uint64_t idle, firmware; /* ticks; known of the root, otherwise 0 */
};

/* The name of a claim, in the plural: "buffers". */
const char *account_name(enum account account);

/* The accounts of a descendant (0: one's own).  False: it is gone. */
bool accounts_read(uint64_t reference, struct accounts *ret_accounts);

#endif
