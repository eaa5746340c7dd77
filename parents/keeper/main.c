/*
 * keeper: keeps programs running, each by a rule of its own.
 *
 * Its arguments are commands, apart by commas; further ones come from its
 * console.  It waits for nothing but the next event: a pause is an answer of
 * the clock.
 */
#include "command.h"
#include "service.h"

#include <relay.h>

struct keeper keeper;

/* ---- from outside ------------------------------------------------------- */

/*
 * The inside of an operating system cannot be addressed from outside: no name
 * that the keeper's parent declares can lead to a child of the keeper.  So the
 * keeper receives for the service behind the door, and passes on: the answer,
 * result 5 included, goes back as it came.
 *
 * False: there is no door; nor does the keeper understand it.
 */
static bool forward(const struct kerne_received *message)
{
    static const struct kerne_words nothing;
    struct accounts own;
    if (keeper.door == NULL) { return false; }
    if (accounts_read(0, &own) &&
        own.claim[KERNE_CLAIM_BUFFERS].free > keeper.parent.buffers_kept) {
        return relay_event(message, service_address(keeper.door), NULL);
    }
    kerne_send_answer(message->buffer, KERNE_r_rejected, &nothing); /* K4 */
    return true;
}

/* ---- hooks -------------------------------------------------------------- */

static void line(struct parent *parent, uint64_t bytes)
{
    command_perform(parent->console.input, bytes, true);
}

static bool ended(struct parent *parent, struct child *child)
{
    (void)parent;
    service_ended(child);
    return true;
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    (void)parent;
    switch ((enum kerne_event)KERNE_EVENT_KIND(received->event)) {
    case KERNE_MESSAGE:
        return KERNE_SENDER_ADDRESS(received->sender) >= KERNE_CHILDREN &&
               forward(received);
    case KERNE_ANSWER:
        return service_pause_over(received) ||
               relay_event(received, KERNE_VACANT, NULL);
    case KERNE_BREAK:
    case KERNE_NO_EVENT: break;
    }
    return false;
}

/* ---- beginning ---------------------------------------------------------- */

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
    parent->commands =
        "keep list devices print claims registers forget door end help";
    parent->event = event;
    parent->ended = ended;
    parent_begin(parent);
    parent_needs_image(parent);
    parent_present(parent, "console", parent->console.address);
    parent_present(parent, "clock", parent->clock);
    say("keeper: keeps programs by rules; `help` lists the commands");
    perform_arguments(parent->start->arguments);
    while (!keeper.ending &&
           (!parent->console.is_deaf || service_any_lives())) {
        parent_ask(parent);
        parent_serve_one(parent);
    }
    for (unsigned i = 0; i < SERVICES; i++) {
        service_forget(&keeper.service[i]);
    }
    return 0;
}
