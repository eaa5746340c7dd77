#include "family.h"

#include "operator.h"
#include "terminal.h"

#include <program.h>

struct note *family_note(struct system *system, const struct child *child)
{
    return &system->note[child - system->children.table];
}

/* ---- their end ---------------------------------------------------------- */

/* The names that stand for a child that is about to go. */
static void withdraw_names(struct system *system, const struct child *child)
{
    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        struct child *name = &system->children.table[i];
        if (name->state != CHILD_PSEUDO ||
            name->server != KERNE_ADDRESS(0, child->number)) {
            continue;
        }
        if (name == system->presented_console) {
            terminal_present(system);
            console_say(&system->console, "console is the terminal again");
        } else {
            console_say(&system->console, "%s is nobody's name any more",
                        name->name);
            family_remove(system, name);
        }
    }
}

uint64_t family_remove(struct system *system, struct child *child)
{
    if (child->state != CHILD_PSEUDO && child != system->terminal) {
        withdraw_names(system, child);
    }
    char name[KERNE_NAME_BYTES];
    memcpy(name, child->name, sizeof name);
    uint64_t result = child_remove(child, &system->storage, &system->devices);
    if (result == KERNE_r_normal) {
        *family_note(system, child) = (struct note){ .keep = false };
        console_removed(&system->console, name);
        if (system->chosen == child) { system->chosen = NULL; }
    }
    return result;
}

/* ---- their messages ----------------------------------------------------- */

static void finished(struct system *system, struct child *child)
{
    bool stays = family_note(system, child)->keep;
    console_say(&system->console,
                stays ? "%s finished, status %ld; it stays until `proc %s "
                        "remove`"
                      : "%s finished, status %ld",
                child->name, (long)child->status, child->name);
    if (!stays) { family_remove(system, child); }
}

static void broke(struct system *system, const struct child *child,
                  const char *how, const char *text)
{
    console_say(&system->console, "%s %s: %s", child->name, how,
                text[0] == '\0' ? "it did not say why" : text);
    console_say(&system->console,
                "  it stays to be looked at: proc %s registers print remove",
                child->name);
}

/* The driver is gone: another one takes its place and its number. */
static void terminal_ended(struct system *system, const char *text)
{
    terminal_restart(system);
    console_say(&system->console,
                "terminal, the console's driver, ended (%s); s has started it "
                "anew",
                text[0] == '\0' ? "finished" : text);
}

static void child_event(struct system *system, const struct parent_event *event)
{
    struct child *child = event->child;
    bool ended = event->kind == PARENT_FINISHED ||
                 event->kind == PARENT_GAVE_UP || event->kind == PARENT_BROKE;
    if (ended && child == system->terminal) {
        terminal_ended(system, event->text);
        return;
    }
    switch (event->kind) {
    case PARENT_TEXT:
        console_say(&system->console, "%s: %s", child->name, event->text);
        family_note(system, child)->text_end = system->console.said;
        break;
    case PARENT_FINISHED: finished(system, child); break;
    case PARENT_GAVE_UP: broke(system, child, "gave up", event->text); break;
    case PARENT_BROKE: broke(system, child, "broke", event->text); break;
    case PARENT_HANDLED:
    case PARENT_OTHERS: break;
    }
}

static void message(struct system *system,
                    const struct kerne_received *received)
{
    struct parent_event event;
    parent_message(&system->children, received, &event);
    if (event.kind == PARENT_OTHERS) {
        struct kerne_words nothing = { { 0 } };
        kerne_send_answer(received->buffer, KERNE_r_unintelligible, &nothing);
        return;
    }
    child_event(system, &event);
}

/* Children whose text has been printed may send the next. */
static void answer_printed(struct system *system)
{
    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        struct child *child = &system->children.table[i];
        if (child->state != CHILD_NONE && child->text_buffer != 0 &&
            system->console.printed >= system->note[i].text_end) {
            parent_text_printed(child);
        }
    }
}

void family_event(struct system *system, const struct kerne_received *received)
{
    uint64_t bytes;
    if (KERNE_EVENT_KIND(received->event) != KERNE_ANSWER) {
        message(system, received);
        return;
    }
    switch (console_answer(&system->console, received, &bytes)) {
    case CONSOLE_LINE: operator_line(system, bytes); break;
    case CONSOLE_HANDLED: answer_printed(system); break;
    case CONSOLE_NOT_PASSED:
        if (!system->halting) {
            console_say(&system->console,
                        "the console does not bring you there: press ESC, and "
                        "type what then stands behind `from`");
        }
        break;
    case CONSOLE_OTHERS: break;
    }
}
