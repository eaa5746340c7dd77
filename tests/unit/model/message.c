/* Messages, answers and events in the model. */
#include "model.h"

/* ---- waiting ----------------------------------------------------------- */

static bool is_awaited(int p, int b)
{
    const struct model_process *process = &model.process[p];
    switch (process->wait) {
    case KERNE_WAITS_EVENT: return true;
    case KERNE_WAITS_MESSAGE: return model.buffer[b].state == KERNE_QUEUED;
    case KERNE_WAITS_ANSWER:
        return model.buffer[b].identity == process->wait_for;
    case KERNE_WAITS_NOT:
    case KERNE_WAITS_BREAK: break;
    }
    return false;
}

/* p's wait is over.  Who is suspended does not go on, so its call is repeated
 * later; for others the nucleus may do as it likes. */
static void wake(int p)
{
    struct model_process *process = &model.process[p];
    process->wait = KERNE_WAITS_NOT;
    process->repeats = true;
    if (!model_is_suspended(p) && seen_completed(p)) {
        process->repeats = false;
        model_carry_out(p);
    }
}

static enum model_outcome wait_for(int p, enum kerne_wait wait,
                                   uint64_t identity)
{
    model.process[p].wait = wait;
    model.process[p].wait_for = identity;
    return WAITS_IN_CALL;
}

static void arrive(int p, int b)
{
    model.buffer[b].arrived = ++model.serial;
    if (is_awaited(p, b)) { wake(p); }
}

/* ---- conversations ----------------------------------------------------- */

void model_deliver(int b, int receiver)
{
    model.buffer[b].receiver = receiver;
    model.buffer[b].state = KERNE_QUEUED;
    arrive(receiver, b);
}

void model_free(int b)
{
    struct model_buffer *buffer = &model.buffer[b];
    buffer->in_use = false;
    if (!buffer->is_break && model.process[buffer->owner].spare == 0) {
        model.process[buffer->owner].spare = buffer->claimed;
    }
    for (int p = 0; p < MODEL_PROCESSES; p++) {
        if (model.process[p].serving == b) {
            model.process[p].serving = NOBODY;
        }
    }
}

void model_answer_words(int b, enum kerne_result result,
                        const uint64_t words[KERNE_WORDS])
{
    struct model_buffer *buffer = &model.buffer[b];
    int receiver = buffer->receiver;
    if (receiver != NOBODY && model.process[receiver].serving == b) {
        model.process[receiver].serving = NOBODY;
    }
    if (buffer->sender == NOBODY || buffer->regretted) {
        model_free(b);
        return;
    }
    for (int i = 0; i < KERNE_WORDS; i++) { buffer->words[i] = words[i]; }
    buffer->result = result;
    buffer->state = KERNE_ANSWERED;
    buffer->external = NOBODY;
    arrive(buffer->sender, b);
}

void model_answer(int b, enum kerne_result result, uint64_t word0,
                  uint64_t word1)
{
    const uint64_t words[KERNE_WORDS] = { word0, word1 };
    model_answer_words(b, result, words);
}

static int take_buffer(int p)
{
    uint64_t spare = model.process[p].spare;
    model.process[p].spare = 0;
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        if (!model.buffer[b].in_use) {
            model.buffer[b] = (struct model_buffer){
                .in_use = true,
                .sender = p,
                .owner = p,
                .receiver = NOBODY,
                .external = NOBODY,
                .claimed = spare != 0 ? spare : ++model.serial,
            };
            return b;
        }
    }
    model_disagrees("more buffers are in use than the model has");
}

static void read_words(int p, uint64_t ret_words[KERNE_WORDS])
{
    const uint64_t *x = model.process[p].x;
    for (int i = 0; i < 6; i++) { ret_words[i] = x[A0 + 1 + i]; }
    ret_words[6] = x[T0];
    ret_words[7] = x[T1];
}

