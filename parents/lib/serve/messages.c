#include "messages.h"

#include "clock_break.h"

#include <stdio.h>

/* ---- text --------------------------------------------------------------- */

static void make_printable(char *text, uint64_t length)
{
    while (length > 0 &&
           (text[length - 1] == '\n' || text[length - 1] == '\r' ||
            text[length - 1] == '\0')) {
        length--;
    }
    text[length] = '\0';
    for (uint64_t i = 0; i < length; i++) {
        if (text[i] < ' ' || text[i] > '~') {
            text[i] = text[i] == '\t' ? ' ' : '?';
        }
    }
}

bool parent_copy_text(const struct kerne_received *received,
                      char ret_text[KERNE_TEXT_BYTES + 1], uint64_t *ret_bytes)
{
    uint64_t first = received->words.w[KERNE_WORD_FIRST];
    uint64_t last = received->words.w[KERNE_WORD_LAST];
    uint64_t length = last > first ? last - first : 0;
    uint64_t copied = 0;
    length = length < KERNE_TEXT_BYTES ? length : KERNE_TEXT_BYTES;
    uint64_t result = kerne_general_copy(received->buffer, KERNE_FETCH, 0,
                                         ret_text, length, &copied);
    bool sound = result == KERNE_r_normal && copied <= length;
    *ret_bytes = sound ? copied : 0;
    make_printable(ret_text, *ret_bytes);
    return sound;
}

static void answer(const struct kerne_received *received, uint64_t result,
                   uint64_t bytes)
{
    struct kerne_words words = { { 0, bytes } };
    kerne_send_answer(received->buffer, result, &words);
}

void parent_text_printed(struct child *child)
{
    struct kerne_received held = { .buffer = child->text_buffer };
    child->text_buffer = 0;
    answer(&held, KERNE_r_normal, child->text_bytes);
}

void parent_ending(const struct parent_event *event,
                   char ret_how[PARENT_ENDING_BYTES])
{
    if (event->kind == PARENT_FINISHED) {
        snprintf(ret_how, PARENT_ENDING_BYTES, "finished, status %ld",
                 (long)event->child->status);
    } else {
        snprintf(ret_how, PARENT_ENDING_BYTES, "%s: %s",
                 event->kind == PARENT_BROKE ? "broke" : "gave up",
                 event->text[0] == '\0' ? "it did not say why" : event->text);
    }
}

/* ---- the messages ------------------------------------------------------- */

static enum parent_message text(struct child *child,
                                const struct kerne_received *received,
                                struct parent_event *event)
{
    if (child->text_buffer != 0) {
        answer(received, KERNE_r_rejected, 0);
        return PARENT_HANDLED;
    }
    if (!parent_copy_text(received, event->text, &child->text_bytes)) {
        answer(received, KERNE_r_malfunction, 0);
        return PARENT_HANDLED;
    }
    child->text_buffer = received->buffer;
    return PARENT_TEXT;
}

/* Finis and give up: the last message of a child.  It is stopped before it is
 * answered, so it does not go on; and its parent, having answered, does not go
 * on at its expense.  What it sent beside that says it again is refused. */
static enum parent_message end(struct child *child,
                               const struct kerne_received *received,
                               enum child_state state)
{
    if (child->state == CHILD_FINISHED || child->state == CHILD_GAVE_UP) {
        answer(received, KERNE_r_rejected, 0);
        return PARENT_HANDLED;
    }
    kerne_stop(child->reference);
    answer(received, KERNE_r_normal, 0);
    child->state = state;
    return state == CHILD_FINISHED ? PARENT_FINISHED : PARENT_GAVE_UP;
}

static enum parent_message message(struct child *child,
                                   const struct kerne_received *received,
                                   struct parent_event *event)
{
    uint64_t bytes;
    switch (received->words.w[KERNE_WORD_OPERATION] >> 2) {
    case KERNE_SENSE:
        answer(received, KERNE_r_normal, 0);
        return PARENT_HANDLED;
    case KERNE_OUTPUT: return text(child, received, event);
    case KERNE_FINIS:
        child->status = received->words.w[KERNE_WORD_FIRST];
        return end(child, received, CHILD_FINISHED);
    case KERNE_GIVE_UP:
        parent_copy_text(received, event->text, &bytes);
        return end(child, received, CHILD_GAVE_UP);
    default: return PARENT_OTHERS;
    }
}

static enum parent_message child_broke(struct child *child,
                                       const struct kerne_received *received,
                                       struct parent_event *event)
{
    if (clock_break_pass_up(received, child->reference)) {
        return PARENT_HANDLED;
    }
    break_words(received, child->reference, event->text, sizeof event->text);
    break_keep_stopped(received);
    child->state = CHILD_BROKEN;
    return PARENT_BROKE;
}

void parent_message(struct children *children,
                    const struct kerne_received *received,
                    struct parent_event *ret_event)
{
    uint64_t address = KERNE_SENDER_ADDRESS(received->sender);
    bool is_break = KERNE_EVENT_KIND(received->event) == KERNE_BREAK;
    struct child *child =
        address < KERNE_CHILDREN ? child_numbered(children, address) : NULL;
    ret_event->child = child;
    ret_event->text[0] = '\0';
    if (is_break && break_passed_down(received)) {
        ret_event->kind = PARENT_HANDLED;
    } else if (child == NULL) {
        ret_event->kind = PARENT_OTHERS;
    } else if (is_break) {
        ret_event->kind = child_broke(child, received, ret_event);
    } else if (received->sender & (KERNE_SENDER_INSIDE | KERNE_SENDER_PSEUDO)) {
        ret_event->kind = PARENT_OTHERS;
    } else {
        ret_event->kind = message(child, received, ret_event);
    }
}
