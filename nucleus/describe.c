/*
 * Describe: everything that the nucleus knows of a process, in records of
 * eight words, for itself and for those above it.
 *
 * D1  Nothing is told of a process to one that is neither it nor above it.
 * D2  What is told of a process and what is queued, held and sent, together
 *     with its storage, is all that there is of it.
 */
#include "hart.h"

struct query {
    uint64_t words[KERNE_WORDS];
    struct process *caller;
    struct process *p; /* the caller itself, or below it */
    uint64_t what, cursor;
};

static enum kerne_result fill(struct query *q, const uint64_t *words)
{
    for (int i = 0; i < KERNE_WORDS; i++) { q->words[i] = words[i]; }
    return KERNE_r_normal;
}

/* These words, and zeroes. */
#define FILL(q, ...) fill(q, (const uint64_t[KERNE_WORDS]){ __VA_ARGS__ })

static enum kerne_result fill_process(struct query *q)
{
    const struct process *p = q->p;
    uint64_t below = (uint64_t)p->depth - q->caller->depth;
    uint64_t horizon = below != 0 ? p->horizon : 0;
    bool above = below != 0 && process_is_suspended(p->parent, q->caller);
    uint64_t suspended = p->suspended | (above ? KERNE_SUSPENDED_ABOVE : 0);
    uint64_t buffer = process_is_ready(p) ? 0 : p->wait_for;
    return FILL(q, p->name[0], p->name[1],
                p->number | horizon << 16 | (uint64_t)p->closed << 24 |
                    (uint64_t)p->is_pseudo << 32 | below << 40,
                process_wait(p) | suspended << 8,
                p->is_pseudo ? p->server : buffer, p->mask, p->share,
                p->is_pseudo ? 0 : p->area);
}

/* A line received is one's own, free or awaited, or was given on. */
static enum kerne_result fill_lines(struct query *q)
{
    for (int n = 1; n < KERNE_LINES; n++) {
        const struct line *line = &nucleus.lines[n];
        uint64_t received = process_is_within(line->user, q->p);
        int kind = line->user != q->p ? 3 : line->waiting != NULL ? 2 : 1;
        q->words[0] |= received << n;
        q->words[kind] |= received << n;
    }
    return KERNE_r_normal;
}

/* Who else has the same windows, and whose claim has paid for the tables, is
 * told to those above only. */
static enum kerne_result fill_storage(struct query *q)
{
    const struct process *p = q->p;
    const struct process *next = link_record(p->sharers.next, process, sharers);
    bool below = p != q->caller;
    return FILL(q, p->windows->pages,
                below && next != p ? process_reference(next) : 0,
                below && p->windows->payer == p);
}

static enum kerne_result fill_claim(struct query *q)
{
    const struct process *p = q->p;
    REFUSE(q->cursor > CLAIMS + 1, no_more);
    if (q->cursor == CLAIMS) { return fill_lines(q); }
    if (q->cursor > CLAIMS) { return fill_storage(q); }
    enum claims kind = (enum claims)q->cursor;
    return FILL(q, p->claims[kind].received, p->claims[kind].free,
                claim_used(p, kind), p->claims[kind].given);
}

static enum kerne_result fill_time(struct query *q)
{
    const struct process *p = q->p;
    time_charge();
    return FILL(q, p->time, p->time_below, (uint64_t)p->credit,
                p->parent == NULL ? nucleus.idle : 0,
                p->parent == NULL ? nucleus.firmware : 0);
}

/* A row of windows that continue each other, within one table. */
static enum kerne_result fill_window(struct query *q)
{
    REFUSE(q->p->parent == NULL, no_more);
    const uint64_t *entry = storage_next(q->p, &q->cursor);
    REFUSE(entry == NULL && q->cursor >= PAGE_LIMIT, no_more);
    /* So far: the cursor says where to ask on. */
    if (entry == NULL) { return KERNE_r_normal; }
    uint64_t page = q->cursor, pages = 0, touched = 0;
    uint64_t onto = WINDOW(entry)->onto % WINDOW_TOUCHED;
    do {
        touched += *entry != 0 || WINDOW(entry)->onto >= WINDOW_TOUCHED;
        q->cursor = page + ++pages;
        entry = storage_entry(q->p, q->cursor);
    } while (q->cursor % 64 != 0 && entry != NULL &&
             WINDOW(entry)->onto % WINDOW_TOUCHED == onto + (pages << 3));
    return FILL(q, page * KERNE_PAGE, WINDOW_PAGE(onto) * KERNE_PAGE, pages,
                WINDOW_RIGHTS(onto), touched);
}

