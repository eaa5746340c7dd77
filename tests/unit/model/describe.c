/* Describe in the model: what is told of p, to the caller. */
#include <string.h>

#include "model.h"

struct record {
    uint64_t words[KERNE_WORDS];
    uint64_t cursor;
};

static void tell_process(const struct model_process *caller,
                         const struct model_process *p, struct record *record)
{
    uint64_t depth = (uint64_t)(p->depth - caller->depth);
    uint64_t held = p->stopped ? KERNE_SUSPENDED_STOP : 0;
    for (const struct model_process *q = p; q != caller; q = q->parent) {
        if (q != p && q->stopped) { held |= KERNE_SUSPENDED_ABOVE; }
    }
    *record = (struct record){
        { p->name[0], p->name[1],
          p->number | (p != caller ? p->horizon : 0) << 16 |
              (uint64_t)p->closed << 24 | (uint64_t)p->is_pseudo << 32 |
              depth << 40,
          (uint64_t)p->wait | held << 8,
          p->is_pseudo                 ? p->server
          : p->wait != KERNE_WAITS_NOT ? p->wait_for
                                       : 0,
          p->mask, p->share, p->area },
        record->cursor,
    };
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
static void tell_storage(const struct model_process *caller,
                         const struct model_process *p, uint64_t words[3])
{
    const struct model_process *oldest = model_next_sharer(p, NULL);
    const struct model_process *next = model_next_sharer(p, p);
    if (next == NULL) { next = oldest; }
    words[0] = p->set->windows;
    if (p == caller) { return; }
    words[1] = next != p ? next->reference : 0;
    words[2] = oldest == p;
}

static enum kerne_result tell_claim(const struct model_process *caller,
                                    const struct model_process *p,
                                    struct record *record)
{
    uint64_t *words = record->words;
    if (record->cursor < MODEL_CLAIMS) {
        enum model_claim claim = (enum model_claim)record->cursor;
        words[0] = p->received[claim];
        words[1] = model_free(p, claim);
        words[2] = model_used(p, claim);
        words[3] = words[0] - words[1] - words[2];
    } else if (record->cursor == MODEL_CLAIMS) {
        tell_lines(p, words);
    } else if (record->cursor == MODEL_CLAIMS + 1) {
        tell_storage(caller, p, words);
    } else {
        return KERNE_r_no_more;
    }
    return KERNE_r_normal;
}

/* Times are open to the model. */
static void tell_time(const struct model_process *caller,
                      const struct model_process *p, uint64_t words[5])
{
    for (int i = 0; i < 5; i++) {
        words[i] = seen_register(caller, A0 + 1 + i);
    }
    if (words[0] > words[1]) {
        model_disagrees("a process's own time is more than with all below");
    }
    if (p != MODEL_ROOT && (words[3] | words[4]) != 0) {
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
static enum kerne_result tell_window(const struct model_process *caller,
                                     const struct model_process *p,
                                     struct record *record)
{
    uint64_t from = record->cursor, touched = 0;
    const struct model_window *first = first_window(p, from);
    uint64_t pages = seen_register(caller, A0 + 3);
    uint64_t next = seen_register(caller, A0);
    if (p == MODEL_ROOT || from >= MODEL_PAGE_LIMIT) { return KERNE_r_no_more; }
    record->cursor = next;
    if (pages == 0) {
        if (first != NULL && first->page < next) {
            model_disagrees("describe passes a window over");
        }
        return next < MODEL_PAGE_LIMIT ? KERNE_r_normal : KERNE_r_no_more;
    }
    if (first == NULL || next != first->page + pages) {
        model_disagrees("describe tells windows that are not there");
    }
    for (uint64_t i = 0; i < pages; i++) {
        const struct model_window *window = model_window(p, first->page + i);
        touched += window != NULL && window->touched;
        if (window == NULL || window->onto != first->onto + i ||
            window->rights != first->rights) {
            model_disagrees("describe tells a row that is not one");
        }
    }
    *record = (struct record){
        { first->page * KERNE_PAGE, first->onto * KERNE_PAGE, pages,
          first->rights, touched },
        next,
    };
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
static uint64_t holder(const struct model_process *caller,
                       const struct model_process *p,
                       const struct model_buffer *b)
{
    const struct model_process *declarer = MODEL_ROOT;
    uint64_t number = KERNE_EXTERNAL + (uint64_t)b->external;
    if (b->state == KERNE_ANSWERED || b->sender == NULL || b->regretted) {
        return KERNE_VACANT;
    }
    if (b->external == MODEL_NO_EXTERNAL) {
        if (b->receiver == p) { return KERNE_SELF; }
        if (b->receiver == p->parent) { return KERNE_PARENT; }
        declarer = b->receiver->parent;
        number = b->receiver->number;
    }
    return can_see_into(caller, declarer)
               ? KERNE_ADDRESS(p->depth - declarer->depth, number)
               : KERNE_VACANT;
}

static enum kerne_result tell_buffer(const struct model_process *caller,
                                     const struct model_process *p,
                                     uint64_t what, struct record *record)
{
    uint64_t *words = record->words;
    const struct model_buffer *b = NULL;
    if (record->cursor != 0) {
        b = model_by_identity(record->cursor);
        if (!model_is_in(p, what, b)) { return KERNE_r_gone; }
    }
    b = model_next(p, what, b);
    if (b == NULL) { return KERNE_r_no_more; }
    bool answered = b->state == KERNE_ANSWERED;
    record->cursor = b->identity;
    if (what == KERNE_DESCRIBE_SENT) {
        words[0] = b->state;
        words[1] = answered ? b->result : 0;
        words[2] = b->sender == NULL ? KERNE_INHERITED
                   : b->regretted    ? KERNE_REGRETTED
                                     : KERNE_WANTED;
        words[3] = holder(caller, p, b);
    } else if (answered) {
        words[0] = KERNE_ANSWER | (uint64_t)b->result << 8;
    } else {
        words[0] = b->is_break ? KERNE_BREAK : KERNE_MESSAGE;
        words[1] = b->from;
    }
    return KERNE_r_normal;
}

/* The words of a buffer that p has sent, has to answer, or has to return. */
static enum kerne_result tell_words(const struct model_process *p,
                                    struct record *record)
{
    const struct model_buffer *b = model_by_identity(record->cursor);
    if (b == NULL || (b->sender != p && b->owner != p &&
                      (b->receiver != p || b->state == KERNE_ANSWERED))) {
        return KERNE_r_gone;
    }
    memcpy(record->words, b->words, sizeof b->words);
    return KERNE_r_normal;
}

static uint64_t reference_of(const struct model_process *p)
{
    return p != NULL ? p->reference : 0;
}

static void tell_tree(const struct model_process *caller,
                      const struct model_process *p, uint64_t words[3])
{
    words[1] = reference_of(model_next_child(p, NULL));
    if (p == caller) { return; }
    if (p->parent != caller) { words[0] = p->parent->reference; }
    words[2] = reference_of(model_next_child(p->parent, p));
}

/* ---- all --------------------------------------------------------------- */

static enum kerne_result tell(const struct model_process *caller,
                              struct model_process *p, struct record *record)
{
    uint64_t what = caller->x[A0 + 1];
    if (what == KERNE_DESCRIBE_PROCESS) {
        tell_process(caller, p, record);
        return KERNE_r_normal;
    }
    if (what == KERNE_DESCRIBE_TREE) {
        tell_tree(caller, p, record->words);
        return KERNE_r_normal;
    }
    if (p->is_pseudo) { return KERNE_r_bad_argument; }
    p->spare = 0;
    switch (what) {
    case KERNE_DESCRIBE_CLAIM: return tell_claim(caller, p, record);
    case KERNE_DESCRIBE_TIME:
        tell_time(caller, p, record->words);
        return KERNE_r_normal;
    case KERNE_DESCRIBE_WINDOW: return tell_window(caller, p, record);
    case KERNE_DESCRIBE_EVENT:
    case KERNE_DESCRIBE_HELD:
    case KERNE_DESCRIBE_SENT: return tell_buffer(caller, p, what, record);
    case KERNE_DESCRIBE_WORDS: return tell_words(p, record);
    default: return KERNE_r_bad_argument;
    }
}

unsigned model_describe(struct model_process *caller)
{
    uint64_t *x = caller->x;
    struct record record = { { 0 }, x[A0 + 2] };
    struct model_process *p = caller;
    enum kerne_result result = KERNE_r_normal;
    if (x[A0] != 0) { result = model_find(caller, x[A0], &p); }
    if (result == KERNE_r_normal) { result = tell(caller, p, &record); }
    x[A0] = record.cursor;
    model_tell(caller, record.words);
    return result;
}
