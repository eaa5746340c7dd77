#include "accounts.h"

#include <calls.h>

enum {
    CURSOR_LINES = 3,
    CURSOR_STORAGE = 4,
};

const char *account_name(enum account account)
{
    switch (account) {
    case ACCOUNT_BUFFERS: return "buffers";
    case ACCOUNT_PROCESSES: return "processes";
    case ACCOUNT_TABLES: return "tables";
    }
    return "claims";
}

static bool claim(uint64_t reference, uint64_t cursor,
                  struct kerne_words *ret_words)
{
    uint64_t next;
    return kerne_describe(reference, KERNE_DESCRIBE_CLAIM, cursor, &next,
                          ret_words) == KERNE_r_normal;
}

bool accounts_read(uint64_t reference, struct accounts *ret_accounts)
{
    struct accounts a = { .lines = 0 };
    struct kerne_words words;
    for (unsigned i = 0; i < ACCOUNTS; i++) {
        if (!claim(reference, i, &words)) { return false; }
        a.claim[i].received = words.w[0];
        a.claim[i].free = words.w[1];
        a.claim[i].used = words.w[2];
        a.claim[i].given = words.w[3];
    }
    if (!claim(reference, CURSOR_LINES, &words)) { return false; }
    a.lines = words.w[1] | words.w[3];
    a.lines_given = words.w[3];
    if (!claim(reference, CURSOR_STORAGE, &words)) { return false; }
    a.pages = words.w[0];
    uint64_t next;
    if (kerne_describe(reference, KERNE_DESCRIBE_TIME, 0, &next, &words) !=
        KERNE_r_normal) {
        return false;
    }
    a.ticks = words.w[0];
    a.ticks_with_all_below = words.w[1];
    a.idle = words.w[3];
    a.firmware = words.w[4];
    *ret_accounts = a;
    return true;
}
