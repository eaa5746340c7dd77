/*
 * Conversations with a partner that already waits: a message to a process in
 * wait message or serve, and an answer to a process that waits for it, or for
 * the value of its foreign call.
 *
 * What the general functions do then, in one stretch; they are the definition.
 * Where a condition does not hold, nothing has changed, and the call goes the
 * general way.
 */
#include "nucleus.h"

/* Can q, which waits, go on here and now? */
static inline bool can_go_on(const struct process *q)
{
    return q->held_out == 0 && this_hart->handoff == NULL;
}

/* Something was stopped, or became ready, since q began to wait.  If that was
 * not above q, the call begins anew. */
static __attribute__((noinline)) struct process *
look_above(struct process *p, uint64_t index, struct process *q)
{
    return time_is_clear(q) ? call_quick(p) : call_general(p, index);
}

/* p waits from now on, and q goes on in its place, behind its call. */
static inline struct process *change(struct process *p, enum kerne_wait wait,
                                     uint64_t wait_for, struct process *q)
{
    p->wait = (uint8_t)wait;
    p->wait_for = wait_for;
    p->epoch = nucleus.epoch;
    q->wait = KERNE_WAITS_NOT;
    q->x[R_PC] += 4;
    this_hart->current = q;
    machine_switch(p, q);
    check_all();
    return q;
}

/* p goes on behind its call; so does q, when p waits next. */
static inline struct process *both(struct process *p, struct process *q)
{
    p->x[R_RESULT] = KERNE_r_normal;
    p->x[R_PC] += 4;
    q->x[R_PC] += 4;
    q->wait = KERNE_WAITS_NOT;
    this_hart->handoff = q;
    this_hart->unsettled |= this_hart->alone || process_is_within(p, q);
    return time_next(p);
}

/* Send message or converse, by its index.  Returns who goes on.  Cost:
 * constant. */
struct process *fast_message(struct process *p, uint64_t index)
{
    uint64_t pseudo = 0;
    uint64_t target = name_resolve(p, p->x[R_A0], &pseudo);
    if (target >= TARGET_EXTERNAL) { return call_general(p, index); }
    struct process *q = process_at(target);
    bool serves = q->wait == KERNE_WAITS_EVENT &&
                  q->x[R_FUNCTION] == KERNE_serve;
    if ((!serves && q->wait != KERNE_WAITS_MESSAGE) || !can_go_on(q)) {
        return call_general(p, index);
    }
    if (q->epoch != nucleus.epoch) { return look_above(p, index, q); }
    if (nucleus.free_buffer == NULL) { return call_general(p, index); }
    struct buffer *b = claim_take(p);
    if (b == NULL) { return call_general(p, index); }
#define SEND_WORD(n, number) q->x[number] = b->words[n] = p->x[number];
    CALL_WORDS(SEND_WORD)
    b->receiver = q;
    b->state = KERNE_RECEIVED;
    b->account = this_hart->account->identity;
    b->from = name_sender(p, q) | pseudo;
    link_insert(&q->held, &b->event);
    q->serving = b;
    q->x[R_A0] = p->x[R_A0] = b->identity;
    q->x[R_FUNCTION] = b->from;
    q->x[R_RESULT] = KERNE_MESSAGE | (serves ? q->x[R_RESULT] : 0);
    call_zero(p);
    return index == CALL_INDEX(KERNE_converse)
               ? change(p, KERNE_WAITS_ANSWER, b->identity, q)
               : both(p, q);
}

/* Send answer or serve; as above. */
struct process *fast_answer(struct process *p, uint64_t index)
{
    bool serve = index == CALL_INDEX(KERNE_serve);
    struct buffer *b = p->serving;
    uint64_t result = p->x[R_RESULT];
    if (b == NULL || b->identity != p->x[R_A0] || result < KERNE_r_normal ||
        result > KERNE_r_does_not_exist) {
        return call_general(p, index);
    }
    struct process *q = b->sender;
    bool value = q->wait == KERNE_WAITS_BREAK && q->culprit == q &&
                 b->words[0] == KERNE_BREAK_CALL && result == KERNE_r_normal &&
                 p->x[R_A1] == KERNE_GO_ON;
    bool awaited = q->wait == KERNE_WAITS_ANSWER && q->wait_for == b->identity;
    bool at_once = !serve || (link_is_empty(&p->events) &&
                              time_account(q) == this_hart->account);
    if (!(b->is_break ? value : awaited) || !can_go_on(q) || !at_once) {
        return call_general(p, index);
    }
    if (q->epoch != nucleus.epoch) { return look_above(p, index, q); }
    if (value) {
        q->x[R_A0] = p->x[R_A2];
    } else {
#define PASS_WORD(n, number) q->x[number] = p->x[number];
        CALL_WORDS(PASS_WORD)
        q->x[R_RESULT] = result;
    }
    link_remove(&b->event);
    claim_return(b);
    p->serving = NULL;
    call_zero(p);
    if (!serve) {
        this_hart->unsettled = true; /* p pays for itself again */
        return both(p, q);
    }
    p->x[R_A0] = p->x[R_RESULT] = 0;
    return change(p, KERNE_WAITS_EVENT, 0, q);
}
