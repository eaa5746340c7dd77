/*
 * The one event queue of each process: events arrive, are shown and taken, and
 * are withdrawn.  Its rules are in buffer.h.
 */
#include "hart.h"

/* p works on another message, or none, and pays accordingly.  What it worked on
 * is put aside, among those that it holds. */
void queue_work_on(struct process *p, struct buffer *b)
{
    if (p->serving != NULL) { link_insert(&p->held, &p->serving->event); }
    p->serving = b;
    this_hart->must_settle |= p == this_hart->current;
}

/* p has the event, which is in no queue any more: it holds a message; the
 * buffer of an answer is free. */
void queue_take(struct process *p, struct buffer *b)
{
    if (b->state == KERNE_QUEUED) {
        b->state = KERNE_RECEIVED;
        queue_work_on(p, b);
    } else {
        claim_return(b);
    }
}

/* An event leaves its queue, or a received message its receiver's hands. */
void queue_remove(struct buffer *b)
{
    struct process *p = b->receiver;
    if (b->state != KERNE_RECEIVED || (p != NULL && p->serving != b)) {
        link_remove(&b->event);
        if (b->state == KERNE_QUEUED) { link_remove(&b->message); }
    } else if (p != NULL) {
        p->serving = NULL;
        queue_work_on(p, NULL);
    } else {
        external_drop(b);
    }
}

/* ---- waiting ----------------------------------------------------------- */

enum kerne_result queue_wait(struct process *p, enum kerne_wait wait,
                             uint64_t identity, bool quick)
{
    p->wait =
        (this_hart->quick & -WAIT_EPOCH) + (quick ? WAIT_QUICK : 0) + wait;
    p->wait_for = identity;
    return WAITS;
}

/* p is quick no longer, if it was: its record holds what follows from that. */
void queue_not_quick(struct process *p)
{
    enum kerne_wait wait = process_wait(p);
    if ((p->wait & WAIT_QUICK) != 0 && wait != KERNE_WAITS_BREAK) {
        if (wait == KERNE_WAITS_EVENT) { p->x[R_FUNCTION] = KERNE_serve; }
        if (wait == KERNE_WAITS_MESSAGE) {
            p->x[R_FUNCTION] = KERNE_wait_message;
        }
        if (wait != KERNE_WAITS_MESSAGE) { p->x[R_A0] = p->wait_for; }
        p->x[R_RESULT] = 0;
    }
    p->wait &= ~WAIT_QUICK;
}

/* p can run again: in the place of the current process, when that waits next,
 * if it can be so (`at_once`: nothing above p is stopped); else in its turn.
 * `first`: woken by an external process, so it goes before its siblings. */
void queue_resume(struct process *p, bool first, bool at_once)
{
    p->wait -= p->wait % WAIT_EPOCH;
    if (!first && at_once && this_hart->handoff == NULL) {
        this_hart->handoff = p;
        if (this_hart->must_settle) { this_hart->posted = NOBODYS; }
        this_hart->must_settle = this_hart->reschedule ||
                                 this_hart->only_runnable ||
                                 process_is_within(this_hart->current, p);
    } else {
        time_ready(p, first);
    }
}

/* Tells p of an event, beside what t2 says already. */
static void show_event(struct process *p, const struct buffer *b)
{
    bool answer = b->state == KERNE_ANSWERED;
    call_set_words(p, b->words);
    p->x[R_A0] = b->identity;
    p->x[R_FUNCTION] = answer ? 0 : b->from;
    p->x[R_RESULT] |= answer        ? KERNE_ANSWER | (uint64_t)b->result << 8
                      : b->is_break ? KERNE_BREAK
                                    : KERNE_MESSAGE;
}

void queue_take_answer(struct process *p, struct buffer *b)
{
    call_set_words(p, b->words);
    p->x[R_RESULT] = b->result;
    claim_return(b);
}

/* p is told of the event after the one in a0, if there is one; and whether the
 * one in a0 is gone. */
bool queue_show_next(struct process *p)
{
    struct buffer *b = message_find(p->x[R_A0]);
    bool found = b->state != KERNE_RECEIVED && buffer_holder(b) == p;
    struct link *next = found ? b->event.next : p->events.next;
    p->x[R_RESULT] = p->x[R_A0] != 0 && !found ? KERNE_EVENT_LAST_GONE : 0;
    if (next == &p->events) { return false; }
    show_event(p, link_record(next, buffer, event));
    return true;
}

/* Does p wait for this event? */
static bool is_awaited(const struct process *p, const struct buffer *b)
{
    enum kerne_wait wait = process_wait(p);
    return wait == KERNE_WAITS_EVENT ||
           (wait == KERNE_WAITS_ANSWER && p->wait_for == b->identity) ||
           (wait == KERNE_WAITS_MESSAGE && b->state == KERNE_QUEUED);
}

