/* A parent that lends claims to its children: yours to write. */
#include <bank.h>
#include <skeleton.h>

static struct parent mine;
static struct child *bank;

static void answer(const struct kerne_received *message, uint64_t result)
{
    const struct kerne_words words = { { 0 } };
    kerne_send_answer(message->buffer, result, &words);
}

/* A message to the bank. */
static void perform(const struct kerne_received *message)
{
    answer(message, KERNE_r_unintelligible);
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    (void)parent;
    if (KERNE_EVENT_KIND(received->event) != KERNE_MESSAGE ||
        !parent_is_for(received, bank)) {
        return false;
    }
    perform(received);
    return true;
}

/* Children with the least that they need: the rest is for the bank. */
static void make_children(int argc, char **argv)
{
    struct child_order order = parent_order(&mine, (uint64_t)argc - 1);
    order.image = (struct kerne_range){ 0 };
    order.buffers = 2;
    order.processes = 0;
    order.tables = child_tables(&order);
    for (int i = 1; i < argc; i++) {
        struct child *child = parent_make(&mine, argv[i], &order);
        if (child != NULL) { child_start(&mine, child); }
    }
}

int main(int argc, char **argv)
{
    mine.event = event;
    parent_begin(&mine);
    parent_needs_image(&mine);
    bank = parent_present(&mine, "bank", KERNE_SELF);
    parent_present(&mine, "console", mine.console.address);
    parent_present(&mine, "clock", mine.clock);
    make_children(argc, argv);
    return parent_serve(&mine);
}
