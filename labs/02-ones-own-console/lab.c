/* A parent that is the console of its children: yours to write. */
#include <skeleton.h>

static struct parent mine;
static struct child *console;

/* Fills in the answer to a message for the console; returns its result. */
static uint64_t perform(const struct kerne_received *message,
                        struct kerne_words *ret_answer)
{
    (void)message;
    (void)ret_answer;
    return KERNE_r_unintelligible;
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
