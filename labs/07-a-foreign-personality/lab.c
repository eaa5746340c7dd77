/* student GUEST GUEST ...: a system whose children have eight calls of another
 * one; yours to write. */
#include <describe.h>
#include <eight.h>
#include <skeleton.h>

#define GUESTS 8

static struct parent mine;

static struct guest {
    struct child *child; /* null: it has ended, or never was */
} guests[GUESTS + 1];    /* by number, from 1 on */

static struct guest *guest_of(const struct kerne_received *received)
{
    uint64_t number = KERNE_SENDER_ADDRESS(received->sender);
    struct child *child = child_numbered(&mine.children, number);
    struct guest *guest = &guests[1];
    while (guest <= &guests[GUESTS] && guest->child != child) { guest++; }
    return guest <= &guests[GUESTS] ? guest : NULL;
}

static void answer(const struct kerne_received *call, long value)
{
    struct kerne_words words = { { KERNE_GO_ON, (uint64_t)value } };
    kerne_send_answer(call->buffer, KERNE_r_normal, &words);
}

/* a: a7, a0, a1 and so on. */
static void perform(struct guest *guest, const struct kerne_received *call,
                    const uint64_t *a)
{
    answer(call, a[0] == EIGHT_NUMBER ? guest - guests : 0);
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    const uint64_t *w = received->words.w;
    (void)parent;
    if (KERNE_EVENT_KIND(received->event) != KERNE_BREAK ||
        w[KERNE_WORD_BREAK] != KERNE_BREAK_CALL) {
        return false;
    }
    perform(guest_of(received), received, &w[KERNE_WORD_FUNCTION]);
    return true;
}

/* Makes all, and then starts them. */
static void make_guests(int argc, char **argv)
{
    struct child_order order = parent_order(&mine, (uint64_t)argc - 1);
    order.mask = KERNE_MASK_FOREIGN;
    for (int i = 1; i < argc && i <= GUESTS; i++) {
        guests[i].child = parent_make(&mine, argv[i], &order);
    }
    for (int i = 1; i <= GUESTS; i++) {
        if (guests[i].child != NULL) { child_start(&mine, guests[i].child); }
    }
}

int main(int argc, char **argv)
{
    mine.event = event;
    parent_begin(&mine);
    parent_needs_image(&mine);
    make_guests(argc, argv);
    return parent_serve(&mine);
}
