#include "accounts.h"

const char *account_name(enum kerne_claim claim)
{
    static const char *const names[] = { "buffers", "processes", "tables",
                                         "lines", "pages" };
    return names[claim];
}

bool accounts_read(uint64_t reference, struct accounts *ret_accounts)
{
    struct kerne_claim_record *claim = ret_accounts->claim;
    struct kerne_claim_record storage;
    uint64_t result = KERNE_r_normal;
    for (unsigned i = 0; i < ACCOUNTS && result == KERNE_r_normal; i++) {
        result =
            kerne_describe_claim(reference, (enum kerne_claim)i, &claim[i]);
    }
    if (result != KERNE_r_normal) { return false; }
    (void)kerne_describe_claim(reference, KERNE_CLAIM_LINES,
                               &ret_accounts->lines);
    (void)kerne_describe_claim(reference, KERNE_CLAIM_STORAGE, &storage);
    ret_accounts->pages = storage.received;
    return kerne_describe_time(reference, &ret_accounts->time) ==
           KERNE_r_normal;
}
