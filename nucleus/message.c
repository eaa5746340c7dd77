/*
 * Messages, answers, and the one event queue of each process.
 *
 * M1  A queued buffer stands in its receiver's queue, and among the messages
 *     there; an answered one in its sender's queue; in order of arrival.
 * M2  A received buffer stands in its receiver's list of held messages, or an
 *     external process has it.
 * M3  Nobody waits for the answer to a regretted message, as those of a sender
 *     that is gone are.
 * M4  A process that waits has no event that would satisfy its wait.
 *
 * The four calls, wait event and get event are those of 1969; regret message
 * and test event come from the RC 8000.
 */
#include "nucleus.h"

/* The buffer with this identity; null: stale, or guessed. */
struct buffer *message_find(uint64_t identity)
{
    uint64_t index = identity >> 32;
    struct buffer *b = &nucleus.buffers[index];
    bool good = index < nucleus.fresh_buffer && b->identity == identity &&
                b->state != KERNE_FREE;
    return good ? b : NULL;
}

/* ---- queues ------------------------------------------------------------ */

static void unqueue(struct buffer *b)
{
    link_remove(&b->event);
    if (b->state == KERNE_QUEUED) { link_remove(&b->message); }
}

/* p works on another message, or none, and pays accordingly. */
static void set_serving(struct process *p, struct buffer *b)
{
    p->serving = b;
    this_hart->unsettled |= p == this_hart->current;
}

static void serve_no_more(const struct buffer *b)
{
    if (b->receiver->serving == b) { set_serving(b->receiver, NULL); }
}

/* p has the event, which is in no queue any more: it holds a message; the
 * buffer of an answer is free. */
static void take(struct process *p, struct buffer *b)
{
    if (b->state == KERNE_QUEUED) {
        b->state = KERNE_RECEIVED;
        link_insert(&p->held, &b->event);
        set_serving(p, b);
    } else {
        claim_return(b);
    }
}

/* A received message leaves its receiver's hands. */
void message_unhold(struct buffer *b)
{
    link_remove(&b->event);
    serve_no_more(b);
}

/* ---- waiting ----------------------------------------------------------- */

static enum kerne_result wait_for(struct process *p, enum kerne_wait wait,
                                  uint64_t identity)
{
    p->wait = (uint8_t)wait;
    p->wait_for = identity;
    p->epoch = nucleus.epoch;
    return WAITS;
}

/* p can run again: in the place of the current process, when that waits next,
 * if it can be so (`at_once`: nothing above p is stopped); else in its turn.
 * `first`: woken by an external process, so it goes before its siblings. */
