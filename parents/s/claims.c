#include "claims.h"

#include "control.h"
#include "operator.h"
#include "text.h"

#include <stdio.h>

static void row(struct system *system, const char *what,
                const char *const column[4])
{
    operator_print(system, "%-10s %10s %10s %10s %10s", what, column[0],
                   column[1], column[2], column[3]);
}

static struct text number(uint64_t n)
{
    struct text text;
    snprintf(text.is, sizeof text.is, "%lu", (unsigned long)n);
    return text;
}

static void row_numbers(struct system *system, const char *what,
                        uint64_t received, uint64_t used, uint64_t given,
                        uint64_t free)
{
    struct text columns[] = { number(received), number(used), number(given),
                              number(free) };
    row(system, what,
        (const char *const[]){ columns[0].is, columns[1].is, columns[2].is,
                               columns[3].is });
}

static void rows(struct system *system, const char *user,
                 const struct accounts *accounts)
{
    char used[32];
    snprintf(used, sizeof used, "used by %.15s", user);
    row(system, "", (const char *const[]){ "received", used, "given", "free" });
    for (unsigned i = 0; i < ACCOUNTS; i++) {
        row_numbers(system, account_name((enum account)i),
                    accounts->claim[i].received, accounts->claim[i].used,
                    accounts->claim[i].given, accounts->claim[i].free);
    }
}

/* ---- max ---------------------------------------------------------------- */

bool claims_max(struct system *system)
{
    struct accounts own;
    uint64_t free = storage_free(&system->storage) * KERNE_PAGE;
    uint64_t all = system->storage.pages * KERNE_PAGE;
    if (!accounts_read(0, &own)) {
        return operator_refuse(system, "not allowed: s cannot read its own "
                                       "accounts");
    }
    rows(system, "s", &own);
    for (unsigned i = 0; i < ACCOUNTS; i++) {
        uint64_t granted = children_granted(&system->children, (enum account)i);
        if (granted != own.claim[i].given) {
            operator_print(
                system, "the accounts do not fit: s has granted %lu %s",
                (unsigned long)granted, account_name((enum account)i));
        }
    }
    row(system, "storage",
        (const char *const[]){ text_of_size(all).is, "-",
                               text_of_size(all - free).is,
                               text_of_size(free).is });
    operator_print(
        system, "the largest free stretch of storage: %s",
        text_of_size(storage_longest(&system->storage) * KERNE_PAGE).is);
    return true;
}

/* ---- claims ------------------------------------------------------------- */

static unsigned count_of(uint64_t set)
{
    unsigned count = 0;
    for (; set != 0; set &= set - 1) { count++; }
    return count;
}

/* Storage is not given on but lent: a window of a child is no loss of its
 * parent's. */
bool claims_command(struct system *system)
{
    struct accounts accounts;
    const struct child *child = control_chosen(system);
    if (child == NULL || !control_is_process(system, child)) { return false; }
    if (!accounts_read(child->reference, &accounts)) {
        return operator_refuse(system, "not allowed: %s is gone", child->name);
    }
    rows(system, "it", &accounts);
    uint64_t given = count_of(accounts.lines_given);
    uint64_t lines = count_of(accounts.lines);
    row_numbers(system, "lines", lines, 0, given, lines - given);
    operator_print(system, "storage: windows of %lu pages, %s",
                   (unsigned long)accounts.pages,
                   text_of_size(accounts.pages * KERNE_PAGE).is);
    return true;
}
