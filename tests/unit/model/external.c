/* The clock and the interrupt lines in the model. */
#include "model.h"

#define CLOCK 0

/* ---- messages ---------------------------------------------------------- */

static void clock_receive(int b)
{
    struct model_buffer *buffer = &model.buffer[b];
    uint64_t when = buffer->words[1];
    uint64_t operation = buffer->words[0] >> 2;
    if (operation == KERNE_SENSE) {
        when = model.now;
    } else if (operation == KERNE_CLOCK_DELAY) {
        bool far = when >= UINT64_MAX - model.now;
        when = far ? UINT64_MAX : model.now + when;
    } else if (operation != KERNE_CLOCK_UNTIL) {
        model_answer(b, KERNE_r_unintelligible, 0, 0);
        return;
    }
    if (when <= model.now) {
        model_answer(b, KERNE_r_normal, 0, model.now);
    } else {
        buffer->deadline = when;
    }
}

/* The buffer that waits at a line. */
static int waiting_at(int line)
{
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        const struct model_buffer *buffer = &model.buffer[b];
        if (buffer->in_use && buffer->state == KERNE_RECEIVED &&
            buffer->external == line) {
            return b;
        }
    }
    return NOBODY;
}

static void line_receive(int b)
{
    struct model_buffer *buffer = &model.buffer[b];
    int line = buffer->external;
    buffer->external = NOBODY;
    if (model.user[line] != buffer->sender || waiting_at(line) != NOBODY) {
        model_answer(b, KERNE_r_rejected, 0, 0);
    } else if (buffer->words[0] >> 2 != KERNE_LINE_AWAIT) {
        model_answer(b, KERNE_r_unintelligible, 0, 0);
    } else {
        buffer->external = line;
    }
}

void model_external_receive(int b)
{
    if (model.buffer[b].external == CLOCK) {
        clock_receive(b);
    } else {
        line_receive(b);
    }
}

/* ---- interrupts -------------------------------------------------------- */

/* The message to the clock that is due first. */
static int first_due(void)
{
    int first = NOBODY;
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        const struct model_buffer *buffer = &model.buffer[b];
        if (buffer->in_use && buffer->state == KERNE_RECEIVED &&
            buffer->external == CLOCK && buffer->deadline <= model.now &&
            (first == NOBODY ||
             buffer->deadline < model.buffer[first].deadline)) {
            first = b;
        }
    }
    return first;
}

void model_clock(void)
{
    for (int b = first_due(); b != NOBODY; b = first_due()) {
        model_answer(b, KERNE_r_normal, 0, model.now);
    }
}

void model_line(uint32_t number)
{
    int b = waiting_at((int)number);
    if (b != NOBODY) { model_answer(b, KERNE_r_normal, 0, 0); }
}

/* ---- the right to a line ----------------------------------------------- */

static void pass(int line, int user)
{
    int b = waiting_at(line);
    model.user[line] = user;
    if (b != NOBODY) { model_answer(b, KERNE_r_rejected, 0, 0); }
}

/* p is being removed, and nobody is below it any more. */
void model_external_leave(int p)
{
    for (int line = 1; line < KERNE_LINES; line++) {
        if (model.user[line] == p) { pass(line, model.process[p].parent); }
    }
}

static enum kerne_result find_user(int caller, int *ret_p)
{
    const uint64_t *x = model.process[caller].x;
    enum kerne_result result = model_find(caller, x[A0], ret_p);
    if (result == KERNE_r_normal &&
        (model.process[*ret_p].is_pseudo || x[A0 + 1] == 0 ||
         x[A0 + 1] >= KERNE_LINES)) {
        result = KERNE_r_bad_argument;
    }
    return result;
}

/* The line goes from `giver` to `taker`, one of them the caller. */
static enum kerne_result move(int caller, bool include)
{
    int p = NOBODY;
    enum kerne_result result = find_user(caller, &p);
    if (result != KERNE_r_normal) { return result; }
    int line = (int)model.process[caller].x[A0 + 1];
    int giver = include ? caller : p;
    if (model.user[line] != giver) {
        return model_is_within(model.user[line], giver) ? KERNE_r_line_in_use
                                                        : KERNE_r_not_user;
    }
    pass(line, include ? p : caller);
    return KERNE_r_normal;
}

bool model_external_function(int p, enum model_outcome *ret_outcome)
{
    (void)ret_outcome;
    switch (model.process[p].x[A7]) {
    case KERNE_include_user: model_result(p, move(p, true)); return true;
    case KERNE_exclude_user: model_result(p, move(p, false)); return true;
    default: return false;
    }
}