void message_resume(struct process *p, bool first, bool at_once)
{
    p->wait = KERNE_WAITS_NOT;
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
    call_set_words(p, b->words);
    p->x[R_A0] = b->identity;
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

static bool is_in_queue(const struct process *p, const struct buffer *b)
{
    return (b->state == KERNE_QUEUED && b->receiver == p) ||
           (b->state == KERNE_ANSWERED && b->sender == p);
}

/* p is told of the event after the one in a0, if there is one; and whether the
 * one in a0 is gone. */
static bool tell_next(struct process *p, uint64_t *ret_flags)
{
    struct buffer *b = message_find(p->x[R_A0]);
    bool found = b != NULL && is_in_queue(p, b);
    struct link *next = found ? b->event.next : p->events.next;
    *ret_flags = p->x[R_A0] != 0 && !found ? KERNE_EVENT_LAST_GONE : 0;
    if (next == &p->events) { return false; }
    tell(p, link_record(next, buffer, event), *ret_flags);
    return true;
}

/* 24.  Cost: constant. */
enum kerne_result message_wait_event(struct process *p)
{
    uint64_t flags;
    return tell_next(p, &flags)
               ? KEPT
               : wait_for(p, KERNE_WAITS_EVENT, p->x[R_A0]);
}

/* Does p wait for this event? */
static bool is_awaited(const struct process *p, const struct buffer *b)
{
    return p->wait == KERNE_WAITS_EVENT ||
           (p->wait == KERNE_WAITS_ANSWER && p->wait_for == b->identity) ||
           (p->wait == KERNE_WAITS_MESSAGE && b->state == KERNE_QUEUED);
}

/*
 * An event arrives at p.  If p waits for it, and nothing can have stopped p
 * since it began to wait, p gets it without its having been queued; else p
 * repeats its call when it runs.  Wait event leaves it in the queue.
 */
static void arrive(struct process *p, struct buffer *b)
{
    bool awaited = is_awaited(p, b), first = b->receiver == NULL;
    bool at_once = awaited && time_may_go_on(p);
    if (!at_once || p->x[R_FUNCTION] == KERNE_wait_event) {
        link_insert(&p->events, &b->event);
        if (b->state == KERNE_QUEUED) {
            link_insert(&p->messages, &b->message);
        }
        if (!awaited) { return; }
        call_empty(p);
        if (at_once) { call_end(p, message_wait_event(p)); }
    } else {
        if (p->wait == KERNE_WAITS_ANSWER) {
            take_answer(p, b);
        } else {
            tell(p, b, p->wait == KERNE_WAITS_MESSAGE ? 0 : p->x[R_RESULT]);
            take(p, b);
        }
        call_end(p, KEPT);
    }
    message_resume(p, first, at_once);
}

/* ---- conversations ----------------------------------------------------- */

/* Queues a message, complete but for its receiver. */
void message_deliver(struct buffer *b, struct process *receiver)
{
    b->receiver = receiver;
    b->state = KERNE_QUEUED;
    arrive(receiver, b);
}

/* The answer, whose words stand in b, goes to the sender, if it waits for one.
 * b is in nobody's queue or hands. */
void message_answer(struct buffer *b, enum kerne_result result)
{
    if (b->regretted) {
        claim_return(b);
        return;
    }
    b->state = KERNE_ANSWERED;
    b->result = (uint8_t)result;
    arrive(b->sender, b);
}

/* The nucleus itself answers, with two words. */
void message_reply(struct buffer *b, enum kerne_result result, uint64_t word0,
                   uint64_t word1)
{
    for (int i = 2; i < KERNE_WORDS; i++) { b->words[i] = 0; }
    b->words[0] = word0;
    b->words[1] = word1;
    message_answer(b, result);
}

/* 16.  Cost: constant. */
enum kerne_result message_send(struct process *p)
{
    uint64_t target = address_resolve(p);
    struct buffer *b = claim_take(p);
    REFUSE(b == NULL, no_buffers);
    call_words(p, b->words);
    b->account = time_account(p)->identity;
    p->x[R_A0] = b->identity;
    if (TARGET_IS_EXTERNAL(target)) {
        b->receiver = NULL;
        b->state = KERNE_RECEIVED;
        external_receive(b, TARGET_INDEX(target));
    } else if (TARGET_INDEX(target) == 0) {
        b->receiver = p;
        message_reply(b, KERNE_r_does_not_exist, 0, 0);
    } else {
        struct process *receiver = process_at(TARGET_INDEX(target));
        b->from = address_of_sender(p, receiver) | TARGET_PSEUDO(target);
        message_deliver(b, receiver);
    }
    return KERNE_r_normal;
}

/* 18.  Cost: constant. */
enum kerne_result message_wait_answer(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    REFUSE(b == NULL || b->sender != p || b->regretted, gone);
    if (b->state != KERNE_ANSWERED) {
        return wait_for(p, KERNE_WAITS_ANSWER, p->x[R_A0]);
    }
    unqueue(b);
    take_answer(p, b);
    return KEPT;
}

/* 128.  Send message and wait answer.  Once sent, a0 is the buffer in place of
 * the address, which is smaller than any buffer.  Cost: constant. */
enum kerne_result message_converse(struct process *p)
{
    if (p->x[R_A0] >> 32 == 0) { TRY(message_send(p)); }
    return message_wait_answer(p);
}

/* p is told of an event in its queue, and takes it. */
static enum kerne_result receive(struct process *p, struct buffer *b,
                                 uint64_t flags)
{
    tell(p, b, flags);
    unqueue(b);
    take(p, b);
    return KEPT;
}

/* 20.  Cost: constant. */
enum kerne_result message_wait_message(struct process *p)
{
    return link_is_empty(&p->messages)
               ? wait_for(p, KERNE_WAITS_MESSAGE, 0)
               : receive(p, link_record(p->messages.next, buffer, message), 0);
}

/* 66.  Cost: constant. */
enum kerne_result message_test_event(struct process *p)
{
    static const uint64_t none[KERNE_WORDS];
    uint64_t flags;
    if (!tell_next(p, &flags)) {
        call_set_words(p, none);
        p->x[R_FUNCTION] = p->x[R_A0] = 0;
        p->x[R_RESULT] = KERNE_NO_EVENT | flags;
    }
    return KEPT;
}

/* 26.  Cost: constant. */
enum kerne_result message_get_event(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    REFUSE(b == NULL || !is_in_queue(p, b), gone);
    unqueue(b);
    take(p, b);
    return KERNE_r_normal;
}

/* 22.  Cost: constant. */
enum kerne_result message_send_answer(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    uint64_t result = p->x[R_RESULT];
    REFUSE(b == NULL || b->state != KERNE_RECEIVED || b->receiver != p, gone);
    REFUSE(result < KERNE_r_normal || result > KERNE_r_does_not_exist,
           bad_argument);
    if (b->is_break) {
        return break_answer(
            b, result == KERNE_r_normal ? p->x[R_A1] : KERNE_STAY, p->x[R_A2]);
    }
    bool wanted = !b->regretted;
    message_unhold(b);
    call_words(p, b->words);
    message_answer(b, (enum kerne_result)result);
    return wanted ? KERNE_r_normal : KERNE_r_gone;
}

/* 129.  Send answer, if there is one to send; wait event; get event.  While it
 * waits, a0 is 0 and t2 keeps what became of the answer.  Cost: constant. */
enum kerne_result message_serve(struct process *p)
{
    uint64_t flags = p->x[R_RESULT] & KERNE_EVENT_ANSWER_GONE;
    if (p->x[R_A0] != 0) {
        flags = message_send_answer(p) == KERNE_r_normal
                    ? 0
                    : KERNE_EVENT_ANSWER_GONE;
    }
    p->x[R_A0] = 0;
    p->x[R_RESULT] = flags;
    return link_is_empty(&p->events)
               ? wait_for(p, KERNE_WAITS_EVENT, 0)
               : receive(p, link_record(p->events.next, buffer, event), flags);
}

/* ---- withdrawal -------------------------------------------------------- */

/* A message or its answer is taken back, wherever it is. */
void message_withdraw(struct buffer *b)
{
    struct process *p = b->receiver;
    if (b->state == KERNE_RECEIVED && p != NULL) {
        b->regretted = true;
        serve_no_more(b);
        return;
    }
    bool last = b->state == KERNE_QUEUED && p->wait == KERNE_WAITS_EVENT &&
                p->wait_for == b->identity;
    if (b->state == KERNE_RECEIVED) {
        external_drop(b);
    } else {
        unqueue(b);
    }
    claim_return(b);
    if (last) { /* from the front now */
        call_empty(p);
        message_resume(p, false, false);
    }
}

/* 82.  Cost: constant. */
enum kerne_result message_regret(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    REFUSE(b == NULL || b->sender != p || b->regretted || b->is_break, gone);
    message_withdraw(b);
    return KERNE_r_normal;
}

/* p is being removed: what it has got goes back, as far as the budget goes.
 * True: nothing is left. */
bool message_vacate(struct process *p, uint32_t *budget)
{
    for (int held = 0; held < 2; held++) {
        struct link *list = held ? &p->held : &p->events;
        for (; !link_is_empty(list); --*budget) {
            if (*budget == 0) { return false; }
            struct buffer *b = link_record(list->next, buffer, event);
            if (b->state == KERNE_ANSWERED) {
                message_withdraw(b);
            } else {
                unqueue(b);
                serve_no_more(b);
                message_reply(b, KERNE_r_does_not_exist,
                              held ? KERNE_HAD_BEEN_RECEIVED : 0, 0);
            }
        }
    }
    return true;
}
