/* What it does not know is the end of the guest. */
#include <describe.h>
#include <eight.h>
#include <skeleton.h>

#define GUESTS 8
#define LINE 128

static struct parent mine;
static uint64_t origin; /* when it began, in ticks */

static struct guest {
    struct child *child; /* null: it has ended, or never was */
    uint64_t heap_end;
    bool is_full;                 /* its box */
    long word;                    /* in it */
    struct kerne_received taking; /* a TAKE that waits; buffer 0: none does */
    char line[LINE];              /* written, up to the next newline */
    size_t used;
} guests[GUESTS + 1]; /* by number, from 1 on */

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

/* The guest's storage from `address` on; null: not all of it is its own. */
static char *of_guest(const struct guest *guest, uint64_t address,
                      uint64_t bytes)
{
    const struct child *child = guest->child;
    uint64_t size = child->run.pages * KERNE_PAGE;
    uint64_t offset = address - child->base;
    bool is_its = offset <= size && bytes <= size - offset;
    return is_its ? (char *)child->run.first + offset : NULL;
}

static long write_text(struct guest *guest, const char *from, uint64_t bytes)
{
    for (uint64_t i = 0; from != NULL && i < bytes; i++) {
        if (from[i] != '\n') { guest->line[guest->used++] = from[i]; }
        if (from[i] == '\n' || guest->used == LINE) {
            parent_say(&mine, "%s: %.*s", guest->child->name, (int)guest->used,
                       guest->line);
            guest->used = 0;
        }
    }
    return from == NULL ? EIGHT_BAD_ADDRESS : (long)bytes;
}

static long grow(struct guest *guest, uint64_t bytes)
{
    uint64_t begin = guest->heap_end;
    if (of_guest(guest, begin, bytes) == NULL) { return EIGHT_NO_STORAGE; }
    guest->heap_end += bytes;
    return (long)begin;
}

static bool is_alone(const struct guest *guest)
{
    for (unsigned i = 1; i <= GUESTS; i++) {
        if (&guests[i] != guest && guests[i].child != NULL) { return false; }
    }
    return true;
}

/* Answers the TAKE that waits, if it can be. */
static void give(struct guest *guest)
{
    if (guest->taking.buffer == 0 || (!guest->is_full && !is_alone(guest))) {
        return;
    }
    answer(&guest->taking, guest->is_full ? guest->word : EIGHT_NOBODY);
    guest->taking.buffer = 0;
    guest->is_full = false;
}

static long put(uint64_t number, long word)
{
    if (number < 1 || number > GUESTS || guests[number].child == NULL) {
        return EIGHT_NOBODY;
    }
    if (guests[number].is_full) { return EIGHT_FULL; }
    guests[number].is_full = true;
    guests[number].word = word;
    give(&guests[number]);
    return 0;
}

static long milliseconds(void)
{
    return (long)(kerne_microseconds(kerne_get_clock() - origin) / 1000);
}

/* a: a7, a0, a1 and so on. */
static void perform(struct guest *guest, const struct kerne_received *call,
                    const uint64_t *a)
{
    switch (a[0]) {
    case EIGHT_EXIT:
        guest->child->status = a[1];
        parent_ended(&mine, guest->child, CHILD_FINISHED, "");
        break;
    case EIGHT_WRITE:
        answer(call, write_text(guest, of_guest(guest, a[1], a[2]), a[2]));
        break;
    case EIGHT_NUMBER: answer(call, guest - guests); break;
    case EIGHT_TIME: answer(call, milliseconds()); break;
    case EIGHT_GROW: answer(call, grow(guest, a[1])); break;
    case EIGHT_PUT: answer(call, put(a[1], (long)a[2])); break;
    case EIGHT_TAKE:
        guest->taking = *call;
        give(guest);
        break;
    case EIGHT_YIELD: answer(call, 0); break;
    default: answer(call, EIGHT_NO_CALL); break;
    }
}

static bool event(struct parent *parent, const struct kerne_received *received)
{
    const uint64_t *w = received->words.w;
    (void)parent;
    if (KERNE_EVENT_KIND(received->event) != KERNE_BREAK ||
        w[KERNE_WORD_BREAK] != KERNE_BREAK_CALL) {
        return false;
    }
    if (w[KERNE_WORD_FUNCTION] > EIGHT_YIELD) { return false; }
    perform(guest_of(received), received, &w[KERNE_WORD_FUNCTION]);
    return true;
}

/* However it ended: who waits for a word may be the last now. */
static bool ended(struct parent *parent, struct child *child)
{
    (void)parent;
    for (unsigned i = 1; i <= GUESTS; i++) {
        if (guests[i].child == child) { guests[i].child = NULL; }
    }
    for (unsigned i = 1; i <= GUESTS; i++) { give(&guests[i]); }
    return false;
}

/* Makes all, and then starts them. */
static void make_guests(int argc, char **argv)
{
    struct child_order order = parent_order(&mine, (uint64_t)argc - 1);
    order.mask = KERNE_MASK_FOREIGN;
    for (int i = 1; i < argc && i <= GUESTS; i++) {
        struct child *child = parent_make(&mine, argv[i], &order);
        if (child == NULL) { continue; }
        guests[i].child = child;
        guests[i].heap_end = child->base + child->run.pages / 2 * KERNE_PAGE;
    }
    for (int i = 1; i <= GUESTS; i++) {
        if (guests[i].child != NULL) { child_start(&mine, guests[i].child); }
    }
}

int main(int argc, char **argv)
{
    mine.event = event;
    mine.ended = ended;
    origin = kerne_get_clock();
    parent_begin(&mine);
    parent_needs_image(&mine);
    make_guests(argc, argv);
    return parent_serve(&mine);
}
