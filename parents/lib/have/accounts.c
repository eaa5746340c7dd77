#include "accounts.h"

const char *account_name(enum kerne_claim claim)
{
    static const char *const names[] = { "buffers", "processes", "tables",
                                         "lines", "pages" };
    return names[claim];
}

/* Who is there at the last call was there before. */
bool accounts_read(uint64_t reference, struct accounts *ret_accounts)
{
    for (unsigned i = 0; i <= KERNE_CLAIM_STORAGE; i++) {
        (void)kerne_describe_claim(reference, (enum kerne_claim)i,
                                   &ret_accounts->claim[i]);
    }
    return kerne_describe_time(reference, &ret_accounts->time) ==
           KERNE_r_normal;
}
