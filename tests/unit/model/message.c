/* Messages, answers and events in the model. */
#include <string.h>

#include "model.h"

/* ---- waiting ----------------------------------------------------------- */

static bool is_awaited(const struct model_process *p,
                       const struct model_buffer *b)
{
    switch (p->wait) {
    case KERNE_WAITS_EVENT: return true;
    case KERNE_WAITS_MESSAGE: return b->state == KERNE_QUEUED;
    case KERNE_WAITS_ANSWER: return b->identity == p->wait_for;
    case KERNE_WAITS_NOT:
    case KERNE_WAITS_BREAK: break;
    }
    return false;
}

/* p's wait is over.  Who is suspended does not go on, so its call is repeated
 * later; for others the nucleus may do as it likes. */
static void wake(struct model_process *p)
{
    p->wait = KERNE_WAITS_NOT;
    p->repeats = true;
    if (!model_is_suspended(p) && seen_completed(p)) {
        p->repeats = false;
        model_carry_out(p);
    }
}

static unsigned wait_for(struct model_process *p, enum kerne_wait wait,
                         uint64_t identity)
{
    p->wait = wait;
    p->wait_for = identity;
    return MODEL_WAITS;
}

static void arrive(struct model_process *p, struct model_buffer *b)
{
    b->arrived = ++model.serial;
    if (is_awaited(p, b)) { wake(p); }
}

/* ---- conversations ----------------------------------------------------- */

struct model_buffer *model_take_buffer(struct model_process *p,
                                       uint64_t identity)
{
    struct model_buffer *b = model.buffer;
    while (b->in_use) {
        if (++b == model.buffer + MODEL_BUFFERS) {
            model_disagrees("more buffers are in use than the model has");
        }
    }
    *b = (struct model_buffer){
        .in_use = true,
        .identity = identity,
        .sender = p,
        .external = MODEL_NO_EXTERNAL,
    };
    b->account = seen_pays_itself(p, identity) ? p : model_account(p);
    b->account_born = b->account->born;
    return b;
}

void model_give_back(struct model_buffer *b)
{
    b->in_use = false;
    if (!b->is_break && b->owner->spare == 0) { b->owner->spare = b->claimed; }
    for (int i = 0; i < MODEL_PROCESSES; i++) {
        if (model.process[i].serving == b) { model.process[i].serving = NULL; }
    }
}

void model_deliver(struct model_buffer *b, struct model_process *receiver)
{
    b->receiver = receiver;
    b->state = KERNE_QUEUED;
    arrive(receiver, b);
}

static void stop_serving(const struct model_buffer *b)
{
    if (b->receiver != NULL && b->receiver->serving == b) {
        b->receiver->serving = NULL;
    }
}

void model_answer(struct model_buffer *b, enum kerne_result result,
                  const uint64_t words[KERNE_WORDS])
{
    stop_serving(b);
    if (b->sender == NULL || b->regretted) {
        model_give_back(b);
        return;
    }
    memcpy(b->words, words, sizeof b->words);
    b->result = result;
    b->state = KERNE_ANSWERED;
    b->external = MODEL_NO_EXTERNAL;
    arrive(b->sender, b);
}

static void read_words(const struct model_process *p,
                       uint64_t ret_words[KERNE_WORDS])
{
    memcpy(ret_words, &p->x[A0 + 1], 6 * sizeof *ret_words);
    ret_words[6] = p->x[T0];
    ret_words[7] = p->x[T1];
}

/* p opens the conversation that stands in its registers. */
unsigned model_send_message(struct model_process *p)
{
    int external;
    uint64_t pseudo;
    struct model_process *receiver =
        model_receiver(p, p->x[A0], &external, &pseudo);
    if (model_free(p, OF_BUFFERS) == 0) { return KERNE_r_no_buffers; }
    p->x[A0] = seen_register(p, A0);
    struct model_buffer *b = model_take_buffer(p, p->x[A0]);
    read_words(p, b->words);
    b->owner = p;
    b->claimed = p->spare != 0 ? p->spare : ++model.serial;
    p->spare = 0;
    if (receiver != NULL) {
        b->from = model_sender(p, receiver) | pseudo;
        model_deliver(b, receiver);
    } else if (external != MODEL_NO_EXTERNAL) {
        b->state = KERNE_RECEIVED;
        b->external = external;
        model_external_receive(b);
    } else {
        model_answer(b, KERNE_r_does_not_exist, model_none);
    }
    return KERNE_r_normal;
}

unsigned model_wait_answer(struct model_process *p)
{
    struct model_buffer *b = model_by_identity(p->x[A0]);
    if (b == NULL || b->sender != p || b->regretted) { return KERNE_r_gone; }
    if (b->state != KERNE_ANSWERED) {
        return wait_for(p, KERNE_WAITS_ANSWER, b->identity);
    }
    model_tell(p, b->words);
    model_give_back(b);
    return b->result;
}

unsigned model_converse(struct model_process *p)
{
    unsigned end = KERNE_r_normal;
    if (p->x[A0] >> 32 == 0) { end = model_send_message(p); }
    return end == KERNE_r_normal ? model_wait_answer(p) : end;
}

/* ---- events ------------------------------------------------------------ */

/* The end of a function that tells of an event, or that there is none. */
static unsigned told(struct model_process *p, uint64_t kind, uint64_t flags)
{
    p->x[T2] = kind | flags;
    return (unsigned)(MODEL_EVENT + (kind & 0xff) +
                      (flags & KERNE_EVENT_LAST_GONE) / 0x4000 +
                      (flags & KERNE_EVENT_ANSWER_GONE) / 0x4000);
}

