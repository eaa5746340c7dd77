/* How a service ends, and what then becomes of it: see service.h. */
#include "service.h"

#include <program.h>
#include <stdio.h>

/* ---- its death ---------------------------------------------------------- */

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
    char text[RULE_BYTES];
    rule_pause_text(pause, text);
    if (result != KERNE_r_normal) {
        service->state = SERVICE_DEAD;
        say("  %s stays dead: no message to the clock: "
            "%s",
            service->name, kerne_result_text(result));
        return;
    }
    service->state = SERVICE_PAUSES;
    if (!service->rule.quietly) { say("  it is started anew in %s", text); }
}

static void stays_dead(struct service *service)
{
    char rule[RULE_BYTES];
    rule_text(&service->rule, rule);
    service->state = SERVICE_DEAD;
    say("  %s stays dead, by its rule: %s", service->name, rule);
}

static void follow_rule(struct service *service)
{
    uint64_t pause;
    uint64_t now = kerne_get_clock();
    if (!rule_decide(&service->rule, &service->history, kerne_microseconds(now),
                     kerne_microseconds(now - service->since), &pause)) {
        stays_dead(service);
    } else if (pause == 0) {
        begin_anew(service);
    } else {
        begin_later(service, pause);
    }
}

void service_ended(const struct parent_event *event)
{
    struct service *service = service_of(event->child);
    bool done = event->kind == PARENT_FINISHED && event->child->status == 0;
    char how[PARENT_ENDING_BYTES];
    parent_ending(event, how);
    service->deaths += !done;
    if (!service->rule.quietly || done) { say("%s %s", service->name, how); }
    post_mortem_take(&service->post_mortem, service->child, how,
                     service->rule.with_storage);
    service_remove(service);
    if (done) {
        service->state = SERVICE_DONE;
    } else {
        follow_rule(service);
    }
}

static void pause_over(struct service *service)
{
    if (!service->rule.quietly) { say("%s is started anew", service->name); }
    begin_anew(service);
}

bool service_pause_over(const struct kerne_received *received)
{
    for (unsigned i = 0; i < SERVICES; i++) {
        struct service *service = &keeper.service[i];
        if (service->state == SERVICE_PAUSES &&
            service->pause_buffer == received->buffer) {
            if (KERNE_EVENT_RESULT(received->event) == KERNE_r_normal) {
                pause_over(service);
                return true;
            }
            service->state = SERVICE_DEAD;
            say("%s stays dead: no clock answers", service->name);
            return true;
        }
    }
    return false;
}

void service_forget(struct service *service)
{
    if (service->state == SERVICE_RUNS) { service_remove(service); }
    if (service->state == SERVICE_PAUSES) {
        (void)kerne_regret_message(service->pause_buffer);
    }
    post_mortem_drop(&service->post_mortem);
    if (keeper.door == service) { keeper.door = NULL; }
    *service = (struct service){ .state = SERVICE_NONE };
}
