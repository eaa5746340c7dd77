/*
 * Conversations with a partner that already waits, in one trap each: converse
 * and send message to a process in wait message or serve; wait answer for what
 * has come, or comes from the process that was handed the message; and serve
 * when the process that is answered waits for that in converse or wait answer,
 * or in a break for a call's value.
 *
 * What the general functions do then, in one stretch; they are the definition.
 * Where a condition does not hold, nothing has changed, and the call goes the
 * general way: above all if anything was stopped, or became ready, since the
 * partner began to wait (T4).
 *
 * The words of the message are never moved: while this file runs, the registers
 * of the machine hold what the calling process put there (`machine_live`), and
 * the compiler leaves them alone; so nothing here is called with a second
 * argument.  a0 stands in the process's record.
 */
#include "hart.h"

#define LIKELY(condition) __builtin_expect((condition), true)
#define UNLESS(condition)                                      \
    do {                                                       \
        if (!LIKELY(condition)) { return machine_general(p); } \
    } while (0)
#define INLINE static inline __attribute__((always_inline))

/* p's call ends; its result is that all went well. */
INLINE struct process *go_on(struct process *p)
{
    machine_live_set(p, R_RESULT, KERNE_r_normal);
    p->x[R_PC] += 4;
    return p;
}

/* p, whose call is not over, waits from now on; q goes on in its place. */
INLINE void change(struct process *p, enum kerne_wait wait, uint64_t wait_for,
                   uint64_t epoch, struct process *q)
{
    p->wait = (uint8_t)wait;
    p->wait_for = wait_for;
    p->switch_epoch = epoch;
    this_hart->current = q;
}

/* Send message, or converse (p waits), to q, to which p is known as `from`. */
INLINE struct process *send(struct process *p, struct process *q, uint64_t from,
                            bool waits)
{
    uint64_t event = KERNE_MESSAGE, epoch = nucleus.switch_epoch;
    bool queues = false;
    if (LIKELY(q->wait == KERNE_WAITS_EVENT)) {
        UNLESS(q->x[R_FUNCTION] == KERNE_serve);
        event |= q->x[R_RESULT];
    } else if (q->wait != KERNE_WAITS_MESSAGE) {
        UNLESS(!waits && q != p && process_index(q) != 0);
        queues = true;
    }
    if (!queues) {
        UNLESS(q->switch_epoch == epoch && this_hart->handoff == NULL);
        UNLESS(waits || !(this_hart->only_runnable || process_is_within(p, q)));
    }
    UNLESS(nucleus.free_buffer != NULL);
    struct buffer *b = claim_take(p);
    UNLESS(b != NULL);
    uint64_t identity = b->identity;
    CALL_WORDS(machine_live_store, p, b->words);
    b->receiver = q;
    b->account = this_hart->account->identity;
    b->from = from;
    p->x[R_A0] = identity;
    if (queues) {
        b->state = KERNE_QUEUED;
        link_insert(&q->events, &b->event);
        link_insert(&q->messages, &b->message);
        return go_on(p);
    }
    b->state = KERNE_RECEIVED;
    link_insert(&q->held, &b->event);
    q->serving = b;
    q->x[R_A0] = identity;
    q->wait = KERNE_WAITS_NOT;
    q->x[R_PC] += 4;
    if (!waits) {
        call_set_words(q, b->words);
        q->x[R_FUNCTION] = from;
        q->x[R_RESULT] = event;
        call_zero(q);
        this_hart->handoff = q;
        return go_on(p);
    }
    p->x[R_FUNCTION] = KERNE_converse;
    change(p, KERNE_WAITS_ANSWER, identity, epoch, q);
    machine_live_pass_words(p, q);
    machine_live_set(q, R_FUNCTION, from);
    machine_live_set(q, R_RESULT, event);
    return machine_switch_quick(p, q);
}

/* To anybody whom an address can mean. */
static __attribute__((noinline)) struct process *send_far(struct process *p)
{
    uint64_t target = address_resolve(p), pseudo = TARGET_PSEUDO(target);
    UNLESS(!TARGET_IS_EXTERNAL(target));
    struct process *q = process_at(TARGET_INDEX(target));
    return send(p, q, address_of_sender(p, q) | pseudo,
                machine_live(p, R_FUNCTION) == KERNE_converse);
}

/* To a sibling, above all. */
INLINE struct process *send_near(struct process *p, bool waits)
{
    uint64_t number = p->x[R_A0] - KERNE_ADDRESS(1, 0);
    if (!LIKELY(number < KERNE_CHILDREN && p->horizon > 0)) {
        return send_far(p);
    }
    struct process *q = process_at(p->parent->table->child[number]);
    if (!LIKELY(!q->is_pseudo)) { return send_far(p); }
    return send(p, q, KERNE_ADDRESS(1, p->number), waits);
}

