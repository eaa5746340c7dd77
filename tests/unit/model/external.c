/* The clock and the interrupt lines in the model. */
#include "model.h"

#define CLOCK 0

static void tell_time(struct model_buffer *b)
{
    model_answer(b, KERNE_r_normal, (const uint64_t[8]){ 0, model.now });
}

/* ---- messages ---------------------------------------------------------- */

static void clock_receive(struct model_buffer *b)
{
    uint64_t when = b->words[1];
    switch (b->words[0] >> 2) {
    case KERNE_SENSE: when = model.now; break;
    case KERNE_CLOCK_DELAY:
        when = when >= UINT64_MAX - model.now ? UINT64_MAX : model.now + when;
        break;
    case KERNE_CLOCK_UNTIL: break;
    default: model_answer(b, KERNE_r_unintelligible, model_none); return;
    }
    b->deadline = when;
    if (when <= model.now) { tell_time(b); }
}

/* The buffer that waits at a line. */
struct model_buffer *model_waiting_at(int line)
{
    for (int i = 0; i < MODEL_BUFFERS; i++) {
        struct model_buffer *b = &model.buffer[i];
        if (b->in_use && b->state == KERNE_RECEIVED && b->external == line) {
            return b;
        }
    }
    return NULL;
}

static void line_receive(struct model_buffer *b, int line)
{
    if (model.user[line] != b->sender || model_waiting_at(line) != NULL) {
        model_answer(b, KERNE_r_rejected, model_none);
    } else if (b->words[0] >> 2 != KERNE_LINE_AWAIT) {
        model_answer(b, KERNE_r_unintelligible, model_none);
    } else {
        b->external = line;
    }
}

void model_external_receive(struct model_buffer *b)
{
    int external = b->external;
    if (external == CLOCK) {
        clock_receive(b);
    } else {
        b->external = MODEL_NO_EXTERNAL;
        line_receive(b, external);
    }
}

/* ---- interrupts -------------------------------------------------------- */

/* The message to the clock that is due first. */
static struct model_buffer *first_due(void)
{
    struct model_buffer *first = NULL;
    for (int i = 0; i < MODEL_BUFFERS; i++) {
        struct model_buffer *b = &model.buffer[i];
        if (b->in_use && b->state == KERNE_RECEIVED && b->external == CLOCK &&
            b->deadline <= model.now &&
            (first == NULL || b->deadline < first->deadline)) {
            first = b;
        }
    }
    return first;
}

void model_clock(void)
{
    for (struct model_buffer *b; (b = first_due()) != NULL;) { tell_time(b); }
}

void model_line(uint32_t number)
{
    struct model_buffer *b = model_waiting_at((int)number);
    if (b != NULL) { model_answer(b, KERNE_r_normal, model_none); }
}

/* ---- the right to a line ----------------------------------------------- */

static void pass(int line, struct model_process *user)
{
    struct model_buffer *b = model_waiting_at(line);
    model.user[line] = user;
    if (b != NULL) { model_answer(b, KERNE_r_rejected, model_none); }
}

/* p is being removed, and nobody is below it any more. */
void model_external_leave(const struct model_process *p)
{
    for (int line = 1; line < KERNE_LINES; line++) {
        if (model.user[line] == p) { pass(line, p->parent); }
    }
}

static unsigned move(struct model_process *caller, bool include)
{
    uint64_t line = caller->x[A0 + 1];
    struct model_process *p;
    enum kerne_result result = model_internal(caller, caller->x[A0], &p);
    if (result != KERNE_r_normal) { return result; }
    if (line == 0 || line >= KERNE_LINES) { return KERNE_r_bad_argument; }
    struct model_process *giver = include ? caller : p;
    if (model.user[line] != giver) {
        return model_is_within(model.user[line], giver) ? KERNE_r_line_in_use
                                                        : KERNE_r_not_user;
    }
    pass((int)line, include ? p : caller);
    return KERNE_r_normal;
}

unsigned model_include_user(struct model_process *p) { return move(p, true); }
unsigned model_exclude_user(struct model_process *p) { return move(p, false); }
