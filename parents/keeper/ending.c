/* How a ward ends, and what then becomes of it: see ward.h. */
#include "ward.h"

#include <program.h>
#include <stdio.h>

/* ---- its death ---------------------------------------------------------- */

/* Who serves a message of the removed one learns of its removal with the next
 * message at the latest; then its buffers are free again.  The console is told
 * who it was, for the lines that it keeps for it. */
static void remove_child(struct keeper *keeper, struct ward *ward)
{
    struct kerne_words answer;
    uint64_t name[2] = { 0, 0 };
    memcpy(name, ward->child->name, sizeof name);
    small_remove(&keeper->small, ward->child);
    ward->child = NULL;
    (void)kerne_ask(keeper->small.console, KERNE_SENSE, name[0], name[1],
                    &answer);
}

static void begin_anew(struct keeper *keeper, struct ward *ward)
{
    if (!ward_begin(keeper, ward)) {
        small_say(&keeper->small,
                  "  so %s stays dead; `forget %s`, then `keep`"
                  " it with what it needs",
                  ward->name, ward->name);
    }
}

static void begin_later(struct keeper *keeper, struct ward *ward,
                        uint64_t pause)
{
    struct kerne_words delay = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                   kerne_ticks(pause) } };
    uint64_t result =
        kerne_send_message(keeper->small.clock, &delay, &ward->pause_buffer);
    char text[RULE_BYTES];
    rule_pause_text(pause, text);
    if (result != KERNE_r_normal) {
        ward->state = WARD_DEAD;
        small_say(&keeper->small,
                  "  %s stays dead: no message to the clock: "
                  "%s",
                  ward->name, kerne_result_text(result));
        return;
    }
    ward->state = WARD_PAUSES;
    if (!ward->rule.quietly) {
        small_say(&keeper->small, "  it is started anew in %s", text);
    }
}

static void stays_dead(struct keeper *keeper, struct ward *ward)
{
    char rule[RULE_BYTES];
    rule_text(&ward->rule, rule);
    ward->state = WARD_DEAD;
    small_say(&keeper->small, "  %s stays dead, by its rule: %s", ward->name,
              rule);
}

static void follow_rule(struct keeper *keeper, struct ward *ward)
{
    uint64_t pause;
    uint64_t now = kerne_get_clock();
    if (!rule_decide(&ward->rule, &ward->history, kerne_microseconds(now),
                     kerne_microseconds(now - ward->since), &pause)) {
        stays_dead(keeper, ward);
    } else if (pause == 0) {
        begin_anew(keeper, ward);
    } else {
        begin_later(keeper, ward, pause);
    }
}

static void how_it_ended(const struct parent_event *event,
                         char ret_how[REMAINS_HOW_BYTES])
{
    if (event->kind == PARENT_FINISHED) {
        snprintf(ret_how, REMAINS_HOW_BYTES, "finished, status %ld",
                 (long)event->child->status);
    } else {
        snprintf(ret_how, REMAINS_HOW_BYTES, "%s: %s",
                 event->kind == PARENT_BROKE ? "broke" : "gave up",
                 event->text[0] == '\0' ? "it did not say why" : event->text);
    }
}

void ward_ended(struct keeper *keeper, const struct parent_event *event)
{
    struct ward *ward = ward_of(keeper, event->child);
    bool done = event->kind == PARENT_FINISHED && event->child->status == 0;
    char how[REMAINS_HOW_BYTES];
    how_it_ended(event, how);
    ward->deaths += !done;
    if (!ward->rule.quietly || done) {
        small_say(&keeper->small, "%s %s", ward->name, how);
    }
    remains_take(&keeper->small, &ward->remains, ward->child, how,
                 ward->rule.with_storage);
    remove_child(keeper, ward);
    if (done) {
        ward->state = WARD_DONE;
    } else {
        follow_rule(keeper, ward);
    }
}

static void pause_over(struct keeper *keeper, struct ward *ward)
{
    if (!ward->rule.quietly) {
        small_say(&keeper->small, "%s is started anew", ward->name);
    }
    begin_anew(keeper, ward);
}

bool ward_pause_over(struct keeper *keeper,
                     const struct kerne_received *received)
{
    for (unsigned i = 0; i < WARDS; i++) {
        struct ward *ward = &keeper->ward[i];
        if (ward->state == WARD_PAUSES &&
            ward->pause_buffer == received->buffer) {
            if (KERNE_EVENT_RESULT(received->event) == KERNE_r_normal) {
                pause_over(keeper, ward);
                return true;
            }
            ward->state = WARD_DEAD;
            small_say(&keeper->small, "%s stays dead: no clock answers",
                      ward->name);
            return true;
        }
    }
    return false;
}

void ward_forget(struct keeper *keeper, struct ward *ward)
{
    if (ward->state == WARD_RUNS) { remove_child(keeper, ward); }
    if (ward->state == WARD_PAUSES) {
        (void)kerne_regret_message(ward->pause_buffer);
    }
    remains_drop(&keeper->small, &ward->remains);
    if (keeper->door == ward) { keeper->door = NULL; }
    *ward = (struct ward){ .state = WARD_NONE };
}
