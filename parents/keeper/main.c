/*
 * keeper: keeps programs running, each by a rule of its own.
 *
 * Its arguments are commands, apart by commas; further ones come from its
 * console.  It waits for nothing but the next event: a pause is an answer of
 * the clock.
 */
#include "command.h"
#include "door.h"
#include "ward.h"

#include <program.h>

#define RETRY_MICROSECONDS 100000

static struct keeper keeper;

/* ---- lines -------------------------------------------------------------- */

static struct {
    uint64_t buffer; /* of the message that asks for a line; 0: none */
    bool deaf;       /* the console does not know what a line is */
    bool pauses;     /* the message is to the clock: ask again after it */
    char line[KERNE_LINE_BYTES];
} ear;

static void listen(void)
{
    struct kerne_words message =
        kerne_area(KERNE_INPUT, KERNE_GRANT_WRITE, ear.line, sizeof ear.line);
    ear.pauses = false;
    if (kerne_send_message(keeper.small.console, &message, &ear.buffer) !=
        KERNE_r_normal) {
        ear.buffer = 0;
        ear.deaf = true;
        small_say(&keeper.small, "the keeper has no message buffer left to "
                                 "listen with, and hears no more");
    }
}

static void listen_later(void)
{
    struct kerne_words delay = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                   kerne_ticks(RETRY_MICROSECONDS) } };
    ear.pauses = true;
    ear.deaf = kerne_send_message(keeper.small.clock, &delay, &ear.buffer) !=
               KERNE_r_normal;
}

/* A console that answers with nothing, not even an empty line, is asked later:
 * a keeper that never waits leaves its wards no time. */
static void heard(const struct kerne_received *received)
{
    uint64_t bytes = received->words.w[1];
    uint64_t result = KERNE_EVENT_RESULT(received->event);
    ear.buffer = 0;
    if (ear.pauses) {
        ear.deaf = result != KERNE_r_normal;
    } else if (result == KERNE_r_normal && bytes > 0) {
        command_perform(&keeper, ear.line,
                        bytes < sizeof ear.line ? bytes : sizeof ear.line,
                        true);
    } else if (result == KERNE_r_unintelligible) {
        ear.deaf = true;
    } else {
        listen_later();
        return;
    }
    if (!ear.deaf) { listen(); }
}

/* ---- events ------------------------------------------------------------- */

static bool ended(struct small *small, const struct parent_event *event)
{
    (void)small;
    ward_ended(&keeper, event);
    return true;
}

static bool answered(const struct kerne_received *received)
{
    if (received->buffer == ear.buffer) {
        heard(received);
        return true;
    }
    return ward_pause_over(&keeper, received) || door_answer(received);
}

static void event(const struct kerne_received *received)
{
    uint64_t kind = KERNE_EVENT_KIND(received->event);
    if (kind == KERNE_ANSWER) {
        (void)answered(received);
    } else if (kind == KERNE_MESSAGE &&
               KERNE_SENDER_ADDRESS(received->sender) >> 16 != 0) {
        door_message(&keeper, received);
    } else {
        small_event(&keeper.small, received);
    }
}

/* ---- its life ----------------------------------------------------------- */

/* The arguments are commands, apart by commas. */
static void perform_arguments(const char *arguments)
{
    while (*arguments != '\0') {
        size_t length = strcspn(arguments, ",");
        command_perform(&keeper, arguments, length, false);
        arguments += length + (arguments[length] == ',');
    }
}

int main(void)
{
    static const struct kerne_words nothing;
    small_begin(&keeper.small);
    keeper.small.ended = ended;
    small_present(&keeper.small, "console", keeper.small.console);
    small_present(&keeper.small, "clock", keeper.small.clock);
    small_say(&keeper.small, "keeper: keeps programs by rules; `help` lists "
                             "the commands");
    perform_arguments(kerne_start_record->arguments);
    listen();
    while (!keeper.ending && (!ear.deaf || ward_any_lives(&keeper))) {
        struct kerne_received received = kerne_serve(0, 0, &nothing);
        event(&received);
    }
    for (unsigned i = 0; i < WARDS; i++) {
        if (keeper.ward[i].state != WARD_NONE) {
            ward_forget(&keeper, &keeper.ward[i]);
        }
    }
    return 0;
}
