#include "inspect.h"

#include <stdio.h>
#include <text.h>

static void say_claim(struct parent *parent, const char *what,
                      const struct kerne_claim_record *claim)
{
    parent_say(parent, "%-10s %10lu %10lu %10lu %10lu", what,
               (unsigned long)claim->received, (unsigned long)claim->used,
               (unsigned long)claim->given, (unsigned long)claim->free);
}

static void say_claims(struct parent *parent, const char *user,
                       const struct accounts *accounts)
{
    char used[32];
    snprintf(used, sizeof used, "used by %.15s", user);
    parent_say(parent, "%21s %10s %10s %10s", "received", used, "given",
               "free");
    for (unsigned i = 0; i < ACCOUNTS; i++) {
        say_claim(parent, account_name((enum kerne_claim)i),
                  &accounts->claim[i]);
    }
}

void inspect_own_claims(struct parent *parent)
{
    struct accounts own;
    uint64_t free = storage_free(&parent->storage) * KERNE_PAGE;
    uint64_t all = parent->storage.pages * KERNE_PAGE;
    (void)accounts_read(0, &own);
    say_claims(parent, parent->name, &own);
    for (unsigned i = 0; i < ACCOUNTS; i++) {
        uint64_t granted =
            children_granted(&parent->children, (enum kerne_claim)i);
        if (granted != own.claim[i].given) {
            parent_say(parent, "the accounts do not fit: %s has granted %lu %s",
                       parent->name, (unsigned long)granted,
                       account_name((enum kerne_claim)i));
        }
    }
    parent_say(parent, "%-10s %10s %10s %10s %10s", "storage",
               text_of_size(all).is, "-", text_of_size(all - free).is,
               text_of_size(free).is);
    parent_say(parent, "the largest free stretch of storage: %s",
               text_of_size(storage_longest(&parent->storage) * KERNE_PAGE).is);
}

static uint64_t count_of(uint64_t set)
{
    return (uint64_t)__builtin_popcountl(set);
}

/* Storage is not given on but lent: a window of a child is no loss of its
 * parent's. */
void inspect_claims(struct parent *parent, const struct child *child)
{
    struct accounts accounts;
    (void)accounts_read(child->reference, &accounts);
    const struct kerne_claim_record *lines = &accounts.claim[KERNE_CLAIM_LINES];
    uint64_t pages = accounts.claim[KERNE_CLAIM_STORAGE].received;
    say_claims(parent, "it", &accounts);
    say_claim(parent, "lines",
              &(struct kerne_claim_record){
                  .received = count_of(lines->free | lines->given),
                  .given = count_of(lines->given),
                  .free = count_of(lines->free),
              });
    parent_say(parent, "storage: windows of %lu pages, %s",
               (unsigned long)pages, text_of_size(pages * KERNE_PAGE).is);
}
