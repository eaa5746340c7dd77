/*
 * keeper: keeps programs running, each by a rule of its own.
 *
 * Its arguments are commands, apart by commas; further ones come from its
 * console.  It waits for nothing but the next event: a pause is an answer of
 * the clock.
 */
#include "command.h"
#include "forwarder.h"
#include "service.h"

struct keeper keeper;

static void line(struct parent *parent, uint64_t bytes)
{
    command_perform(parent->console.input, bytes, true);
}

static bool ended(struct parent *parent, const struct parent_event *event)
{
    (void)parent;
    service_ended(event);
    return true;
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    (void)parent;
    uint64_t kind = KERNE_EVENT_KIND(received->event);
    if (kind == KERNE_ANSWER) {
        return service_pause_over(received) || forwarder_answer(received);
    }
    bool from_outside = kind == KERNE_MESSAGE &&
                        KERNE_SENDER_ADDRESS(received->sender) >> 16 != 0;
    if (from_outside) { forwarder_message(received); }
    return from_outside;
}

/* The arguments are commands, apart by commas. */
static void perform_arguments(const char *arguments)
{
    while (*arguments != '\0') {
        size_t length = strcspn(arguments, ",");
        command_perform(arguments, length, false);
        arguments += length + (arguments[length] == ',');
    }
}

int main(void)
{
    struct parent *parent = &keeper.parent;
    parent->line = line;
    parent->event = event;
    parent->ended = ended;
    parent_begin(parent);
    parent_needs_image(parent);
    parent_present(parent, "console", parent->console.address);
    parent_present(parent, "clock", parent->clock);
    say("keeper: keeps programs by rules; `help` lists the "
        "commands");
    perform_arguments(parent->start->arguments);
    while (!keeper.ending &&
           (console_hears(&parent->console) || service_any_lives())) {
        console_ask(&parent->console);
        parent_serve_one(parent);
    }
    for (unsigned i = 0; i < SERVICES; i++) {
        if (keeper.service[i].state != SERVICE_NONE) {
            service_forget(&keeper.service[i]);
        }
    }
    return 0;
}