/*
 * An event arrives at p.  If p waits for it, and nothing can have stopped p
 * since it began to wait, p gets it without its having been queued; else, and
 * in wait event, which leaves it there, p repeats its call when it runs.
 */
static void arrive(struct process *p, struct buffer *b)
{
    bool quick = (p->wait & WAIT_QUICK) != 0, first = b->receiver == NULL;
    bool awaited = is_awaited(p, b);
    bool at_once = awaited && time_may_switch_to(p);
    if (at_once && (quick || p->x[R_FUNCTION] != KERNE_wait_event)) {
        if (process_wait(p) == KERNE_WAITS_ANSWER) {
            p->x[R_A0] = b->identity;
            queue_take_answer(p, b);
        } else {
            if (quick) { p->x[R_RESULT] = 0; }
            show_event(p, b);
            queue_take(p, b);
        }
        call_end(p, RESULT_SET);
    } else {
        link_insert(&p->events, &b->event);
        if (b->state == KERNE_QUEUED) {
            link_insert(&p->messages, &b->message);
        }
        if (!awaited) { return; }
        call_clear_outputs(p);
    }
    queue_resume(p, first, at_once);
}

/* ---- messages and answers ---------------------------------------------- */

/* Queues a message, complete but for its receiver. */
void queue_deliver(struct buffer *b, struct process *receiver)
{
    b->receiver = receiver;
    b->state = KERNE_QUEUED;
    arrive(receiver, b);
}

/* The answer, whose words stand in b, goes to the sender, if it waits for one.
 * b is in nobody's queue or hands. */
void queue_answer(struct buffer *b, enum kerne_result result)
{
    if (b->regretted) {
        claim_return(b);
        return;
    }
    b->state = KERNE_ANSWERED;
    b->result = (uint8_t)result;
    arrive(b->sender, b);
}

/* The trap after one in which something was posted: that arrives; and who has
 * answered pays for itself. */
void queue_posted(void)
{
    struct buffer *b = this_hart->posted;
    this_hart->posted = NULL;
    if (b != NOBODYS) {
        this_hart->handoff = NULL;
        arrive(buffer_holder(b), b);
    }
    this_hart->must_settle = true;
}

/* The nucleus itself answers, with two words. */
void queue_reply(struct buffer *b, enum kerne_result result, uint64_t word0,
                 uint64_t word1)
{
    for (int i = 2; i < KERNE_WORDS; i++) { b->words[i] = 0; }
    b->words[0] = word0;
    b->words[1] = word1;
    queue_answer(b, result);
}

/* p is told of an event in its queue, and takes it. */
enum kerne_result queue_receive(struct process *p, struct buffer *b)
{
    show_event(p, b);
    queue_remove(b);
    queue_take(p, b);
    return RESULT_SET;
}

/* ---- withdrawal -------------------------------------------------------- */

/* A message or its answer is taken back, wherever it is.  A received one is
 * still its receiver's to answer; but an inherited one leaves its hands, since
 * nobody else could have the buffer back. */
void queue_withdraw(struct buffer *b)
{
    struct process *p = b->receiver;
    bool received = b->state == KERNE_RECEIVED && p != NULL;
    if (received && p->serving == b) {
        queue_not_quick(p);
        queue_work_on(p, NULL);
    }
    if (received && b->regretted != KERNE_INHERITED) {
        b->regretted = KERNE_REGRETTED;
        return;
    }
    bool last = b->state == KERNE_QUEUED &&
                process_wait(p) == KERNE_WAITS_EVENT &&
                p->wait_for == b->identity;
    queue_remove(b);
    claim_return(b);
    if (last) { /* from the front now */
        call_clear_outputs(p);
        queue_resume(p, false, false);
    }
}

/* p is being removed: the messages that it has got go back, as far as the
 * budget goes.  True: nothing is left. */
bool queue_vacate(struct process *p, uint32_t *budget)
{
    queue_work_on(p, NULL);
    while (!link_is_empty(&p->messages) || !link_is_empty(&p->held)) {
        bool held = link_is_empty(&p->messages);
        struct link *first = held ? p->held.next : p->messages.next;
        struct buffer *b = held ? link_record(first, buffer, event)
                                : link_record(first, buffer, message);
        if (!spend(budget, ARRIVAL)) { return false; }
        queue_remove(b);
        queue_reply(b, KERNE_r_does_not_exist,
                    held ? KERNE_HAD_BEEN_RECEIVED : 0, 0);
    }
    return true;
}