/* Who has a message, as an address of the sender p; what the caller could not
 * see itself is vacant, so that neither depth nor horizon can be probed. */
static uint64_t holder(const struct query *q, const struct buffer *b)
{
    const struct process *p = q->p, *receiver = b->receiver;
    bool external = receiver == NULL; /* a child of the root */
    unsigned depth = external ? 1 : receiver->depth;
    if (b->state == KERNE_ANSWERED || b->regretted) { return KERNE_VACANT; }
    if (receiver == p) { return KERNE_SELF; }
    if (!external && receiver == p->parent) { return KERNE_PARENT; }
    if (depth + q->caller->horizon <= q->caller->depth) { return KERNE_VACANT; }
    return KERNE_ADDRESS(p->depth + 1u - depth,
                         external ? KERNE_EXTERNAL + b->external
                                  : receiver->number);
}

/* The buffer behind the cursor in one of p's lists. */
static enum kerne_result fill_buffer(struct query *q)
{
    const struct process *p = q->p;
    const struct buffer *b = message_find(q->cursor);
    bool sent = q->what == KERNE_DESCRIBE_SENT;
    bool held = q->what == KERNE_DESCRIBE_HELD;
    const struct link *list = sent ? &p->in_use : held ? &p->held : &p->events;
    const struct link *next = list->next;
    const struct buffer *last = held ? p->serving : NULL; /* in no list */
    if (q->cursor != 0) {
        REFUSE(sent ? b->sender != p || b->is_break
                    : buffer_holder(b) != p ||
                          held != (b->state == KERNE_RECEIVED),
               gone);
        next = sent ? b->claim.next : b == last ? list : b->event.next;
    }
    if (next == list && last != NULL && last != b) { next = &last->event; }
    REFUSE(next == list, no_more);
    b = sent ? link_record(next, buffer, claim)
             : link_record(next, buffer, event);
    q->cursor = b->identity;
    bool answered = b->state == KERNE_ANSWERED;
    uint64_t result = answered ? b->result : 0;
    if (sent) { return FILL(q, b->state, result, b->regretted, holder(q, b)); }
    if (answered) { return FILL(q, KERNE_ANSWER | result << 8); }
    return FILL(q, b->is_break ? KERNE_BREAK : KERNE_MESSAGE, b->from);
}

static enum kerne_result fill_words(struct query *q)
{
    const struct buffer *b = message_find(q->cursor);
    REFUSE(b->sender != q->p && buffer_holder(b) != q->p, gone);
    return fill(q, b->words);
}

/* A reference to the child of p at this place in the ring; 0 at its head. */
static uint64_t child(const struct process *p, const struct link *place)
{
    const struct process *c = link_record(place, process, sibling);
    return place != &p->children ? process_reference(c) : 0;
}

static enum kerne_result fill_tree(struct query *q)
{
    const struct process *p = q->p, *parent = p->parent;
    bool below = p != q->caller, far = below && parent != q->caller;
    return FILL(q, far ? process_reference(parent) : 0,
                child(p, p->children.next),
                below ? child(parent, p->sibling.next) : 0);
}

static enum kerne_result describe(struct query *q)
{
    uint64_t reference = q->caller->x[R_A0];
    if (reference != 0) { TRY(process_find(q->caller, reference, &q->p)); }
    if (q->what == KERNE_DESCRIBE_PROCESS) { return fill_process(q); }
    if (q->what == KERNE_DESCRIBE_TREE) { return fill_tree(q); }
    REFUSE(q->p->is_pseudo, bad_argument);
    claim_give_up_spare(q->p);
    switch (q->what) {
    case KERNE_DESCRIBE_CLAIM: return fill_claim(q);
    case KERNE_DESCRIBE_TIME: return fill_time(q);
    case KERNE_DESCRIBE_WINDOW: return fill_window(q);
    case KERNE_DESCRIBE_EVENT:
    case KERNE_DESCRIBE_HELD:
    case KERNE_DESCRIBE_SENT: return fill_buffer(q);
    case KERNE_DESCRIBE_WORDS: return fill_words(q);
    default: return KERNE_r_bad_argument;
    }
}

/* 133.  Cost: bounded; that of process grows with the depth, that of window
 * with the stretch that is looked through, at most 64 entries. */
enum kerne_result describe_process(struct process *p)
{
    struct query q = { { 0 }, p, p, p->x[R_A1], p->x[R_A2] };
    enum kerne_result result = describe(&q);
    p->x[R_A0] = q.cursor;
    call_set_words(p, q.words);
    return result;
}
