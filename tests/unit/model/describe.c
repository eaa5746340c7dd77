/* Describe in the model. */
#include <string.h>

#include "model.h"

/* What the caller asks of p, and what it is told. */
struct query {
    const struct model_process *caller;
    struct model_process *p;
    uint64_t what, cursor, words[KERNE_WORDS];
};

static void tell_process(struct query *q)
{
    const struct model_process *p = q->p;
    uint64_t depth = (uint64_t)(p->depth - q->caller->depth);
    uint64_t held = p->stopped ? KERNE_SUSPENDED_STOP : 0;
    if (p != q->caller) {
        const struct model_process *above = p->parent;
        while (above != q->caller && !above->stopped) { above = above->parent; }
        if (above != q->caller) { held |= KERNE_SUSPENDED_ABOVE; }
    }
    const uint64_t words[KERNE_WORDS] = {
        p->name[0],
        p->name[1],
        p->number | (p != q->caller ? p->horizon : 0) << 16 |
            (uint64_t)p->closed << 24 | (uint64_t)p->is_pseudo << 32 |
            depth << 40,
        (uint64_t)p->wait | held << 8,
        p->is_pseudo                 ? p->server
        : p->wait != KERNE_WAITS_NOT ? p->wait_for
                                     : 0,
        p->mask,
        p->share,
        p->area,
    };
    memcpy(q->words, words, sizeof words);
}

static void tell_lines(const struct model_process *p, uint64_t words[4])
{
    for (int line = 1; line < KERNE_LINES; line++) {
        uint64_t bit = UINT64_C(1) << line;
        if (!model_is_within(model.user[line], p)) { continue; }
        words[0] |= bit;
        if (model.user[line] != p) {
            words[3] |= bit;
        } else {
            words[model_waiting_at(line) != NULL ? 2 : 1] |= bit;
        }
    }
}

/* Who else has the windows: those above p are told. */
static void tell_storage(struct query *q)
{
    const struct model_process *oldest = model_next_sharer(q->p, NULL);
    const struct model_process *next = model_next_sharer(q->p, q->p);
    if (next == NULL) { next = oldest; }
    q->words[0] = q->p->set->windows;
    if (q->p == q->caller) { return; }
    q->words[1] = next != q->p ? next->reference : 0;
    q->words[2] = oldest == q->p;
}

static enum kerne_result tell_claim(struct query *q)
{
    uint64_t *words = q->words;
    if (q->cursor < MODEL_CLAIMS) {
        enum model_claim claim = (enum model_claim)q->cursor;
        words[0] = q->p->received[claim];
        words[1] = model_free(q->p, claim);
        words[2] = model_used(q->p, claim);
        words[3] = words[0] - words[1] - words[2];
    } else if (q->cursor == MODEL_CLAIMS) {
        tell_lines(q->p, words);
    } else if (q->cursor == MODEL_CLAIMS + 1) {
        tell_storage(q);
    } else {
        return KERNE_r_no_more;
    }
    return KERNE_r_normal;
}

/* Times are open to the model. */
static void tell_time(struct query *q)
{
    uint64_t *words = q->words;
    for (int i = 0; i < 5; i++) {
        words[i] = seen_register(q->caller, A0 + 1 + i);
    }
    if (words[0] > words[1]) {
        model_disagrees("a process's own time is more than with all below");
    }
    if (q->p != MODEL_ROOT && (words[3] | words[4]) != 0) {
        model_disagrees("another than the root is told of nobody's time");
    }
}

/* ---- windows ----------------------------------------------------------- */

/* p's first window from a page on; null: none. */
static const struct model_window *first_window(const struct model_process *p,
                                               uint64_t page)
{
    const struct model_window *first = NULL;
    for (unsigned i = 0; i < p->set->windows; i++) {
        const struct model_window *window = &p->set->window[i];
        if (window->page >= page &&
            (first == NULL || window->page < first->page)) {
            first = window;
        }
    }
    return first;
}

/* How far the nucleus looks in one call, and how long a row it tells, is its
 * own affair; what it tells must be so. */
static enum kerne_result tell_window(struct query *q)
{
    const struct model_window *first = first_window(q->p, q->cursor);
    uint64_t pages = seen_register(q->caller, A0 + 3), touched = 0;
    if (q->p == MODEL_ROOT || q->cursor >= MODEL_PAGE_LIMIT) {
        return KERNE_r_no_more;
    }
    q->cursor = seen_register(q->caller, A0);
    if (pages == 0) {
        if (first != NULL && first->page < q->cursor) {
            model_disagrees("describe passes a window over");
        }
        return q->cursor < MODEL_PAGE_LIMIT ? KERNE_r_normal : KERNE_r_no_more;
    }
    if (first == NULL || q->cursor != first->page + pages) {
        model_disagrees("describe tells windows that are not there");
    }
    for (uint64_t i = 0; i < pages; i++) {
        const struct model_window *window = model_window(q->p, first->page + i);
        touched += window != NULL && window->touched;
        if (window == NULL || window->onto != first->onto + i ||
            window->rights != first->rights) {
            model_disagrees("describe tells a row that is not one");
        }
    }
    const uint64_t words[KERNE_WORDS] = { first->page * KERNE_PAGE,
                                          first->onto * KERNE_PAGE, pages,
                                          first->rights, touched };
    memcpy(q->words, words, sizeof words);
    return KERNE_r_normal;
}

