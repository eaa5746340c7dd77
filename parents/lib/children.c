#include "children.h"

#include <calls.h>

/* ---- the table ---------------------------------------------------------- */

struct child *child_named(struct children *children, const char *name)
{
    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        struct child *child = &children->table[i];
        if (child->state != CHILD_NONE && strcmp(child->name, name) == 0) {
            return child;
        }
    }
    return NULL;
}

struct child *child_numbered(struct children *children, uint64_t number)
{
    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        struct child *child = &children->table[i];
        if (child->state != CHILD_NONE && child->number == number) {
            return child;
        }
    }
    return NULL;
}

struct child *child_referred(struct children *children, uint64_t reference)
{
    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        struct child *child = &children->table[i];
        if (child->state != CHILD_NONE && child->reference == reference) {
            return child;
        }
    }
    return NULL;
}

uint64_t children_granted(const struct children *children, enum account account)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        if (children->table[i].state != CHILD_NONE) {
            sum += children->table[i].granted[account];
        }
    }
    return sum;
}

static struct child *free_entry(struct children *children, const char *name,
                                uint64_t *ret_refusal)
{
    if (child_named(children, name) != NULL) {
        *ret_refusal = KERNE_r_name_taken;
        return NULL;
    }
    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        if (children->table[i].state == CHILD_NONE) {
            return &children->table[i];
        }
    }
    *ret_refusal = CHILD_r_table_full;
    return NULL;
}

static uint64_t free_number(struct children *children)
{
    uint64_t number = 0;
    while (child_numbered(children, number) != NULL) { number++; }
    return number;
}

static void enter(struct child *child, enum child_state state, const char *name,
                  uint64_t number)
{
    *child = (struct child){ .state = state, .number = number };
    strncpy(child->name, name, sizeof child->name - 1);
}

/* ---- creation ----------------------------------------------------------- */

uint64_t child_create(struct children *children, struct storage *storage,
                      const struct child_order *order, struct child **ret_child)
{
    uint64_t result;
    struct child *child = free_entry(children, order->name, &result);
    if (child == NULL) { return result; }
    uint64_t pages =
        order->bytes / KERNE_PAGE + (order->bytes % KERNE_PAGE != 0);
    struct storage_run run = storage_take(storage, pages);
    if (run.pages == 0) { return CHILD_r_no_storage; }
    struct kerne_creation creation = {
        .name = order->name,
        .number =
            order->number != NULL ? *order->number : free_number(children),
        .buffers = order->buffers,
        .processes = order->processes,
        .tables = order->tables,
        .mask = order->mask,
        .share = order->share,
        .horizon = 1,
    };
    uint64_t reference;
    result = kerne_create(&creation, &reference);
    if (result != KERNE_r_normal) {
        storage_return(storage, run);
        return result;
    }
    enter(child, CHILD_CREATED, order->name, creation.number);
    child->reference = reference;
    child->run = run;
    child->image = order->image;
    child->device_tree = order->device_tree;
    child->granted[ACCOUNT_BUFFERS] = order->buffers;
    child->granted[ACCOUNT_PROCESSES] = order->processes;
    child->granted[ACCOUNT_TABLES] = order->tables;
    *ret_child = child;
    return KERNE_r_normal;
}

uint64_t child_create_pseudo(struct children *children, const char *name,
                             uint64_t server, struct child **ret_child)
{
    uint64_t result;
    struct child *child = free_entry(children, name, &result);
    if (child == NULL) { return result; }
    uint64_t number = free_number(children);
    uint64_t reference;
    result = kerne_create_pseudo(0, name, number, server, &reference);
    if (result == KERNE_r_normal) {
        enter(child, CHILD_PSEUDO, name, number);
        child->reference = reference;
        child->server = server;
        *ret_child = child;
    }
    return result;
}

uint64_t child_point_pseudo(struct child *pseudo, uint64_t server)
{
    uint64_t result = kerne_remove(pseudo->reference);
    if (result == KERNE_r_normal) {
        result = kerne_create_pseudo(0, pseudo->name, pseudo->number, server,
                                     &pseudo->reference);
        pseudo->server = server;
    }
    return result;
}

struct loader_report child_load(struct child *child, const uint8_t *file,
                                uint64_t bytes, const char *arguments,
                                uint64_t ticks_per_second)
{
    struct loader_order order = {
        .child = child->reference,
        .run = child->run,
        .file = file,
        .bytes = bytes,
        .arguments = arguments,
        .ticks_per_second = ticks_per_second,
        .image = child->image,
        .device_tree = child->device_tree,
    };
    struct loader_report report = loader_load(&order);
    if (report.result == LOADER_DONE) {
        child->base = report.base;
        child->state = CHILD_LOADED;
    }
    return report;
}

/* ---- start and stop ----------------------------------------------------- */

uint64_t child_start(struct child *child)
{
    uint64_t result = kerne_start(child->reference);
    if (result == KERNE_r_normal) { child->state = CHILD_STARTED; }
    return result;
}

uint64_t child_stop(struct child *child)
{
    uint64_t result = kerne_stop(child->reference);
    if (result == KERNE_r_normal) { child->state = CHILD_STOPPED; }
    return result;
}

/* ---- removal ------------------------------------------------------------ */

/* The buffers of children that no longer exist come back, whoever has received
 * their messages, and even if he never answers. */
static void regret_inherited(void)
{
    struct kerne_words sent;
    uint64_t last = 0, buffer;
    while (kerne_describe(0, KERNE_DESCRIBE_SENT, last, &buffer, &sent) ==
           KERNE_r_normal) {
        if (sent.w[2] == KERNE_INHERITED) {
            kerne_regret_message(buffer);
        } else {
            last = buffer;
        }
    }
}

uint64_t child_remove(struct child *child, struct storage *storage,
                      struct devices *devices)
{
    if (child->state != CHILD_PSEUDO) {
        kerne_stop(child->reference);
        devices_take_back_all(devices, child->reference);
    }
    uint64_t result = kerne_remove(child->reference);
    if (result != KERNE_r_normal) { return result; }
    regret_inherited();
    storage_return(storage, child->run);
    *child = (struct child){ .state = CHILD_NONE };
    return KERNE_r_normal;
}
