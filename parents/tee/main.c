/*
 * tee PROGRAM ARGUMENTS, PROGRAM ARGUMENTS, ...: an operating system whose
 * children talk to the console and the clock as ever, while it passes every
 * message on, and every answer back, and prints both.
 *
 * CHECKIO of 1970 did so for one device.  Here it is a parent, so its children
 * cannot go round it: they see no other console and no other clock.
 */
#include <quote.h>
#include <skeleton.h>
#include <stdio.h>

static struct parent tee;
static struct child *console;
static struct child *clock;
static char room[16 * KERNE_LINE_BYTES]; /* for what it says */

/* ---- what it prints ------------------------------------------------------ */

/* Of the clock the words matter, not an area. */
static void clock_text(const struct relay *relay, char *ret_text, size_t bytes)
{
    uint64_t operation = kerne_operation_of(&relay->client.words);
    unsigned long word = relay->words.w[KERNE_WORD_TIME];
    if (relay->result != 0) {
        snprintf(ret_text, bytes, "answered %u at %lu", (unsigned)relay->result,
                 word);
    } else if (operation == KERNE_CLOCK_DELAY ||
               operation == KERNE_CLOCK_UNTIL) {
        snprintf(ret_text, bytes, "%s %lu",
                 operation == KERNE_CLOCK_DELAY ? "delay" : "until", word);
    } else {
        quote_relay(relay, ret_text, bytes);
    }
}

static void print(struct relay *relay)
{
    char sender[32];
    char text[KERNE_LINE_BYTES / 2];
    bool is_for_clock = parent_is_for(&relay->client, clock);
    kerne_sender_text(&relay->client, sender, sizeof sender);
    if (is_for_clock) {
        clock_text(relay, text, sizeof text);
    } else {
        quote_relay(relay, text, sizeof text);
    }
    parent_say(&tee, "%s, %s: %s", sender, is_for_clock ? "clock" : "console",
               text);
}

/* ---- passing on ---------------------------------------------------------- */

static bool event(struct parent *parent, const struct kerne_received *received)
{
    bool is_for_clock = parent_is_for(received, clock);
    if (KERNE_EVENT_KIND(received->event) == KERNE_MESSAGE && !is_for_clock &&
        !parent_is_for(received, console)) {
        return false;
    }
    bool is_taken =
        is_for_clock
            ? relay_event(received, parent->clock, print)
            : relay_console_event(received, parent->console.address, print);
    /* The console prints nothing meanwhile: to wait for that is no use. */
    parent->is_hasty = relay_is_raw();
    console_send(&parent->console);
    return is_taken;
}

int main(int argc, char **argv)
{
    tee.event = event;
    tee.console.text = room;
    tee.console.room = sizeof room;
    parent_begin(&tee);
    console = parent_present(&tee, "console", KERNE_SELF);
    clock = parent_present(&tee, "clock", KERNE_SELF);
    parent_run_all(&tee, argc, argv);
    return parent_serve(&tee);
}
