/*
 * Messages, answers, and the one event queue of each process.
 *
 * M1  A queued buffer stands in its receiver's queue, and among the messages
 *     there; an answered one in its sender's queue; in order of arrival.
 * M2  A received buffer stands in its receiver's list of held messages, or an
 *     external process has it.
 * M3  A buffer's sender is alive or 0, and then nobody waits for its answer.
 * M4  A process that waits has no event that would satisfy its wait.
 *
 * The four calls, wait event and get event are those of 1969; regret message
 * and test event come from the RC 8000.
 */
#include "nucleus.h"

/* ---- queues ------------------------------------------------------------ */

static void unqueue(struct process *p, struct buffer *b)
{
    list_remove(&p->events, b, EVENTS);
    if (b->state == KERNE_QUEUED) { list_remove(&p->messages, b, MESSAGES); }
}

/* p receives a message that is in no queue. */
static inline void hold(struct process *p, struct buffer *b)
{
    b->state = KERNE_RECEIVED;
    list_append(&p->held, b, EVENTS);
    p->serving = buffer_index(b);
    this_hart->unsettled |= p == this_hart->current;
}

/* p works on the message no more, if it did: it pays for itself again. */
static void serve_no_more(struct process *p, const struct buffer *b)
{
    if (p->serving == buffer_index(b)) {
        p->serving = 0;
        this_hart->unsettled |= p == this_hart->current;
    }
}

/* A received message leaves its receiver's hands. */
void message_hold_remove(struct buffer *b)
{
    struct process *p = process_at(b->receiver);
    list_remove(&p->held, b, EVENTS);
    serve_no_more(p, b);
}

/* ---- waiting ----------------------------------------------------------- */

enum kerne_result message_wait_event(struct process *p);

static enum kerne_result wait_for(struct process *p, enum kerne_wait wait,
                                  uint64_t identity)
{
    p->wait = (uint16_t)wait;
    p->wait_for = identity;
    p->epoch = nucleus.epoch;
    return WAITS;
}

/* p can run again: in the place of the current process, when that waits next,
 * if it can be so (`at_once`: nothing above p is stopped); else in its turn.
 * `first`: woken by an external process, so it goes before its siblings. */
void message_resume(struct process *p, bool first, bool at_once)
{
    if (first) {
        time_ready_first(p);
    } else if (at_once && this_hart->handoff == NULL) {
        this_hart->handoff = p;
        this_hart->unsettled |=
            this_hart->alone || process_is_within(this_hart->current, p);
    } else {
        time_ready(p);
    }
}

/* Tells p of an event. */
static enum kerne_result tell(struct process *p, const struct buffer *b,
                              uint64_t flags)
{
    bool answer = b->state == KERNE_ANSWERED;
    p->x[R_A0] = b->identity;
    call_set_words(p, b->words);
    p->x[R_FUNCTION] = answer ? 0 : b->from;
    p->x[R_RESULT] =
        flags | (answer        ? KERNE_ANSWER | (uint64_t)b->result << 8
                 : b->is_break ? KERNE_BREAK
                               : KERNE_MESSAGE);
    return KEPT;
}

static void take_answer(struct process *p, struct buffer *b)
{
    call_set_words(p, b->words);
    p->x[R_RESULT] = b->result;
    claim_return(b);
}

static bool is_awaited(const struct process *p, const struct buffer *b)
{
    switch ((enum kerne_wait)p->wait) {
    case KERNE_WAITS_EVENT: return true;
    case KERNE_WAITS_MESSAGE: return b->state == KERNE_QUEUED;
    case KERNE_WAITS_ANSWER: return b->identity == p->wait_for;
    case KERNE_WAITS_NOT:
    case KERNE_WAITS_BREAK: break;
    }
    return false;
}

/* p gets what it waits for without its having been queued. */
static void hand_over(struct process *p, struct buffer *b)
{
    if (p->wait == KERNE_WAITS_ANSWER) {
        take_answer(p, b);
    } else {
        tell(p, b, p->wait == KERNE_WAITS_MESSAGE ? 0 : p->x[R_RESULT]);
        if (b->state == KERNE_QUEUED) {
            hold(p, b);
        } else {
            claim_return(b);
        }
    }
    call_finish(p, KEPT);
}

/*
 * An event arrives in p's queue.  If p waits for it, and nothing can have
 * stopped p since it began to wait, the wait is over here and now; else p
 * repeats its call when it runs.
 */
