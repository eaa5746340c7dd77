#include "service.h"

#include <program.h>

/* ---- which -------------------------------------------------------------- */

struct service *service_named(const char *name)
{
    for (unsigned i = 0; i < SERVICES; i++) {
        struct service *service = &keeper.service[i];
        if (service->state != SERVICE_NONE &&
            strcmp(service->name, name) == 0) {
            return service;
        }
    }
    return NULL;
}

struct service *service_free(void)
{
    for (unsigned i = 0; i < SERVICES; i++) {
        if (keeper.service[i].state == SERVICE_NONE) {
            return &keeper.service[i];
        }
    }
    return NULL;
}

struct service *service_of(const struct child *child)
{
    return &keeper.service[child->number - SERVICE_NUMBER];
}

uint64_t service_address(const struct service *service)
{
    return KERNE_ADDRESS(0,
                         SERVICE_NUMBER + (uint64_t)(service - keeper.service));
}

bool service_any_lives(void)
{
    for (unsigned i = 0; i < SERVICES; i++) {
        if (keeper.service[i].state == SERVICE_RUNS ||
            keeper.service[i].state == SERVICE_PAUSES) {
            return true;
        }
    }
    return false;
}

const char *service_state_text(const struct service *service)
{
    static const char *const words[] = { "unknown", "runs", "pauses", "dead",
                                         "finished" };
    return words[service->state];
}

/* ---- its beginning and its end ------------------------------------------ */

bool service_begin(struct service *service)
{
    struct parent *parent = &keeper.parent;
    uint64_t number = SERVICE_NUMBER + (uint64_t)(service - keeper.service);
    struct child_order order = {
        .name = service->name,
        .number = &number,
        .bytes = service->bytes,
        .buffers = service->buffers,
        .processes = service->processes,
        .mask = keeper.parent.mask & ~KERNE_MASK_BIT(KERNE_physical_address),
    };
    order.tables = child_tables(&order);
    service->state = SERVICE_DEAD;
    service->child = parent_make(parent, service->program, &order);
    if (service->child == NULL) { return false; }
    child_start(&keeper.parent, service->child);
    service->state = SERVICE_RUNS;
    service->since = kerne_get_clock();
    return true;
}

void service_remove(struct service *service)
{
    child_remove(&keeper.parent, service->child);
    service->child = NULL;
}