static unsigned tell_event(struct model_process *p,
                           const struct model_buffer *b, uint64_t flags)
{
    p->x[A0] = b->identity;
    model_tell(p, b->words);
    if (b->state == KERNE_ANSWERED) {
        p->x[A7] = 0;
        return told(p, KERNE_ANSWER | (uint64_t)b->result << 8, flags);
    }
    p->x[A7] = b->from;
    return told(p, b->is_break ? KERNE_BREAK : KERNE_MESSAGE, flags);
}

static void take_event(struct model_process *p, struct model_buffer *b)
{
    if (b->state == KERNE_ANSWERED) {
        model_give_back(b);
        return;
    }
    b->state = KERNE_RECEIVED;
    b->taken = ++model.serial;
    p->serving = b;
}

unsigned model_wait_message(struct model_process *p)
{
    struct model_buffer *b = model_next(p, KERNE_DESCRIBE_EVENT, NULL);
    while (b != NULL && b->state != KERNE_QUEUED) {
        b = model_next(p, KERNE_DESCRIBE_EVENT, b);
    }
    if (b == NULL) { return wait_for(p, KERNE_WAITS_MESSAGE, 0); }
    unsigned end = tell_event(p, b, 0);
    take_event(p, b);
    return end;
}

static struct model_buffer *event_after(const struct model_process *p,
                                        uint64_t last, uint64_t *ret_flags)
{
    const struct model_buffer *b = last != 0 ? model_by_identity(last) : NULL;
    if (!model_is_in(p, KERNE_DESCRIBE_EVENT, b)) { b = NULL; }
    *ret_flags = last != 0 && b == NULL ? KERNE_EVENT_LAST_GONE : 0;
    return model_next(p, KERNE_DESCRIBE_EVENT, b);
}

unsigned model_wait_event(struct model_process *p)
{
    uint64_t flags, last = p->x[A0];
    const struct model_buffer *b = event_after(p, last, &flags);
    p->x[T2] = flags;
    return b != NULL ? tell_event(p, b, flags)
                     : wait_for(p, KERNE_WAITS_EVENT, last);
}

unsigned model_test_event(struct model_process *p)
{
    uint64_t flags;
    const struct model_buffer *b = event_after(p, p->x[A0], &flags);
    if (b != NULL) { return tell_event(p, b, flags); }
    model_tell(p, model_none);
    p->x[A7] = p->x[A0] = 0;
    return told(p, KERNE_NO_EVENT, flags);
}

unsigned model_get_event(struct model_process *p)
{
    struct model_buffer *b = model_by_identity(p->x[A0]);
    if (!model_is_in(p, KERNE_DESCRIBE_EVENT, b)) { return KERNE_r_gone; }
    take_event(p, b);
    return KERNE_r_normal;
}

/* ---- answers and regrets ----------------------------------------------- */

unsigned model_send_answer(struct model_process *p)
{
    struct model_buffer *b = model_by_identity(p->x[A0]);
    uint64_t words[KERNE_WORDS], result = p->x[T2];
    if (!model_is_in(p, KERNE_DESCRIBE_HELD, b)) { return KERNE_r_gone; }
    if (result < 1 || result > 5) { return KERNE_r_bad_argument; }
    read_words(p, words);
    if (b->is_break) {
        return model_break_answer(b, (enum kerne_result)result, words);
    }
    bool wanted = b->sender != NULL && !b->regretted;
    model_answer(b, (enum kerne_result)result, words);
    return wanted ? KERNE_r_normal : KERNE_r_gone;
}

unsigned model_serve(struct model_process *p)
{
    uint64_t *x = p->x;
    if (x[A0] != 0) {
        bool done = model_send_answer(p) == KERNE_r_normal;
        x[T2] = done ? 0 : KERNE_EVENT_ANSWER_GONE;
        x[A0] = 0;
        p->serving = NULL;
    }
    x[T2] &= KERNE_EVENT_ANSWER_GONE;
    struct model_buffer *b = model_next(p, KERNE_DESCRIBE_EVENT, NULL);
    if (b == NULL) { return wait_for(p, KERNE_WAITS_EVENT, 0); }
    unsigned end = tell_event(p, b, x[T2]);
    take_event(p, b);
    return end;
}

/* A message, or its answer, is taken back. */
void model_withdraw(struct model_buffer *b)
{
    if (b->state == KERNE_RECEIVED && b->receiver != NULL) {
        b->regretted = true;
        stop_serving(b);
        return;
    }
    bool queued = b->state == KERNE_QUEUED;
    model_give_back(b);
    if (queued && b->receiver->wait == KERNE_WAITS_EVENT &&
        b->receiver->wait_for == b->identity) {
        wake(b->receiver); /* what it waited behind is gone */
    }
}

unsigned model_regret_message(struct model_process *p)
{
    struct model_buffer *b = model_by_identity(p->x[A0]);
    if (b != NULL && b->sender == NULL && b->owner == p) {
        model_give_back(b); /* inherited, and received by somebody */
        return KERNE_r_normal;
    }
    if (b == NULL || b->sender != p || b->regretted || b->is_break) {
        return KERNE_r_gone;
    }
    model_withdraw(b);
    return KERNE_r_normal;
}