static void arrive(struct process *p, struct buffer *b, bool first)
{
    bool awaited = is_awaited(p, b);
    bool at_once = awaited && p->held_out == 0 && p->epoch == nucleus.epoch;
    if (at_once && p->call != CALL_INDEX(KERNE_wait_event)) {
        hand_over(p, b);
    } else {
        list_append(&p->events, b, EVENTS);
        if (b->state == KERNE_QUEUED) {
            list_append(&p->messages, b, MESSAGES);
        }
        if (!awaited) { return; }
        if (at_once) { call_finish(p, message_wait_event(p)); }
    }
    p->wait = KERNE_WAITS_NOT;
    message_resume(p, first, at_once);
}

/* ---- conversations ----------------------------------------------------- */

/* Queues a message, complete but for its receiver. */
void message_deliver(struct buffer *b, struct process *receiver)
{
    b->receiver = process_index(receiver);
    b->state = KERNE_QUEUED;
    arrive(receiver, b, false);
}

/* The answer, whose words stand in b, goes to the sender, if there is one.  b
 * is in nobody's queue or hands. */
void message_answer(struct buffer *b, enum kerne_result result)
{
    if (b->sender == 0 || b->regretted) {
        claim_return(b);
        return;
    }
    b->state = KERNE_ANSWERED;
    b->result = (uint16_t)result;
    arrive(process_at(b->sender), b, b->receiver == 0);
}

/* The nucleus answers in the place of a receiver that is not there. */
static void answer_unreceived(struct buffer *b, bool had_been_received)
{
    for (int i = 0; i < KERNE_WORDS; i++) { b->words[i] = 0; }
    b->words[0] = had_been_received ? KERNE_HAD_BEEN_RECEIVED : 0;
    message_answer(b, KERNE_r_does_not_exist);
}

/* An answer that its sender does not take any more. */
void message_drop(struct buffer *b)
{
    unqueue(process_at(b->sender), b);
    claim_return(b);
}

/* Opens the conversation in p's registers, and puts its buffer there. */
static enum kerne_result open(struct process *p)
{
    uint64_t pseudo = 0;
    uint32_t target = name_resolve(p, p->x[R_A0], &pseudo);
    struct buffer *b = claim_take(p);
    REFUSE(b == NULL, no_buffers);
    call_words(p, b->words);
    b->sender = process_index(p);
    b->account = time_account(p);
    b->account_generation = (uint16_t)process_at(b->account)->identity;
    b->regretted = 0;
    p->x[R_A0] = b->identity;
    if (target >= TARGET_EXTERNAL) {
        b->receiver = 0;
        b->state = KERNE_RECEIVED;
        external_receive(b, target - TARGET_EXTERNAL);
    } else if (target == TARGET_NONE) {
        b->receiver = b->sender;
        answer_unreceived(b, false);
    } else {
        b->from = name_sender(p, process_at(target)) | pseudo;
        message_deliver(b, process_at(target));
    }
    return KERNE_r_normal;
}

/* 16.  Cost: constant. */
enum kerne_result message_send(struct process *p) { return open(p); }

/* 18.  Cost: constant. */
enum kerne_result message_wait_answer(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    REFUSE(b == NULL || b->sender != p->index || b->regretted, gone);
    if (b->state != KERNE_ANSWERED) {
        return wait_for(p, KERNE_WAITS_ANSWER, p->x[R_A0]);
    }
    unqueue(p, b);
    take_answer(p, b);
    return KEPT;
}

/* 128.  Send message and wait answer.  Once sent, a0 is the buffer in place of
 * the address, which is smaller than any buffer.  Cost: constant. */
enum kerne_result message_converse(struct process *p)
{
    if (p->x[R_A0] >> 32 == 0) { TRY(open(p)); }
    return message_wait_answer(p);
}

/* Takes an event out of p's queue. */
static void take(struct process *p, struct buffer *b)
{
    unqueue(p, b);
    if (b->state == KERNE_QUEUED) {
        hold(p, b);
    } else {
        claim_return(b);
    }
}

/* 20.  Cost: constant. */
enum kerne_result message_wait_message(struct process *p)
{
    if (p->messages.first == 0) { return wait_for(p, KERNE_WAITS_MESSAGE, 0); }
    struct buffer *b = buffer_at(p->messages.first);
    tell(p, b, 0);
    take(p, b);
    return KEPT;
}

static bool is_in_queue(const struct process *p, const struct buffer *b)
{
    uint16_t index = process_index(p);
    return (b->state == KERNE_QUEUED && b->receiver == index) ||
           (b->state == KERNE_ANSWERED && b->sender == index);
}

/* The event after `last`, 0 if there is none; *ret_flags: is `last` gone? */
static uint32_t event_after(const struct process *p, uint64_t last,
                            uint64_t *ret_flags)
{
    const struct buffer *b = last != 0 ? message_find(last) : NULL;
    bool found = b != NULL && is_in_queue(p, b);
    *ret_flags = last != 0 && !found ? KERNE_EVENT_LAST_GONE : 0;
    return found ? b->link[EVENTS].next : p->events.first;
}

