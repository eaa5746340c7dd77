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

/* ---- what it prints ------------------------------------------------------ */

static const char *name_of(const struct relay *relay)
{
    return parent_is_for(&relay->client, clock) ? "clock" : "console";
}

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

static void print(const struct relay *relay)
{
    char sender[32];
    char text[KERNE_LINE_BYTES / 2];
    kerne_sender_text(&relay->client, sender, sizeof sender);
    if (parent_is_for(&relay->client, clock)) {
        clock_text(relay, text, sizeof text);
    } else {
        quote_relay(relay, text, sizeof text);
    }
    parent_say(&tee, "%s, %s: %s", sender, name_of(relay), text);
}

/* ---- passing on ---------------------------------------------------------- */

static void pass_message(const struct kerne_received *message)
{
    struct relay *relay = relay_open(message);
    if (relay != NULL) {
        print(relay);
        relay_pass(relay, parent_is_for(message, clock) ? tee.clock
                                                        : tee.console.address);
    }
}

static void pass_answer(struct relay *relay)
{
    print(relay);
    relay_close(relay);
}

static bool is_for_us(const struct kerne_received *received)
{
    return KERNE_EVENT_KIND(received->event) == KERNE_MESSAGE &&
           (parent_is_for(received, console) || parent_is_for(received, clock));
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    (void)parent;
    struct relay *relay = KERNE_EVENT_KIND(received->event) == KERNE_ANSWER
                              ? relay_answered(received)
                              : NULL;
    if (relay != NULL) {
        pass_answer(relay);
    } else if (is_for_us(received)) {
        pass_message(received);
    } else {
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    tee.event = event;
    parent_begin(&tee);
    console = parent_present(&tee, "console", KERNE_SELF);
    clock = parent_present(&tee, "clock", KERNE_SELF);
    parent_run_all(&tee, argc, argv);
    return parent_serve(&tee);
}
