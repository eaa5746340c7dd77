#include "inspect.h"

#include <stdio.h>
#include <text.h>

static void row(struct parent *parent, const char *what,
                const char *const column[4])
{
    parent_say(parent, "%-10s %10s %10s %10s %10s", what, column[0], column[1],
               column[2], column[3]);
}

static struct text number(uint64_t n)
{
    struct text text;
    snprintf(text.is, sizeof text.is, "%lu", (unsigned long)n);
    return text;
}

static void row_numbers(struct parent *parent, const char *what,
                        const struct kerne_claim_record *claim)
{
    row(parent, what,
        (const char *const[]){ number(claim->received).is,
                               number(claim->used).is, number(claim->given).is,
                               number(claim->free).is });
}

static void rows(struct parent *parent, const char *user,
                 const struct accounts *accounts)
{
    char used[32];
    snprintf(used, sizeof used, "used by %.15s", user);
    row(parent, "", (const char *const[]){ "received", used, "given", "free" });
    for (unsigned i = 0; i < ACCOUNTS; i++) {
        row_numbers(parent, account_name((enum kerne_claim)i),
                    &accounts->claim[i]);
    }
}

bool inspect_own_claims(struct parent *parent)
{
    struct accounts own;
    uint64_t free = storage_free(&parent->storage) * KERNE_PAGE;
    uint64_t all = parent->storage.pages * KERNE_PAGE;
    (void)accounts_read(0, &own);
    rows(parent, parent->name, &own);
    for (unsigned i = 0; i < ACCOUNTS; i++) {
        uint64_t granted =
            children_granted(&parent->children, (enum kerne_claim)i);
        if (granted != own.claim[i].given) {
            parent_say(parent, "the accounts do not fit: %s has granted %lu %s",
                       parent->name, (unsigned long)granted,
                       account_name((enum kerne_claim)i));
        }
    }
    row(parent, "storage",
        (const char *const[]){ text_of_size(all).is, "-",
                               text_of_size(all - free).is,
                               text_of_size(free).is });
    parent_say(parent, "the largest free stretch of storage: %s",
               text_of_size(storage_longest(&parent->storage) * KERNE_PAGE).is);
    return true;
}

static uint64_t count_of(uint64_t set)
{
    uint64_t count = 0;
    for (; set != 0; set &= set - 1) { count++; }
    return count;
}

/* Storage is not given on but lent: a window of a child is no loss of its
 * parent's. */
bool inspect_claims(struct parent *parent, const struct child *child)
{
    struct accounts accounts;
    if (!accounts_read(child->reference, &accounts)) {
        return parent_refuse(parent, REFUSED_NUCLEUS, "not allowed: %s is gone",
                             child->name);
    }
    const struct kerne_claim_record *lines = &accounts.claim[KERNE_CLAIM_LINES];
    uint64_t pages = accounts.claim[KERNE_CLAIM_STORAGE].received;
    rows(parent, "it", &accounts);
    row_numbers(parent, "lines",
                &(struct kerne_claim_record){
                    .received = count_of(lines->free | lines->given),
                    .given = count_of(lines->given),
                    .free = count_of(lines->free),
                });
    parent_say(parent, "storage: windows of %lu pages, %s",
               (unsigned long)pages, text_of_size(pages * KERNE_PAGE).is);
    return true;
}
