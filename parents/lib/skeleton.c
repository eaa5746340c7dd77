#include "skeleton.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- what there is ------------------------------------------------------ */

/* Room for what a parent says that waits until it is printed. */
static char room[2 * KERNE_LINE_BYTES + KERNE_TEXT_BYTES];

void parent_begin(struct parent *parent)
{
    const struct kerne_start *start = kerne_start_record;
    struct kerne_process_record own;
    parent->start = start;
    if (parent->commands == NULL) { parent->commands = ""; }
    storage_begin(&parent->storage, start);
    devices_read(&parent->devices, start->device_tree);
    (void)kerne_describe_process(0, &own);
    memcpy(parent->name, own.name, sizeof parent->name);
    parent->mask = own.mask;
    if (parent->buffers_kept == 0) { parent->buffers_kept = PARENT_BUFFERS; }
    if (kerne_look_up("clock", &parent->clock) != KERNE_r_normal) {
        parent->clock = KERNE_VACANT;
    }
    struct console *console = &parent->console;
    if (console->text == NULL) {
        console->text = room;
        console->room = sizeof room;
    }
    console->clock = parent->clock;
    if (kerne_look_up("console", &console->address) != KERNE_r_normal) {
        console->address = KERNE_PARENT;
    }
}

void parent_needs_image(const struct parent *parent)
{
    const struct kerne_range *image = &parent->start->image;
    if (image->first >= image->last) {
        kerne_give_up("it has no image to take programs from; under s, say "
                      "`image` before `run`");
    }
}

void parent_say(struct parent *parent, const char *format, ...)
{
    char text[512];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof text, format, list);
    va_end(list);
    for (char *c = text; (c = strpbrk(c, "\n\t")) != NULL;) { *c = ' '; }
    console_say(&parent->console, text);
    if (!parent->is_hasty) { console_flush(&parent->console); }
}

bool parent_refuse(struct parent *parent, enum child_refusal refused,
                   const char *format, ...)
{
    va_list list;
    va_start(list, format);
    (void)vsnprintf(parent->refusal, sizeof parent->refusal, format, list);
    va_end(list);
    parent->refused = refused;
    return false;
}

struct child *parent_present(struct parent *parent, const char *name,
                             uint64_t server)
{
    struct child *child = NULL;
    if (!child_create_pseudo(parent, name, server, &child)) {
        kerne_give_up("%s", parent->refusal);
    }
    child->is_own = true;
    return child;
}

bool parent_is_for(const struct kerne_received *received,
                   const struct child *name)
{
    return received->sender & KERNE_SENDER_PSEUDO &&
           KERNE_SENDER_ADDRESS(received->sender) < KERNE_CHILDREN &&
           KERNE_SENDER_ADDRESSED(received->sender) == name->number;
}

/* ---- events ------------------------------------------------------------- */

void parent_report(struct parent *parent, const struct child *child)
{
    parent_say(parent, "%s %s", child->name, parent->ending);
    if (child->state != CHILD_FINISHED || child->status != 0) {
        parent->status = 1;
    }
}

void parent_event(struct parent *parent, const struct kerne_received *received)
{
    if (KERNE_EVENT_KIND(received->event) == KERNE_ANSWER) {
        uint64_t bytes = console_answer(&parent->console, received);
        console_send(&parent->console);
        if (bytes > 0 && parent->line != NULL) { parent->line(parent, bytes); }
    } else {
        parent_message(parent, received);
    }
    parent_answer_printed(parent);
}

void parent_ask(struct parent *parent)
{
    struct console *console = &parent->console;
    struct archive_member file;
    struct child *child = NULL;
    uint64_t at = 0;
    if (console->buffer[CONSOLE_INPUT] != 0) { return; }
    console_no_words(console);
    console_add_words(console, parent->commands);
    while ((child = child_next(&parent->children, child)) != NULL) {
        console_add_words(console, child->name);
    }
    while (archive_next(&parent->start->image, &at, &file) == ARCHIVE_MEMBER) {
        console_add_words(console, file.name);
    }
    console_ask(console);
}

void parent_serve_one(struct parent *parent)
{
    struct kerne_received received =
        kerne_serve(0, 0, &(struct kerne_words){ { 0 } });
    if (parent->event == NULL || !parent->event(parent, &received)) {
        parent_event(parent, &received);
    }
}

/* Does any child run? */
static bool has_work(struct parent *parent)
{
    struct child *child = child_next(&parent->children, NULL);
    while (child != NULL && child->state != CHILD_STARTED) {
        child = child_next(&parent->children, child);
    }
    return child != NULL;
}

int parent_serve(struct parent *parent)
{
    while (has_work(parent)) {
        if (parent->line != NULL) { parent_ask(parent); }
        parent_serve_one(parent);
    }
    return parent->status;
}
