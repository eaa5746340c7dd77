/*
 * Describe: everything that the nucleus knows of a process, in records of
 * eight words, for itself and for those above it.
 *
 * D1  Nothing is told of a process to one that is neither it nor above it.
 * D2  What is told of a process and what is queued, held and sent, together
 *     with its storage, is all that there is of it.
 */
#include "nucleus.h"

struct query {
    const struct process *caller;
    struct process *p; /* the caller itself, or below it */
    uint64_t what, cursor, words[KERNE_WORDS];
};

static enum kerne_result tell(struct query *q, uint64_t word0, uint64_t word1,
                              uint64_t word2, uint64_t word3)
{
    q->words[0] = word0;
    q->words[1] = word1;
    q->words[2] = word2;
    q->words[3] = word3;
    return KERNE_r_normal;
}

static enum kerne_result tell_process(struct query *q)
{
    const struct process *p = q->p;
    uint64_t below = (uint64_t)p->depth - q->caller->depth;
    uint64_t horizon = below != 0 ? p->horizon : 0, held_out = p->held_out;
    for (uint64_t i = below; i > 1; i--) {
        bool held = process_at(p->display[p->depth + 1 - i])->held_out != 0;
        if (held) { held_out |= KERNE_HELD_ABOVE; }
    }
    if (p->wait != KERNE_WAITS_NOT) { q->words[4] = p->wait_for; }
    if (p->is_pseudo) { q->words[4] = p->server; }
    q->words[5] = p->mask;
    q->words[6] = p->share;
    q->words[7] = p->area;
    return tell(q, p->name[0], p->name[1],
                p->number | horizon << 16 | (uint64_t)p->closed << 24 |
                    (uint64_t)p->is_pseudo << 32 | below << 40,
                p->wait | held_out << 8);
}

static enum kerne_result tell_lines(struct query *q)
{
    q->words[0] = q->p->lines;
    for (unsigned n = 1; n < KERNE_LINES; n++) {
        const struct line *line = &nucleus.lines[n];
        int kind = line->user != q->p->index ? 3 : line->waiting != 0 ? 2 : 1;
        q->words[kind] |= q->p->lines & UINT64_C(1) << n;
    }
    return KERNE_r_normal;
}

static enum kerne_result tell_claim(struct query *q)
{
    const struct process *p = q->p;
    const struct claim *c = q->cursor == 0   ? &p->buffers
                            : q->cursor == 1 ? &p->processes
                                             : &p->tables;
    REFUSE(q->cursor > 4, no_more);
    if (q->cursor == 3) { return tell_lines(q); }
    if (q->cursor == 4) { return tell(q, p->pages, p->cached, 0, 0); }
    return tell(q, c->received, c->free, c->used,
                c->received - c->free - c->used);
}

static enum kerne_result tell_time(struct query *q)
{
    time_charge();
    return tell(q, q->p->time, q->p->time_below, (uint64_t)q->p->credit,
                q->p->parent == 0 ? nucleus.idle : 0);
}

static enum kerne_result tell_registers(struct query *q)
{
    REFUSE(q->cursor >= KERNE_GROUPS, no_more);
    machine_fp_store(this_hart->current);
    if (q->cursor == 8) { return tell(q, q->p->fcsr, 0, 0, 0); }
    const uint64_t *group = q->cursor < 4 ? q->p->x : q->p->f;
    group += q->cursor % 4 * KERNE_WORDS;
    for (int i = 0; i < KERNE_WORDS; i++) { q->words[i] = group[i]; }
    return KERNE_r_normal;
}

/* A row of windows that continue each other, within one table. */
static enum kerne_result tell_window(struct query *q)
{
    const uint64_t limit = STORAGE_LIMIT / KERNE_PAGE;
    uint64_t page, pages = 0, *entry;
    REFUSE(q->p->parent == 0 || q->cursor >= limit, no_more);
    bool found = storage_next(q->p, q->cursor, &page);
    q->cursor = page;
    if (!found) { return page >= limit ? KERNE_r_no_more : KERNE_r_normal; }
    uint64_t first = *storage_window(q->p, page, &entry);
    do {
        const uint64_t *w = storage_window(q->p, q->cursor, &entry);
        if (w == NULL || WINDOW_RIGHTS(*w) != WINDOW_RIGHTS(first) ||
            WINDOW_PAGE(*w) != WINDOW_PAGE(first) + pages) {
            break;
        }
        pages++;
        q->words[4] += *entry != 0;
    } while ((++q->cursor & 63) != 0);
    return tell(q, page * KERNE_PAGE, WINDOW_PAGE(first) * KERNE_PAGE, pages,
                WINDOW_RIGHTS(first));
}

/* Who has a message, as an address of the sender p; what the caller could not
 * see itself is vacant, so that neither depth nor horizon can be probed. */
