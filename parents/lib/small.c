#include "small.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- what there is ------------------------------------------------------ */

void small_begin(struct small *small)
{
    const struct kerne_start *start = kerne_start_record;
    small->image = archive_lent(start);
    storage_begin_with(&small->storage, start);
    if (kerne_look_up("console", &small->console) != KERNE_r_normal) {
        small->console = KERNE_PARENT;
    }
    if (kerne_look_up("clock", &small->clock) != KERNE_r_normal) {
        small->clock = KERNE_VACANT;
    }
    if (small->image.size == 0) {
        kerne_give_up("it has no image to take programs from; under s, say "
                      "`image` before `run`");
    }
}

void small_say(const struct small *small, const char *format, ...)
{
    char line[KERNE_LINE_BYTES];
    size_t taken;
    va_list list;
    va_start(list, format);
    (void)vsnprintf(line, sizeof line - 1, format, list);
    va_end(list);
    strcat(line, "\n");
    (void)kerne_output(small->console, line, strlen(line), &taken);
}

struct child *small_present(struct small *small, const char *name,
                            uint64_t server)
{
    struct child *child = NULL;
    uint64_t result =
        child_create_pseudo(&small->children, name, server, &child);
    if (result != KERNE_r_normal) {
        kerne_give_up("it cannot present `%s`: %s", name,
                      kerne_result_text(result));
    }
    return child;
}

bool small_is_for(const struct kerne_received *received,
                  const struct child *name)
{
    return received->sender & KERNE_SENDER_PSEUDO &&
           KERNE_SENDER_ADDRESSED(received->sender) == name->number;
}

/* ---- events ------------------------------------------------------------- */

uint64_t small_remove(struct small *small, struct child *child)
{
    struct devices none = { .count = 0 };
    return child_remove(child, &small->storage, &none);
}

static void report(struct small *small, const struct parent_event *event)
{
    const struct child *child = event->child;
    if (event->kind == PARENT_FINISHED) {
        small_say(small, "%s finished, status %ld", child->name,
                  (long)child->status);
    } else {
        small_say(small, "%s %s: %s", child->name,
                  event->kind == PARENT_BROKE ? "broke" : "gave up",
                  event->text[0] == '\0' ? "it did not say why" : event->text);
    }
    if (event->kind != PARENT_FINISHED || child->status != 0) {
        small->status = 1;
    }
}

static void ended(struct small *small, const struct parent_event *event)
{
    if (small->ended == NULL || !small->ended(small, event)) {
        report(small, event);
        small_remove(small, event->child);
    }
}

void small_event(struct small *small, const struct kerne_received *received)
{
    static const struct kerne_words nothing;
    struct parent_event event;
    if (KERNE_EVENT_KIND(received->event) == KERNE_ANSWER) { return; }
    parent_message(&small->children, received, &event);
    if (small->edit != NULL && event.kind != PARENT_HANDLED &&
        event.kind != PARENT_OTHERS) {
        small->edit(event.text, strlen(event.text));
    }
    switch (event.kind) {
    case PARENT_HANDLED: break;
    case PARENT_TEXT:
        small_say(small, "%s: %s", event.child->name, event.text);
        parent_text_printed(event.child);
        break;
    case PARENT_FINISHED:
    case PARENT_GAVE_UP:
    case PARENT_BROKE: ended(small, &event); break;
    case PARENT_OTHERS:
        kerne_send_answer(received->buffer, KERNE_r_unintelligible, &nothing);
        break;
    }
}

bool small_has_work(const struct small *small)
{
    for (unsigned i = 0; i < CHILDREN_MAX; i++) {
        if (small->children.table[i].state == CHILD_STARTED) { return true; }
    }
    return false;
}

int small_serve(struct small *small)
{
    static const struct kerne_words nothing;
    while (small_has_work(small)) {
        struct kerne_received received = kerne_serve(0, 0, &nothing);
        if (small->event == NULL || !small->event(small, &received)) {
            small_event(small, &received);
        }
    }
    return small->status;
}