/* ---- buffers ----------------------------------------------------------- */

/* Can the caller see the children of this process? */
static bool can_see_into(const struct model_process *caller,
                         const struct model_process *declarer)
{
    return declarer != NULL &&
           (model_is_within(declarer, caller) ||
            (model_is_within(caller, declarer) &&
             (uint64_t)(caller->depth - declarer->depth) <= caller->horizon));
}

/* Who has p's message, as an address of p. */
static uint64_t holder(const struct query *q, const struct model_buffer *b)
{
    const struct model_process *declarer = MODEL_ROOT;
    uint64_t number = KERNE_EXTERNAL + (uint64_t)b->external;
    if (b->state == KERNE_ANSWERED || b->sender == NULL || b->regretted) {
        return KERNE_VACANT;
    }
    if (b->external == MODEL_NO_EXTERNAL) {
        if (b->receiver == q->p) { return KERNE_SELF; }
        if (b->receiver == q->p->parent) { return KERNE_PARENT; }
        declarer = b->receiver->parent;
        number = b->receiver->number;
    }
    return can_see_into(q->caller, declarer)
               ? KERNE_ADDRESS(q->p->depth - declarer->depth, number)
               : KERNE_VACANT;
}

static enum kerne_result tell_buffer(struct query *q)
{
    const struct model_buffer *b = NULL;
    if (q->cursor != 0) {
        b = model_by_identity(q->cursor);
        if (!model_is_in(q->p, q->what, b)) { return KERNE_r_gone; }
    }
    b = model_next(q->p, q->what, b);
    if (b == NULL) { return KERNE_r_no_more; }
    bool answered = b->state == KERNE_ANSWERED;
    q->cursor = b->identity;
    if (q->what == KERNE_DESCRIBE_SENT) {
        q->words[0] = b->state;
        q->words[1] = answered ? b->result : 0;
        q->words[2] = b->sender == NULL ? KERNE_INHERITED
                      : b->regretted    ? KERNE_REGRETTED
                                        : KERNE_WANTED;
        q->words[3] = holder(q, b);
    } else if (answered) {
        q->words[0] = KERNE_ANSWER | (uint64_t)b->result << 8;
    } else {
        q->words[0] = b->is_break ? KERNE_BREAK : KERNE_MESSAGE;
        q->words[1] = b->from;
    }
    return KERNE_r_normal;
}

/* The words of a buffer that p has sent, has to answer, or has to return. */
static enum kerne_result tell_words(struct query *q)
{
    const struct model_buffer *b = model_by_identity(q->cursor);
    if (b == NULL || (b->sender != q->p && b->owner != q->p &&
                      (b->receiver != q->p || b->state == KERNE_ANSWERED))) {
        return KERNE_r_gone;
    }
    memcpy(q->words, b->words, sizeof b->words);
    return KERNE_r_normal;
}

static uint64_t reference_of(const struct model_process *p)
{
    return p != NULL ? p->reference : 0;
}

static void tell_tree(struct query *q)
{
    const struct model_process *p = q->p;
    q->words[1] = reference_of(model_next_child(p, NULL));
    if (p == q->caller) { return; }
    if (p->parent != q->caller) { q->words[0] = p->parent->reference; }
    q->words[2] = reference_of(model_next_child(p->parent, p));
}

/* ---- all --------------------------------------------------------------- */

static enum kerne_result tell(struct query *q)
{
    bool of_any =
        q->what == KERNE_DESCRIBE_PROCESS || q->what == KERNE_DESCRIBE_TREE;
    if (q->p->is_pseudo && !of_any) { return KERNE_r_bad_argument; }
    if (!of_any) { q->p->spare = 0; }
    switch (q->what) {
    case KERNE_DESCRIBE_PROCESS: tell_process(q); return KERNE_r_normal;
    case KERNE_DESCRIBE_CLAIM: return tell_claim(q);
    case KERNE_DESCRIBE_TIME: tell_time(q); return KERNE_r_normal;
    case KERNE_DESCRIBE_WINDOW: return tell_window(q);
    case KERNE_DESCRIBE_EVENT:
    case KERNE_DESCRIBE_HELD:
    case KERNE_DESCRIBE_SENT: return tell_buffer(q);
    case KERNE_DESCRIBE_WORDS: return tell_words(q);
    case KERNE_DESCRIBE_TREE: tell_tree(q); return KERNE_r_normal;
    default: return KERNE_r_bad_argument;
    }
}

unsigned model_describe(struct model_process *caller)
{
    uint64_t *x = caller->x;
    struct query q = { caller, caller, x[A0 + 1], x[A0 + 2], { 0 } };
    enum kerne_result result = KERNE_r_normal;
    if (x[A0] != 0) { result = model_find(caller, x[A0], &q.p); }
    if (result == KERNE_r_normal) { result = tell(&q); }
    x[A0] = q.cursor;
    model_tell(caller, q.words);
    return result;
}
