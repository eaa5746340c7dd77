#include "messages.h"

#include "clock_break.h"

#include <skeleton.h>
#include <stdio.h>

/* ---- text --------------------------------------------------------------- */

bool parent_copy_text(const struct kerne_received *received,
                      char ret_text[KERNE_TEXT_BYTES + 1], uint64_t *ret_bytes)
{
    uint64_t first = received->words.w[KERNE_WORD_FIRST];
    uint64_t last = received->words.w[KERNE_WORD_LAST];
    uint64_t length = last > first ? last - first : 0;
    uint64_t part = length < KERNE_TEXT_BYTES ? length : KERNE_TEXT_BYTES;
    uint64_t copied = 0;
    uint64_t result = kerne_general_copy(received->buffer, KERNE_FETCH, 0,
                                         ret_text, part, &copied);
    bool sound = result == KERNE_r_normal && copied <= part;
    if (!sound) { copied = 0; }
    if (copied < length) { copied = kerne_whole_text(ret_text, copied); }
    ret_text[copied] = '\0';
    uint64_t line = strcspn(ret_text, "\n");
    ret_text[line] = '\0';
    *ret_bytes = line < copied ? line + 1 : copied;
    return sound;
}

static void answer(uint64_t buffer, uint64_t result, uint64_t bytes)
{
    struct kerne_words words = { { 0, bytes } };
    kerne_send_answer(buffer, result, &words);
}

static void say_text(struct parent *parent, struct child *child,
                     const struct kerne_received *received)
{
    char text[KERNE_TEXT_BYTES + 1];
    if (child->text_buffer != 0) {
        answer(received->buffer, KERNE_r_rejected, 0);
    } else if (!parent_copy_text(received, text, &child->text_bytes)) {
        answer(received->buffer, KERNE_r_malfunction, 0);
    } else {
        if (parent->edit != NULL) { parent->edit(text, strlen(text)); }
        child->text_buffer = received->buffer;
        parent_say(parent, "%s: %s", child->name, text);
        child->text_end = parent->console.said;
    }
}

void parent_answer_printed(struct parent *parent)
{
    struct child *child = NULL;
    while ((child = child_next(&parent->children, child)) != NULL) {
        if (child->text_buffer != 0 &&
            parent->console.printed >= child->text_end) {
            answer(child->text_buffer, KERNE_r_normal, child->text_bytes);
            child->text_buffer = 0;
        }
    }
}

/* ---- ends --------------------------------------------------------------- */

void parent_ended(struct parent *parent, struct child *child,
                  enum child_state state, const char *why)
{
    child->state = state;
    if (state == CHILD_FINISHED) {
        snprintf(parent->ending, PARENT_ENDING_BYTES, "finished, status %ld",
                 (long)child->status);
    } else {
        snprintf(parent->ending, PARENT_ENDING_BYTES, "%s: %s",
                 state == CHILD_BROKEN ? "broke" : "gave up",
                 why[0] == '\0' ? "it did not say why" : why);
    }
    if (parent->edit != NULL) {
        parent->edit(parent->ending, strlen(parent->ending));
    }
    if (parent->ended == NULL || !parent->ended(parent, child)) {
        parent_report(parent, child);
        child_remove(parent, child);
    }
}

/* Finis and give up: the last message of a child.  It is stopped before it is
 * answered, so it does not go on; and its parent, having answered, does not go
 * on at its expense.  What it sent beside that says it again is refused. */
static void end(struct parent *parent, struct child *child,
                const struct kerne_received *received, enum child_state state)
{
    char why[KERNE_TEXT_BYTES + 1] = "";
    uint64_t bytes;
    if (child->state == CHILD_FINISHED || child->state == CHILD_GAVE_UP) {
        answer(received->buffer, KERNE_r_rejected, 0);
        return;
    }
    if (state == CHILD_GAVE_UP) { parent_copy_text(received, why, &bytes); }
    kerne_stop(child->reference);
    child->status = received->words.w[KERNE_WORD_FIRST];
    answer(received->buffer, KERNE_r_normal, 0);
    parent_ended(parent, child, state, why);
}

/* From now on it is its parent who holds it out, with all that is below it, and
 * start lets it try again at its pc as it then is.  Nothing is left to be
 * answered, so that what the parent does from now on is not done on the child's
 * account. */
static void broke(struct parent *parent, struct child *child,
                  const struct kerne_received *received)
{
    char how[KERNE_TEXT_BYTES];
    if (clock_break_pass_up(received, child->reference, parent->mask)) {
        return;
    }
    break_words(received, child->reference, how, sizeof how);
    kerne_send_answer(received->buffer, KERNE_r_normal,
                      &(struct kerne_words){ { KERNE_STAY } });
    parent_ended(parent, child, CHILD_BROKEN, how);
}

/* ---- the messages ------------------------------------------------------- */

static void message(struct parent *parent, struct child *child,
                    const struct kerne_received *received)
{
    switch (kerne_operation_of(&received->words)) {
    case KERNE_SENSE: answer(received->buffer, KERNE_r_normal, 0); break;
    case KERNE_OUTPUT: say_text(parent, child, received); break;
    case KERNE_FINIS: end(parent, child, received, CHILD_FINISHED); break;
    case KERNE_GIVE_UP: end(parent, child, received, CHILD_GAVE_UP); break;
    default: answer(received->buffer, KERNE_r_unintelligible, 0);
    }
}

void parent_message(struct parent *parent,
                    const struct kerne_received *received)
{
    uint64_t address = KERNE_SENDER_ADDRESS(received->sender);
    bool is_break = KERNE_EVENT_KIND(received->event) == KERNE_BREAK;
    struct child *child = child_numbered(&parent->children, address);
    if (is_break && break_passed_down(received)) { return; }
    if (child != NULL && is_break) {
        broke(parent, child, received);
    } else if (child != NULL && !(received->sender & (KERNE_SENDER_INSIDE |
                                                      KERNE_SENDER_PSEUDO))) {
        message(parent, child, received);
    } else {
        answer(received->buffer, KERNE_r_unintelligible, 0);
    }
}
