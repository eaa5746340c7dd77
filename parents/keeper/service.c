#include "service.h"

/* ---- which -------------------------------------------------------------- */

struct service *service_named(const char *name)
{
    for (unsigned i = 0; i < SERVICES; i++) {
        struct service *service = &keeper.service[i];
        if (strcmp(service->name, name) == 0) { return service; }
    }
    return NULL;
}

static uint64_t number_of(const struct service *service)
{
    return SERVICE_NUMBER + (uint64_t)(service - keeper.service);
}

uint64_t service_address(const struct service *service)
{
    return KERNE_ADDRESS(0, number_of(service));
}

bool service_any_lives(void)
{
    for (unsigned i = 0; i < SERVICES; i++) {
        const struct service *service = &keeper.service[i];
        if (service->child != NULL || service->pause_buffer != 0) {
            return true;
        }
    }
    return false;
}

const char *service_state_text(const struct service *service)
{
    return service->child != NULL       ? "runs"
           : service->pause_buffer != 0 ? "pauses"
           : service->has_finished      ? "finished"
                                        : "dead";
}

/* ---- its beginning ------------------------------------------------------ */

/* A driver finds its device by the device tree, and may know where its pages
 * are, if the keeper itself may. */
static void order_for_driver(struct child_order *order)
{
    order->mask = keeper.parent.mask;
    order->device_tree = keeper.parent.start->device_tree;
}

/* False: refused, in words, and the child is gone. */
static bool give_device(struct service *service)
{
    struct parent *parent = &keeper.parent;
    parent_learn_devices(parent);
    struct device *device = device_at_line(&parent->devices, service->line);
    if (service->line == 0 ||
        (device != NULL && child_lend(parent, service->child, device))) {
        return true;
    }
    say("%s is not run: %s", service->name,
        device != NULL ? parent->refusal
                       : "the keeper has no device at that line; `devices` "
                         "lists those that it has");
    child_remove(parent, service->child);
    service->child = NULL;
    return false;
}

bool service_begin(struct service *service)
{
    struct parent *parent = &keeper.parent;
    uint64_t number = number_of(service);
    struct child_order order = {
        .name = service->name,
        .number = &number,
        .bytes = service->bytes,
        .buffers = service->buffers,
        .processes = service->processes,
        .mask = parent->mask & ~KERNE_MASK_BIT(KERNE_physical_address),
    };
    if (service->line != 0) { order_for_driver(&order); }
    order.tables = child_tables(&order);
    service->child = parent_make(parent, service->program, &order);
    if (service->child == NULL || !give_device(service)) { return false; }
    child_start(parent, service->child);
    service->since = kerne_get_clock();
    return true;
}

static void begin_anew(struct service *service)
{
    if (!service_begin(service)) {
        say("  so %s stays dead; `forget %s`, then `keep`"
            " it with what it needs",
            service->name, service->name);
    }
}

static void begin_later(struct service *service, uint64_t pause)
{
    struct kerne_words delay = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                   kerne_ticks(pause) } };
    uint64_t result =
        kerne_send_message(keeper.parent.clock, &delay, &service->pause_buffer);
    if (result != KERNE_r_normal) {
        service->pause_buffer = 0;
        say("  %s stays dead: no message to the clock: %s", service->name,
            kerne_result_text(result));
    } else if (!service->rule.quietly) {
        say("  it is started anew in %s", words_of_time(pause).is);
    }
}

bool service_pause_over(const struct kerne_received *received)
{
    struct service *service = keeper.service;
    while (service->pause_buffer != received->buffer) {
        if (++service == keeper.service + SERVICES) { return false; }
    }
    service->pause_buffer = 0;
    if (KERNE_EVENT_RESULT(received->event) != KERNE_r_normal) {
        say("%s stays dead: no clock answers", service->name);
        return true;
    }
    if (!service->rule.quietly) { say("%s is started anew", service->name); }
    begin_anew(service);
    return true;
}

/* ---- its end ------------------------------------------------------------ */

static void follow_rule(struct service *service)
{
    uint64_t pause, now = kerne_get_clock();
    if (!rule_decide(&service->rule, &service->history, kerne_microseconds(now),
                     kerne_microseconds(now - service->since), &pause)) {
        char rule[RULE_BYTES];
        rule_text(&service->rule, rule);
        say("  %s stays dead, by its rule:%s", service->name, rule);
    } else if (pause == 0) {
        begin_anew(service);
    } else {
        begin_later(service, pause);
    }
}

void service_ended(struct child *child)
{
    struct service *service = &keeper.service[child->number - SERVICE_NUMBER];
    service->has_finished =
        child->state == CHILD_FINISHED && child->status == 0;
    post_mortem_take(&service->post_mortem, child, service->rule.with_storage);
    if (!service->rule.quietly || service->has_finished) {
        say("%s %s", service->name, service->post_mortem.how);
    }
    child_remove(&keeper.parent, service->child);
    service->child = NULL;
    if (!service->has_finished) {
        service->deaths++;
        follow_rule(service);
    }
}

void service_forget(struct service *service)
{
    if (service->child != NULL) {
        child_remove(&keeper.parent, service->child);
    }
    if (service->pause_buffer != 0) {
        (void)kerne_regret_message(service->pause_buffer);
    }
    post_mortem_drop(&service->post_mortem);
    if (keeper.door == service) { keeper.door = NULL; }
    *service = (struct service){ .child = NULL };
}