/* 24.  Cost: constant. */
enum kerne_result message_wait_event(struct process *p)
{
    uint64_t flags;
    uint32_t next = event_after(p, p->x[R_A0], &flags);
    return next == 0 ? wait_for(p, KERNE_WAITS_EVENT, p->x[R_A0])
                     : tell(p, buffer_at(next), flags);
}

/* 66.  Cost: constant. */
enum kerne_result message_test_event(struct process *p)
{
    static const uint64_t none[KERNE_WORDS];
    uint64_t flags;
    uint32_t next = event_after(p, p->x[R_A0], &flags);
    if (next != 0) { return tell(p, buffer_at(next), flags); }
    call_set_words(p, none);
    p->x[R_FUNCTION] = p->x[R_A0] = 0;
    p->x[R_RESULT] = KERNE_NO_EVENT | flags;
    return KEPT;
}

/* 26.  Cost: constant. */
enum kerne_result message_get_event(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    REFUSE(b == NULL || !is_in_queue(p, b), gone);
    take(p, b);
    return KERNE_r_normal;
}

/* 22.  Cost: constant. */
enum kerne_result message_send_answer(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    uint64_t result = p->x[R_RESULT];
    REFUSE(b == NULL || b->state != KERNE_RECEIVED ||
           b->receiver != process_index(p), gone);
    REFUSE(result < KERNE_r_normal || result > KERNE_r_does_not_exist,
           bad_argument);
    if (b->is_break) {
        uint64_t words[KERNE_WORDS];
        call_words(p, words);
        return break_answer(b, (enum kerne_result)result, words);
    }
    bool wanted = b->sender != 0 && !b->regretted;
    message_hold_remove(b);
    call_words(p, b->words);
    message_answer(b, (enum kerne_result)result);
    return wanted ? KERNE_r_normal : KERNE_r_gone;
}

/* 129.  Send answer, if there is one to send; wait event; get event.  While it
 * waits, a0 is 0 and t2 keeps what became of the answer.  Cost: constant. */
enum kerne_result message_serve(struct process *p)
{
    if (p->x[R_A0] != 0) {
        p->x[R_RESULT] = message_send_answer(p) == KERNE_r_normal
                             ? 0
                             : KERNE_EVENT_ANSWER_GONE;
        p->x[R_A0] = 0;
    } else {
        p->x[R_RESULT] &= KERNE_EVENT_ANSWER_GONE;
    }
    if (p->events.first == 0) { return wait_for(p, KERNE_WAITS_EVENT, 0); }
    struct buffer *b = buffer_at(p->events.first);
    tell(p, b, p->x[R_RESULT]);
    take(p, b);
    return KEPT;
}

/* ---- withdrawal -------------------------------------------------------- */

static void withdraw_queued(struct buffer *b)
{
    struct process *p = process_at(b->receiver);
    bool last = p->wait == KERNE_WAITS_EVENT && p->wait_for == b->identity;
    unqueue(p, b);
    claim_return(b);
    if (last) { /* it waits from the front now */
        p->wait = KERNE_WAITS_NOT;
        message_resume(p, false, false);
    }
}

/* A message or its answer is taken back, wherever it is. */
void message_withdraw(struct buffer *b)
{
    if (b->state == KERNE_ANSWERED) {
        message_drop(b);
    } else if (b->state == KERNE_QUEUED) {
        withdraw_queued(b);
    } else if (b->receiver == 0) {
        external_drop(b);
        claim_return(b);
    } else {
        b->regretted = 1;
        serve_no_more(process_at(b->receiver), b);
    }
}

/* 82.  Cost: constant. */
enum kerne_result message_regret(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    REFUSE(b == NULL || b->sender != process_index(p) || b->regretted ||
           b->is_break, gone);
    message_withdraw(b);
    return KERNE_r_normal;
}

/* p is being removed: what it has got goes back, as far as the budget goes.
 * True: nothing is left. */
bool message_vacate(struct process *p, uint32_t *budget)
{
    for (; p->events.first != 0 || p->held.first != 0; --*budget) {
        if (*budget == 0) { return false; }
        bool received = p->events.first == 0;
        struct buffer *b =
            buffer_at(received ? p->held.first : p->events.first);
        if (b->state == KERNE_ANSWERED) {
            message_drop(b);
        } else if (received) {
            message_hold_remove(b);
            answer_unreceived(b, true);
        } else {
            unqueue(p, b);
            answer_unreceived(b, false);
        }
    }
    return true;
}
