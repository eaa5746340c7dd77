/*
 * jail -WORD -WORD PROGRAM ARGUMENTS, PROGRAM ARGUMENTS, ...: an operating
 * system whose children see nothing but each other and a console, which is
 * censored: each WORD is made of asterisks, both ways.
 *
 *   J1  what leaves has passed the censor: see censor.h
 *   J2  there is no time: no clock, and who asks is told that it is 0
 *   J3  what a prisoner tries is reported, but only so often
 */
#include "censor.h"

#include <clock_break.h>
#include <skeleton.h>

#define REPORTS 5 /* of what one prisoner tries */

static struct parent jail;
static struct child *console;
static unsigned reported[KERNE_CHILDREN];

/* Functions that it answers itself. */
static const struct {
    uint64_t function;
    uint64_t result;
    const char *told;
} withheld[] = {
    { KERNE_get_clock, KERNE_r_normal, "told that it is 0" },
    { KERNE_set_share, KERNE_r_normal, "told that it is done" },
    { KERNE_set_interrupt, KERNE_r_bad_argument, "refused" },
    { KERNE_include_user, KERNE_r_not_user, "refused" },
    { KERNE_exclude_user, KERNE_r_not_user, "refused" },
    { KERNE_physical_address, KERNE_r_bad_address, "refused" },
};
#define WITHHELD (sizeof withheld / sizeof withheld[0])

static void report(const struct child *child, const char *what,
                   const char *told)
{
    unsigned *count = &reported[child->number];
    if (*count < REPORTS) {
        parent_say(&jail, "%s tries %s: %s%s", child->name, what, told,
                   *count + 1 < REPORTS ? "" : "; no more of it is reported");
        ++*count;
    }
}

/* ---- the console -------------------------------------------------------- */

static bool pass_message(const struct kerne_received *message,
                         const struct child *child)
{
    static const struct kerne_words nothing;
    switch (message->words.w[KERNE_WORD_OPERATION]) {
    case KERNE_OPERATION(KERNE_SENSE, 0):
    case KERNE_OPERATION(KERNE_OUTPUT, KERNE_GRANT_READ):
    case KERNE_OPERATION(KERNE_INPUT, KERNE_GRANT_WRITE):
    case KERNE_OPERATION(KERNE_INPUT, KERNE_GRANT_READ | KERNE_GRANT_WRITE):
        return relay_console_event(message, jail.console.address, censor);
    default: break;
    }
    kerne_send_answer(message->buffer, KERNE_r_unintelligible, &nothing);
    report(child, "a strange message to the console", "refused");
    return true;
}

/* ---- breaks -------------------------------------------------------------- */

static bool answer_break(const struct kerne_received *received,
                         const struct child *child)
{
    const uint64_t *w = received->words.w;
    if (w[KERNE_WORD_BREAK] != KERNE_BREAK_CALL) {
        bool asks = clock_break_asks(received) != CLOCK_ASKED_NOT;
        if (asks) {
            clock_break_answer(received, child->reference, 0);
            report(child, "to read a counter", "told that it is 0");
        }
        return asks;
    }
    for (size_t i = 0; i < WITHHELD; i++) {
        if (withheld[i].function == w[KERNE_WORD_FUNCTION]) {
            break_answer_call(received, child->reference, 0,
                              withheld[i].result);
            report(child, kerne_function_name(w[KERNE_WORD_FUNCTION]),
                   withheld[i].told);
            return true;
        }
    }
    return false;
}

/* ---- events -------------------------------------------------------------- */

static bool event(struct parent *parent, const struct kerne_received *received)
{
    const struct child *child = child_numbered(
        &parent->children, KERNE_SENDER_ADDRESS(received->sender));
    switch ((enum kerne_event)KERNE_EVENT_KIND(received->event)) {
    case KERNE_MESSAGE:
        return parent_is_for(received, console) &&
               pass_message(received, child);
    case KERNE_ANSWER:
        return relay_console_event(received, parent->console.address, censor);
    case KERNE_BREAK:
        return child != NULL && !(received->sender & KERNE_SENDER_INSIDE) &&
               answer_break(received, child);
    case KERNE_NO_EVENT: break;
    }
    return false;
}

/* Its number is the next prisoner's. */
static bool ended(struct parent *parent, struct child *child)
{
    (void)parent;
    reported[child->number] = 0;
    return false;
}

int main(int argc, char **argv)
{
    jail.event = event;
    jail.ended = ended;
    jail.edit = censor_text;
    jail.withheld = KERNE_MASK_COUNTERS;
    for (size_t i = 0; i < WITHHELD; i++) {
        jail.withheld |= KERNE_MASK_BIT(withheld[i].function);
    }
    int words = censor_begin(argc, argv);
    parent_begin(&jail);
    console = parent_present(&jail, "console", KERNE_SELF);
    parent_run_all(&jail, argc - words, argv + words);
    return parent_serve(&jail);
}