static uint64_t holder(const struct query *q, const struct buffer *b)
{
    const struct process *p = q->p, *receiver = process_at(b->receiver);
    bool external = b->receiver == 0;
    uint64_t up = p->depth + (external ? 0u : 1u) - receiver->depth;
    if (b->state == KERNE_ANSWERED || b->sender == 0 || b->regretted) {
        return KERNE_VACANT;
    }
    if (receiver == p) { return KERNE_SELF; }
    if (!external && b->receiver == p->parent) { return KERNE_PARENT; }
    if (up > (uint64_t)p->depth - q->caller->depth + q->caller->horizon) {
        return KERNE_VACANT;
    }
    return KERNE_ADDRESS(up, external ? KERNE_EXTERNAL + b->external
                                      : receiver->number);
}

/* Does the buffer stand in p's queue, or p hold its message? */
static bool has(const struct process *p, const struct buffer *b)
{
    return (b->state == KERNE_ANSWERED ? b->sender : b->receiver) == p->index;
}

/* The buffer behind the cursor in one of p's lists. */
static enum kerne_result tell_buffer(struct query *q)
{
    const struct process *p = q->p;
    const struct buffer *b = message_find(q->cursor);
    bool sent = q->what == KERNE_DESCRIBE_SENT;
    bool held = q->what == KERNE_DESCRIBE_HELD;
    uint32_t next = (sent ? p->in_use : held ? p->held : p->events).first;
    if (q->cursor != 0) {
        REFUSE(b == NULL, gone);
        bool received = b->state == KERNE_RECEIVED;
        REFUSE(sent ? b->owner != p->index : !has(p, b) || held != received,
               gone);
        next = b->link[sent ? CLAIM : EVENTS].next;
    }
    REFUSE(next == 0, no_more);
    b = buffer_at(next);
    q->cursor = b->identity;
    bool answered = b->state == KERNE_ANSWERED;
    uint64_t result = answered ? b->result : 0;
    if (sent) {
        return tell(q, b->state, result, b->regretted || b->sender == 0,
                    holder(q, b));
    }
    uint64_t kind = answered      ? KERNE_ANSWER
                    : b->is_break ? KERNE_BREAK
                                  : KERNE_MESSAGE;
    return tell(q, kind | result << 8, answered ? 0 : b->from, 0, 0);
}

static enum kerne_result tell_words(struct query *q)
{
    const struct process *p = q->p;
    const struct buffer *b = message_find(q->cursor);
    REFUSE(b == NULL || (b->owner != p->index && b->sender != p->index &&
                         !has(p, b)), gone);
    for (int i = 0; i < KERNE_WORDS; i++) { q->words[i] = b->words[i]; }
    return KERNE_r_normal;
}

static uint64_t reference(bool told, uint32_t index)
{
    return told && index != 0 ? process_reference(process_at(index)) : 0;
}

static enum kerne_result tell_tree(struct query *q)
{
    const struct process *p = q->p;
    bool below = p != q->caller;
    return tell(q, reference(below && p->parent != q->caller->index, p->parent),
                reference(true, p->first_child),
                reference(below, p->next_sibling), 0);
}

static enum kerne_result describe(struct query *q)
{
    switch (q->what) {
    case KERNE_DESCRIBE_PROCESS: return tell_process(q);
    case KERNE_DESCRIBE_TREE: return tell_tree(q);
    }
    REFUSE(q->p->is_pseudo, bad_argument);
    switch (q->what) {
    case KERNE_DESCRIBE_CLAIM: return tell_claim(q);
    case KERNE_DESCRIBE_TIME: return tell_time(q);
    case KERNE_DESCRIBE_REGISTERS: return tell_registers(q);
    case KERNE_DESCRIBE_WINDOW: return tell_window(q);
    case KERNE_DESCRIBE_EVENT:
    case KERNE_DESCRIBE_HELD:
    case KERNE_DESCRIBE_SENT: return tell_buffer(q);
    case KERNE_DESCRIBE_WORDS: return tell_words(q);
    default: return KERNE_r_bad_argument;
    }
}

/* 133.  Cost: bounded; that of process grows with the depth, that of window
 * with the stretch that is looked through, at most one table. */
enum kerne_result describe_process(struct process *caller)
{
    uint64_t reference = caller->x[R_A0], what = caller->x[R_A1];
    struct query q = { .caller = caller, .p = caller, .what = what,
                       .cursor = caller->x[R_A2] };
    enum kerne_result result = KERNE_r_normal;
    if (reference != 0) { result = process_find(caller, reference, &q.p); }
    if (result == KERNE_r_normal || result == KERNE_r_dying) {
        result = describe(&q);
    }
    caller->x[R_A0] = q.cursor;
    call_set_words(caller, q.words);
    return result;
}
