/* Describe in the model. */
#include "model.h"

struct record {
    uint64_t words[KERNE_WORDS];
    uint64_t cursor;
};

static void tell_process(int caller, int p, struct record *record)
{
    const struct model_process *process = &model.process[p];
    uint64_t depth = 0, held = process->stopped ? KERNE_SUSPENDED_STOP : 0;
    for (int q = p; q != caller; q = model.process[q].parent) {
        depth++;
        if (q != p && model.process[q].stopped) {
            held |= KERNE_SUSPENDED_ABOVE;
        }
    }
    uint64_t *words = record->words;
    words[0] = process->name[0];
    words[1] = process->name[1];
    words[2] = process->number | (p != caller ? process->horizon : 0) << 16 |
               (uint64_t)process->closed << 24 |
               (uint64_t)process->is_pseudo << 32 | depth << 40;
    words[3] = (uint64_t)process->wait | held << 8;
    if (process->is_pseudo) {
        words[4] = process->server;
    } else if (process->wait != KERNE_WAITS_NOT) {
        words[4] = process->wait_for;
    }
    words[5] = process->mask;
    words[6] = process->share;
    words[7] = process->area;
}

static void tell_counts(uint64_t received, uint64_t free, uint64_t used,
                        struct record *record)
{
    record->words[0] = received;
    record->words[1] = free;
    record->words[2] = used;
    record->words[3] = received - free - used;
}

static bool is_awaited(int line)
{
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        if (model.buffer[b].in_use && model.buffer[b].external == line) {
            return true;
        }
    }
    return false;
}

static void tell_lines(int p, struct record *record)
{
    for (int line = 1; line < KERNE_LINES; line++) {
        uint64_t bit = UINT64_C(1) << line;
        if (!model_is_within(model.user[line], p)) { continue; }
        record->words[0] |= bit;
        if (model.user[line] != p) {
            record->words[3] |= bit;
        } else {
            record->words[is_awaited(line) ? 2 : 1] |= bit;
        }
    }
}

/* Who else has the windows: those above p are told. */
static void tell_storage(int caller, int p, struct record *record)
{
    int oldest = model_next_sharer(p, NOBODY), next = model_next_sharer(p, p);
    if (next == NOBODY) { next = oldest; }
    record->words[0] = model_set(p)->windows;
    if (p == caller) { return; }
    record->words[1] = next != p ? model.process[next].reference : 0;
    record->words[2] = oldest == p;
}

static enum kerne_result tell_claim(int caller, int p, struct record *record)
{
    const struct model_process *process = &model.process[p];
    switch (record->cursor) {
    case 0:
        tell_counts(process->buffers, model_free_buffers(p),
                    model_used_buffers(p), record);
        return KERNE_r_normal;
    case 1:
        tell_counts(process->processes, model_free_processes(p),
                    model_used_processes(p), record);
        return KERNE_r_normal;
    case 2:
        tell_counts(process->tables, model_free_tables(p), model_used_tables(p),
                    record);
        return KERNE_r_normal;
    case 3: tell_lines(p, record); return KERNE_r_normal;
    case 4: tell_storage(caller, p, record); return KERNE_r_normal;
    default: return KERNE_r_no_more;
    }
}

/* Times are open to the model. */
static void tell_time(int caller, int p, struct record *record)
{
    for (int i = 0; i < 5; i++) {
        record->words[i] = seen_register(caller, A0 + 1 + i);
    }
    if (record->words[0] > record->words[1]) {
        model_disagrees("a process's own time is more than with all below");
    }
    if (p != MODEL_ROOT && (record->words[3] | record->words[4]) != 0) {
        model_disagrees("another than the root is told of nobody's time");
    }
}

/* ---- windows ----------------------------------------------------------- */

/* p's first window from a page on; null: none. */
static const struct model_window *first_window(int p, uint64_t page)
{
    const struct model_set *set = model_set(p);
    const struct model_window *first = NULL;
    for (unsigned i = 0; i < set->windows; i++) {
        const struct model_window *window = &set->window[i];
        if (window->page >= page &&
            (first == NULL || window->page < first->page)) {
            first = window;
        }
    }
    return first;
}

/* How far the nucleus looks in one call, and how long a row it tells, is its
 * own affair; what it tells must be so. */
static enum kerne_result tell_window(int caller, int p, struct record *record)
{
    uint64_t from = record->cursor;
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
    uint64_t touched = 0;
    for (uint64_t i = 0; i < pages; i++) {
        const struct model_window *window = model_window(p, first->page + i);
        touched += window != NULL && window->touched;
        if (window == NULL || window->onto != first->onto + i ||
            window->rights != first->rights) {
            model_disagrees("describe tells a row that is not one");
        }
    }
    record->words[0] = first->page * KERNE_PAGE;
    record->words[1] = first->onto * KERNE_PAGE;
    record->words[2] = pages;
    record->words[3] = first->rights;
    record->words[4] = touched;
    return KERNE_r_normal;
}

/* ---- buffers ----------------------------------------------------------- */

/* Can the caller see the children of this process? */
static bool can_see_into(int caller, int declarer)
{
    if (declarer == NOBODY) { return false; }
    if (model_is_within(declarer, caller)) { return true; }
    int level = caller;
    for (uint64_t up = 0; up < model.process[caller].horizon; up++) {
        level = level != NOBODY ? model.process[level].parent : NOBODY;
        if (level == declarer) { return true; }
    }
    return false;
}