struct process *fast_converse(struct process *p) { return send_near(p, true); }
struct process *fast_send(struct process *p) { return send_near(p, false); }

/* Wait answer, for one that has come, or while another was handed p's place. */
struct process *fast_wait_answer(struct process *p)
{
    uint64_t identity = p->x[R_A0], index = IDENTITY_INDEX(identity);
    uint64_t epoch = nucleus.switch_epoch;
    struct buffer *b = &nucleus.buffers[index];
    struct process *q = this_hart->handoff;
    UNLESS(index < nucleus.never_used_buffer && b->identity == identity &&
           b->sender == p && !b->regretted);
    if (b->state == KERNE_ANSWERED) {
        link_remove(&b->event);
        CALL_WORDS(machine_live_load, p, b->words);
        machine_live_set(p, R_RESULT, b->result);
        p->x[R_PC] += 4;
        claim_return(b);
        return p;
    }
    UNLESS(b->state != KERNE_FREE && q != NULL &&
           q->switch_epoch == epoch &&
           time_account(q) == this_hart->account);
    p->x[R_FUNCTION] = KERNE_wait_answer;
    this_hart->handoff = NULL;
    change(p, KERNE_WAITS_ANSWER, identity, epoch, q);
    return machine_switch_all(p, q);
}

/* The answer b goes into the queue of q, which does not wait for it, and p gets
 * the next message from its own, for which the same one pays. */
INLINE struct process *serve_next(struct process *p, struct buffer *b,
                                  struct process *q)
{
    struct buffer *next = link_record(p->events.next, buffer, event);
    UNLESS(q->wait == KERNE_WAITS_NOT && !b->regretted &&
           next->state == KERNE_QUEUED &&
           next->account == this_hart->account->identity);
    CALL_WORDS(machine_live_store, p, b->words);
    b->result = (uint8_t)machine_live(p, R_RESULT);
    b->state = KERNE_ANSWERED;
    link_remove(&b->event);
    link_insert(&q->events, &b->event);
    link_remove(&next->event);
    link_remove(&next->message);
    link_insert(&p->held, &next->event);
    next->state = KERNE_RECEIVED;
    p->serving = next;
    p->x[R_A0] = next->identity;
    CALL_WORDS(machine_live_load, p, next->words);
    machine_live_load(p, R_FUNCTION, next->from);
    machine_live_set(p, R_RESULT, next->is_break ? KERNE_BREAK : KERNE_MESSAGE);
    p->x[R_PC] += 4;
    return p;
}

/* Serve, with the answer to the message that p took last. */
struct process *fast_serve(struct process *p)
{
    struct buffer *b = p->serving;
    uint64_t result = machine_live(p, R_RESULT),
             epoch = nucleus.switch_epoch;
    UNLESS(b != NULL && b->identity == p->x[R_A0] && result >= KERNE_r_normal &&
           result <= KERNE_r_does_not_exist);
    struct process *q = b->sender;
    if (!link_is_empty(&p->events)) { return serve_next(p, b, q); }
    bool awaits = q->wait == KERNE_WAITS_ANSWER;
    if (LIKELY(awaits)) {
        UNLESS(q->wait_for == b->identity);
    } else { /* a break, whose instruction is over, or done again */
        UNLESS(q->wait == KERNE_WAITS_BREAK && q->culprit == q && b->is_break &&
               result == KERNE_r_normal);
        UNLESS(machine_live(p, R_A1) == KERNE_AGAIN ||
               (machine_live(p, R_A1) == KERNE_GO_ON &&
                b->words[0] == KERNE_BREAK_CALL));
    }
    UNLESS(q->switch_epoch == epoch && this_hart->handoff == NULL &&
           time_account(q) == this_hart->account);
    link_remove(&b->event);
    claim_return(b);
    p->serving = NULL;
    p->x[R_A0] = p->x[R_RESULT] = 0;
    p->x[R_FUNCTION] = KERNE_serve;
    change(p, KERNE_WAITS_EVENT, 0, epoch, q);
    q->wait = KERNE_WAITS_NOT;
    if (!LIKELY(awaits)) {
        if (machine_live(p, R_A1) == KERNE_GO_ON) {
            machine_live_store(p, R_A2, q->x[R_A0]);
            q->x[R_PC] += 4;
        }
        return machine_switch_all(p, q);
    }
    q->x[R_PC] += 4;
    machine_live_pass_words(p, q);
    machine_live_set(q, R_RESULT, result);
    machine_live_load(q, R_FUNCTION, q->x[R_FUNCTION]);
    return machine_switch_quick(p, q);
}
