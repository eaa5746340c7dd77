/* A parent that is the console of its children. */
#include <skeleton.h>

static struct parent mine;
static struct child *console;

static uint64_t print(const struct kerne_received *message, uint64_t *ret_bytes)
{
    char sender[32], text[KERNE_TEXT_BYTES + 1];
    if (kerne_area_bytes(&message->words, KERNE_GRANT_READ) == 0 ||
        !parent_copy_text(message, text, ret_bytes)) {
        return KERNE_r_malfunction;
    }
    kerne_sender_text(message, sender, sizeof(sender));
    for (char *c = text; *c != '\0'; c++) {
        if (*c >= 'a' && *c <= 'z') { *c = (char)(*c - 'a' + 'A'); }
    }
    parent_say(&mine, "%s: %s", sender, text);
    return KERNE_r_normal;
}

/* Fills in the answer to a message for the console; returns its result. */
static uint64_t perform(const struct kerne_received *message,
                        struct kerne_words *ret_answer)
{
    switch (kerne_operation_of(&message->words)) {
    case KERNE_OUTPUT: return print(message, &ret_answer->w[KERNE_WORD_BYTES]);
    case KERNE_SENSE:
    case KERNE_INPUT: return KERNE_r_normal;
    default: return KERNE_r_unintelligible;
    }
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    struct kerne_words answer = { { 0 } };
    (void)parent;
    if (KERNE_EVENT_KIND(received->event) != KERNE_MESSAGE ||
        !parent_is_for(received, console)) {
        return false;
    }
    uint64_t result = perform(received, &answer);
    kerne_send_answer(received->buffer, result, &answer);
    return true;
}

int main(int argc, char **argv)
{
    mine.event = event;
    parent_begin(&mine);
    console = parent_present(&mine, "console", KERNE_SELF);
    parent_present(&mine, "clock", mine.clock);
    parent_run_all(&mine, argc, argv);
    return parent_serve(&mine);
}
