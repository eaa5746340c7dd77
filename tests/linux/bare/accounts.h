/*
 * What /proc/kerne tells, for programs that see whether all comes back.
 *
 * No pointer argument may be null.
 */
#pragma once

enum account {
    PAGES,     /* frames of programs and files */
    RECORDS,   /* but those of idle carriers */
    PROCESSES, /* zombies, too */
    THREADS,
    AREAS,
    OPEN_FILES,
    CLAIMED_PROCESSES, /* left, with those of carriers */
    CLAIMED_TABLES,    /* left, with those of idle carriers */
    ACCOUNTS
};

struct accounts {
    long of[ACCOUNTS];
};

void accounts_read(struct accounts *ret_accounts);

/* Pages that have a place in the store; of the calling process's, those that
 * are in no frame; and those that have come from there, or gone, since linux
 * began. */
long accounts_swapped(void);
long accounts_own_swapped(void);
long accounts_brought(void);
long accounts_written(void);

/* Says which differ; 1: none does. */
long accounts_are(const struct accounts *wanted, const char *when, long number);