/* p opens the conversation that stands in its registers. */
static bool open_conversation(int p)
{
    struct model_process *process = &model.process[p];
    int external, pseudo;
    int receiver = model_receiver(p, process->x[A0], &external, &pseudo);
    if (model_free_buffers(p) == 0) { return false; }
    int b = take_buffer(p);
    struct model_buffer *buffer = &model.buffer[b];
    read_words(p, buffer->words);
    buffer->identity = seen_register(p, A0);
    model_set_account(buffer, p);
    process->x[A0] = buffer->identity;
    if (receiver != NOBODY) {
        buffer->from = model_sender(p, receiver);
        if (pseudo != NOBODY) {
            buffer->from |= KERNE_SENDER_PSEUDO | (uint64_t)pseudo << 32;
        }
        model_deliver(b, receiver);
    } else if (external != NOBODY) {
        buffer->state = KERNE_RECEIVED;
        buffer->external = external;
        model_external_receive(b);
    } else {
        model_answer(b, KERNE_r_does_not_exist, 0, 0);
    }
    return true;
}

static enum model_outcome wait_answer(int p)
{
    struct model_process *process = &model.process[p];
    int b = model_by_identity(process->x[A0]);
    if (b == NOBODY || model.buffer[b].sender != p ||
        model.buffer[b].regretted) {
        model_result(p, KERNE_r_gone);
        return ENDS;
    }
    if (model.buffer[b].state != KERNE_ANSWERED) {
        return wait_for(p, KERNE_WAITS_ANSWER, model.buffer[b].identity);
    }
    model_words(p, model.buffer[b].words);
    model_result(p, model.buffer[b].result);
    model_free(b);
    return ENDS;
}

static enum model_outcome converse(int p)
{
    if (model.process[p].x[A0] >> 32 == 0 && !open_conversation(p)) {
        model_result(p, KERNE_r_no_buffers);
        return ENDS;
    }
    return wait_answer(p);
}

/* ---- events ------------------------------------------------------------ */

static void tell_event(int p, int b, uint64_t flags)
{
    const struct model_buffer *buffer = &model.buffer[b];
    uint64_t *x = model.process[p].x;
    x[A0] = buffer->identity;
    model_words(p, buffer->words);
    if (buffer->state == KERNE_ANSWERED) {
        x[A7] = 0;
        x[T2] = flags | KERNE_ANSWER | (uint64_t)buffer->result << 8;
    } else {
        x[A7] = buffer->from;
        x[T2] = flags | (buffer->is_break ? KERNE_BREAK : KERNE_MESSAGE);
    }
}

static void take_event(int p, int b)
{
    if (model.buffer[b].state == KERNE_ANSWERED) {
        model_free(b);
        return;
    }
    model.buffer[b].state = KERNE_RECEIVED;
    model.buffer[b].taken = ++model.serial;
    model.process[p].serving = b;
}

static enum model_outcome wait_message(int p)
{
    int b = model_next_event(p, NOBODY);
    while (b != NOBODY && model.buffer[b].state != KERNE_QUEUED) {
        b = model_next_event(p, b);
    }
    if (b == NOBODY) { return wait_for(p, KERNE_WAITS_MESSAGE, 0); }
    tell_event(p, b, 0);
    take_event(p, b);
    return ENDS;
}

static bool is_in_queue(int p, int b)
{
    for (int i = model_next_event(p, NOBODY); i != NOBODY;
         i = model_next_event(p, i)) {
        if (i == b) { return true; }
    }
    return false;
}

static int event_after(int p, uint64_t last, uint64_t *ret_flags)
{
    int b = last != 0 ? model_by_identity(last) : NOBODY;
    bool is_there = b != NOBODY && is_in_queue(p, b);
    *ret_flags = last != 0 && !is_there ? KERNE_EVENT_LAST_GONE : 0;
    return model_next_event(p, is_there ? b : NOBODY);
}

static enum model_outcome wait_event(int p)
{
    uint64_t flags, last = model.process[p].x[A0];
    int b = event_after(p, last, &flags);
    model.process[p].x[T2] = flags;
    if (b == NOBODY) { return wait_for(p, KERNE_WAITS_EVENT, last); }
    tell_event(p, b, flags);
    return ENDS;
}

static void test_event(int p)
{
    static const uint64_t none[KERNE_WORDS];
    uint64_t flags, *x = model.process[p].x;
    int b = event_after(p, x[A0], &flags);
    if (b != NOBODY) {
        tell_event(p, b, flags);
        return;
    }
    model_words(p, none);
    x[A7] = x[A0] = 0;
    x[T2] = KERNE_NO_EVENT | flags;
}