/* Who has p's message, as an address of p. */
static uint64_t holder(int caller, int p, int b)
{
    const struct model_buffer *buffer = &model.buffer[b];
    int declarer = MODEL_ROOT;
    uint64_t number = KERNE_EXTERNAL, up = 0;
    if (buffer->state == KERNE_ANSWERED || buffer->sender == NOBODY ||
        buffer->regretted) {
        return KERNE_VACANT;
    }
    if (buffer->external == NOBODY) {
        if (buffer->receiver == p) { return KERNE_SELF; }
        if (buffer->receiver == model.process[p].parent) {
            return KERNE_PARENT;
        }
        declarer = model.process[buffer->receiver].parent;
        number = model.process[buffer->receiver].number;
    } else {
        number += (uint64_t)buffer->external;
    }
    if (!can_see_into(caller, declarer)) { return KERNE_VACANT; }
    for (int q = p; q != declarer; q = model.process[q].parent) { up++; }
    return KERNE_ADDRESS(up, number);
}

static int next_of(int p, uint64_t what, int last)
{
    return what == KERNE_DESCRIBE_EVENT  ? model_next_event(p, last)
           : what == KERNE_DESCRIBE_HELD ? model_next_held(p, last)
                                         : model_next_used(p, last);
}

static bool is_in_list(int p, uint64_t what, int b)
{
    for (int i = next_of(p, what, NOBODY); i != NOBODY;
         i = next_of(p, what, i)) {
        if (i == b) { return true; }
    }
    return false;
}

static enum kerne_result tell_buffer(int caller, int p, uint64_t what,
                                     struct record *record)
{
    int last = NOBODY;
    if (record->cursor != 0) {
        last = model_by_identity(record->cursor);
        if (last == NOBODY || !is_in_list(p, what, last)) {
            return KERNE_r_gone;
        }
    }
    int b = next_of(p, what, last);
    if (b == NOBODY) { return KERNE_r_no_more; }
    const struct model_buffer *buffer = &model.buffer[b];
    bool answered = buffer->state == KERNE_ANSWERED;
    record->cursor = buffer->identity;
    if (what == KERNE_DESCRIBE_SENT) {
        record->words[0] = buffer->state;
        record->words[1] = answered ? buffer->result : 0;
        record->words[2] = buffer->sender == NOBODY ? KERNE_INHERITED
                           : buffer->regretted      ? KERNE_REGRETTED
                                                    : KERNE_WANTED;
        record->words[3] = holder(caller, p, b);
    } else if (answered) {
        record->words[0] = KERNE_ANSWER | (uint64_t)buffer->result << 8;
    } else {
        record->words[0] = buffer->is_break ? KERNE_BREAK : KERNE_MESSAGE;
        record->words[1] = buffer->from;
    }
    return KERNE_r_normal;
}

/* The words of a buffer that p has sent, has to answer, or has to return. */
static enum kerne_result tell_words(int p, struct record *record)
{
    int b = model_by_identity(record->cursor);
    if (b == NOBODY) { return KERNE_r_gone; }
    const struct model_buffer *buffer = &model.buffer[b];
    if ((buffer->sender != p && buffer->owner != p &&
         (buffer->receiver != p || buffer->state == KERNE_ANSWERED))) {
        return KERNE_r_gone;
    }
    for (int i = 0; i < KERNE_WORDS; i++) {
        record->words[i] = buffer->words[i];
    }
    return KERNE_r_normal;
}

static void tell_tree(int caller, int p, struct record *record)
{
    int parent = model.process[p].parent;
    int child = model_next_child(p, NOBODY);
    if (p != caller && parent != caller) {
        record->words[0] = model.process[parent].reference;
    }
    if (child != NOBODY) { record->words[1] = model.process[child].reference; }
    int sibling = p != caller ? model_next_child(parent, p) : NOBODY;
    if (sibling != NOBODY) {
        record->words[2] = model.process[sibling].reference;
    }
}

/* ---- all --------------------------------------------------------------- */

static enum kerne_result tell(int caller, int p, struct record *record)
{
    uint64_t what = model.process[caller].x[A0 + 1];
    if (model.process[p].is_pseudo && what != KERNE_DESCRIBE_PROCESS &&
        what != KERNE_DESCRIBE_TREE) {
        return KERNE_r_bad_argument;
    }
    if (what != KERNE_DESCRIBE_PROCESS && what != KERNE_DESCRIBE_TREE) {
        model.process[p].spare = 0;
    }
    switch (what) {
    case KERNE_DESCRIBE_PROCESS:
        tell_process(caller, p, record);
        return KERNE_r_normal;
    case KERNE_DESCRIBE_CLAIM: return tell_claim(caller, p, record);
    case KERNE_DESCRIBE_TIME:
        tell_time(caller, p, record);
        return KERNE_r_normal;
    case KERNE_DESCRIBE_WINDOW: return tell_window(caller, p, record);
    case KERNE_DESCRIBE_EVENT:
    case KERNE_DESCRIBE_HELD:
    case KERNE_DESCRIBE_SENT: return tell_buffer(caller, p, what, record);
    case KERNE_DESCRIBE_WORDS: return tell_words(p, record);
    case KERNE_DESCRIBE_TREE:
        tell_tree(caller, p, record);
        return KERNE_r_normal;
    default: return KERNE_r_bad_argument;
    }
}

bool model_describe_function(int caller, enum model_outcome *ret_outcome)
{
    uint64_t *x = model.process[caller].x;
    struct record record = { { 0 }, x[A0 + 2] };
    int p = caller;
    enum kerne_result result = KERNE_r_normal;
    (void)ret_outcome;
    if (x[A7] != KERNE_describe) { return false; }
    if (x[A0] != 0) { result = model_find(caller, x[A0], &p); }
    if (result == KERNE_r_normal) { result = tell(caller, p, &record); }
    x[A0] = record.cursor;
    model_words(caller, record.words);
    model_result(caller, result);
    return true;
}
