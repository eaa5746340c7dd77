#include "making.h"

#include "control.h"
#include "description.h"
#include "family.h"
#include "loading.h"
#include "operator.h"
#include "text.h"

#include <program.h>

/* A child that makes children of its own gives each of them so many tables. */
#define TABLES_FOR_EACH_PROCESS 3

/* ---- create ------------------------------------------------------------- */

/* What only another system is lent. */
static struct kerne_range lent(const struct kerne_range *range,
                               const struct description *d)
{
    return d->image ? *range : (struct kerne_range){ 0, 0 };
}

uint64_t making_tables(const struct system *system, const struct description *d)
{
    if (d->tables != 0) { return d->tables; }
    const struct kerne_range image = lent(&system->start->image, d);
    const struct kerne_range tree = lent(&system->start->device_tree, d);
    uint64_t pages = d->bytes / KERNE_PAGE + (d->bytes % KERNE_PAGE != 0);
    uint64_t bytes = loader_bytes(pages, &image, &tree);
    return loader_tables(LOADER_USUAL_BASE, bytes) + DEVICES_CHILD_TABLES +
           TABLES_FOR_EACH_PROCESS * d->processes;
}

/* `besides` follows the number that is wanted. */
static bool too_few(struct system *system, const char *refusal, uint64_t wanted,
                    const char *besides, uint64_t available, const char *one,
                    const char *several)
{
    bool is_one = available == 1;
    return operator_refuse(system, "%s: %lu%s wanted, %lu %s free", refusal,
                           (unsigned long)wanted, besides,
                           (unsigned long)available, is_one ? one : several);
}

/* Has s the claims that the child is to get?  It keeps some buffers. */
static bool claims_suffice(struct system *system,
                           const struct child_order *order)
{
    struct accounts own;
    if (!accounts_read(0, &own)) {
        return operator_refuse(system, "not allowed: s cannot read its own "
                                       "accounts");
    }
    uint64_t buffers = own.claim[ACCOUNT_BUFFERS].free;
    uint64_t processes = own.claim[ACCOUNT_PROCESSES].free;
    uint64_t tables = own.claim[ACCOUNT_TABLES].free;
    buffers = buffers > SYSTEM_BUFFERS ? buffers - SYSTEM_BUFFERS : 0;
    if (order->buffers > buffers) {
        return too_few(system, "no buffers", order->buffers, "", buffers,
                       "message buffer is", "message buffers are");
    }
    if (order->processes >= processes) {
        return too_few(system, "no internals", order->processes,
                       " and 1 for the process itself", processes, "process is",
                       "processes are");
    }
    if (order->tables > tables) {
        return too_few(system, "no tables", order->tables, "", tables,
                       "window table is", "window tables are");
    }
    return true;
}

static bool create_refused(struct system *system, uint64_t result,
                           const struct child_order *order)
{
    uint64_t longest = storage_longest(&system->storage) * KERNE_PAGE;
    switch (result) {
    case CHILD_r_no_storage:
        return operator_refuse(system,
                               "no core: %s wanted, the largest free stretch "
                               "is %s",
                               text_of_size(order->bytes).is,
                               text_of_size(longest).is);
    case CHILD_r_table_full:
        return operator_refuse(system,
                               "no internals: s has room for %u children, and "
                               "has them; remove one first",
                               CHILDREN_MAX);
    default:
        return operator_refuse(system, "not allowed: create %s: %s",
                               order->name, kerne_result_text(result));
    }
}

/* There must be something described that does not exist yet. */
static bool is_described(struct system *system, const char *command)
{
    const struct child *child = system->chosen;
    if (child != NULL) { return control_refuse_state(system, command, child); }
    if (system->description.name[0] == '\0') {
        return operator_refuse(system,
                               "process unknown: `%s` needs a name first: new "
                               "NAME %s",
                               command, command);
    }
    return description_name_is_free(system, system->description.name);
}

static bool create(struct system *system, const char *command)
{
    const struct description *d = &system->description;
    struct child_order order = {
        .name = d->name,
        .bytes = d->bytes,
        .buffers = d->buffers,
        .processes = d->processes,
        .tables = making_tables(system, d),
        .mask = d->mask,
        .share = d->share,
        .image = lent(&system->start->image, d),
        .device_tree = lent(&system->start->device_tree, d),
    };
    if (!is_described(system, command)) { return false; }
    if (order.bytes == 0) {
        return operator_refuse(system,
                               "no core: a process needs at least one "
                               "page, %u bytes",
                               KERNE_PAGE);
    }
    if (!claims_suffice(system, &order)) { return false; }
    struct child *child;
    uint64_t result =
        child_create(&system->children, &system->storage, &order, &child);
    if (result != KERNE_r_normal) {
        return create_refused(system, result, &order);
    }
    struct note *note = family_note(system, child);
    note->description = *d;
    note->keep = d->keep;
    system->chosen = child;
    return true;
}

bool making_create(struct system *system) { return create(system, "create"); }

/* ---- both --------------------------------------------------------------- */

/* What cannot be loaded is not left behind. */
static bool create_and_load(struct system *system, const char *command)
{
    struct archive_member file;
    const char *arguments;
    if (!is_described(system, command) ||
        !loading_find(system, &file, &arguments) || !create(system, command)) {
        return false;
    }
    if (!loading_load(system, system->chosen)) {
        family_remove(system, system->chosen);
        return false;
    }
    return true;
}

bool making_init(struct system *system)
{
    return create_and_load(system, "init");
}

bool making_run(struct system *system)
{
    return create_and_load(system, "run") &&
           control_done(system, system->chosen->name,
                        child_start(system->chosen));
}