static enum kerne_result get_event(int p)
{
    int b = model_by_identity(model.process[p].x[A0]);
    if (b == NOBODY || !is_in_queue(p, b)) { return KERNE_r_gone; }
    take_event(p, b);
    return KERNE_r_normal;
}

/* ---- answers and regrets ----------------------------------------------- */

static enum kerne_result send_answer(int p)
{
    const uint64_t *x = model.process[p].x;
    int b = model_by_identity(x[A0]);
    uint64_t words[KERNE_WORDS];
    if (b == NOBODY || model.buffer[b].state != KERNE_RECEIVED ||
        model.buffer[b].receiver != p) {
        return KERNE_r_gone;
    }
    if (x[T2] < 1 || x[T2] > 5) { return KERNE_r_bad_argument; }
    read_words(p, words);
    if (model.buffer[b].is_break) {
        return model_break_answer(b, (enum kerne_result)x[T2], words);
    }
    bool wanted =
        model.buffer[b].sender != NOBODY && !model.buffer[b].regretted;
    model_answer_words(b, (enum kerne_result)x[T2], words);
    return wanted ? KERNE_r_normal : KERNE_r_gone;
}

static enum model_outcome serve(int p)
{
    uint64_t *x = model.process[p].x;
    if (x[A0] != 0) {
        x[T2] = send_answer(p) == KERNE_r_normal ? 0 : KERNE_EVENT_ANSWER_GONE;
        x[A0] = 0;
    } else {
        x[T2] &= KERNE_EVENT_ANSWER_GONE;
    }
    int b = model_next_event(p, NOBODY);
    if (b == NOBODY) { return wait_for(p, KERNE_WAITS_EVENT, 0); }
    tell_event(p, b, x[T2]);
    take_event(p, b);
    return ENDS;
}

/* A message, or its answer, is taken back. */
void model_withdraw(int b)
{
    struct model_buffer *buffer = &model.buffer[b];
    int receiver = buffer->receiver;
    if (buffer->state == KERNE_RECEIVED && receiver != NOBODY) {
        buffer->regretted = true;
        if (model.process[receiver].serving == b) {
            model.process[receiver].serving = NOBODY;
        }
        return;
    }
    bool queued = buffer->state == KERNE_QUEUED;
    model_free(b);
    if (queued && model.process[receiver].wait == KERNE_WAITS_EVENT &&
        model.process[receiver].wait_for == buffer->identity) {
        wake(receiver); /* what it waited behind is gone */
    }
}

static enum kerne_result regret(int p)
{
    int b = model_by_identity(model.process[p].x[A0]);
    if (b != NOBODY && model.buffer[b].sender == NOBODY &&
        model.buffer[b].owner == p) {
        model_free(b); /* inherited, and received by somebody */
        return KERNE_r_normal;
    }
    if (b == NOBODY || model.buffer[b].sender != p ||
        model.buffer[b].regretted || model.buffer[b].is_break) {
        return KERNE_r_gone;
    }
    model_withdraw(b);
    return KERNE_r_normal;
}

bool model_message_function(int p, enum model_outcome *ret_outcome)
{
    switch (model.process[p].x[A7]) {
    case KERNE_send_message:
        model_result(p, open_conversation(p) ? KERNE_r_normal
                                             : KERNE_r_no_buffers);
        return true;
    case KERNE_wait_answer: *ret_outcome = wait_answer(p); return true;
    case KERNE_wait_message: *ret_outcome = wait_message(p); return true;
    case KERNE_send_answer: model_result(p, send_answer(p)); return true;
    case KERNE_wait_event: *ret_outcome = wait_event(p); return true;
    case KERNE_get_event: model_result(p, get_event(p)); return true;
    case KERNE_test_event: test_event(p); return true;
    case KERNE_regret_message: model_result(p, regret(p)); return true;
    case KERNE_converse: *ret_outcome = converse(p); return true;
    case KERNE_serve: *ret_outcome = serve(p); return true;
    case KERNE_general_copy: *ret_outcome = model_copy(p); return true;
    default: return false;
    }
}
