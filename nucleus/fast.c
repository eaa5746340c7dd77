/*
 * Conversations with a process that already waits: what the functions of
 * message.c do in that case, in one stretch.  They are the definition; where a
 * condition here does not hold, the call takes the general way.
 */
#include "nucleus.h"

/* Could q go on at once: is it in no stop, and has nobody else been woken? */
static inline bool may_go_on(const struct process *q)
{
    return q->held_out == 0 && q->epoch == nucleus.epoch &&
           this_hart->handoff == NULL && !this_hart->unsettled;
}

static inline void go_on(struct process *p, uint64_t result)
{
    p->x[R_RESULT] = result;
    p->x[R_PC] += 4;
    p->wait = KERNE_WAITS_NOT;
}

/* p waits from now on, in this function, and q runs in its place. */
static inline struct process *change(struct process *p, enum kerne_wait wait,
                                     uint64_t identity, uint64_t function,
                                     struct process *q)
{
    p->wait = (uint16_t)wait;
    p->wait_for = identity;
    p->epoch = nucleus.epoch;
    p->call = (uint16_t)function;
    this_hart->current = q;
    machine_switch(p, q);
    check_all();
    return q;
}

/* p goes on; q does, when p waits next. */
static inline struct process *both(struct process *p, struct process *q)
{
    p->x[R_RESULT] = KERNE_r_normal;
    p->x[R_PC] += 4;
    this_hart->handoff = q;
    this_hart->unsettled |= this_hart->alone || process_is_within(p, q);
    return time_next(p);
}

/* The receiver waits for a message, or in serve, so that nothing
 * that it would get before is in its queue; it is no pseudo process; the sender
 * has a buffer to spare, and the pool one that has been used. */
static inline __attribute__((always_inline)) struct process *
message(struct process *p, bool converse)
{
    uint64_t function = converse ? CALL_INDEX(KERNE_converse)
                                 : CALL_INDEX(KERNE_send_message);
    uint64_t up = p->x[R_A0] >> 16, number = p->x[R_A0] & 0xffff;
    if (up > p->horizon || up > p->depth || number >= KERNE_CHILDREN) {
        return call_general(p, function);
    }
    struct process *a = process_at(p->display[p->depth - up]);
    struct process *q = process_at(process_children(a)[number]);
    if ((q->wait != KERNE_WAITS_MESSAGE &&
         (q->wait != KERNE_WAITS_EVENT ||
          q->call != CALL_INDEX(KERNE_serve))) ||
        !may_go_on(q) || nucleus.free_buffer == 0) {
        return call_general(p, function);
    }
    uint64_t from = KERNE_PARENT; /* as name_sender has it */
    if (up > 0) {
        const struct process *seen = process_at(p->display[p->depth + 1 - up]);
        if (seen == q) { return call_general(p, function); } /* an ancestor */
        from = KERNE_ADDRESS(1, seen->number) |
               (up > 1 ? KERNE_SENDER_INSIDE : 0);
    }
    struct buffer *b = claim_take(p);
    if (b == NULL) { return call_general(p, function); }
    call_words(p, b->words);
    call_set_words(q, b->words);
    b->sender = p->index;
    b->receiver = q->index;
    b->account = this_hart->account;
    b->account_generation = (uint16_t)process_at(b->account)->identity;
    b->regretted = false;
    b->state = KERNE_RECEIVED;
    b->from = from;
    list_append(&q->held, b, EVENTS);
    q->serving = buffer_index(b);
    q->x[R_A0] = p->x[R_A0] = b->identity;
    q->x[R_FUNCTION] = from;
    go_on(q, (q->wait == KERNE_WAITS_EVENT ? q->x[R_RESULT] : 0) |
                 KERNE_MESSAGE);
    return converse ? change(p, KERNE_WAITS_ANSWER, b->identity, function, q)
                    : both(p, q);
}

struct process *fast_send(struct process *p) { return message(p, false); }
struct process *fast_converse(struct process *p) { return message(p, true); }

/* A foreign call is served: its sender goes on behind it with a value. */
static inline bool is_value(const struct process *p, const struct buffer *b,
                            const struct process *q)
{
    return b->is_break && b->words[0] == KERNE_BREAK_CALL &&
           q->culprit == q->index && p->x[R_A1] == KERNE_GO_ON &&
           p->x[R_RESULT] == KERNE_r_normal;
}

/* The sender waits for this very answer.  In serve, the receiver
 * has nothing in its queue, and the sender's account is the one that pays. */
static inline __attribute__((always_inline)) struct process *
answer(struct process *p, bool serves)
{
    uint64_t function = serves ? CALL_INDEX(KERNE_serve)
                               : CALL_INDEX(KERNE_send_answer);
    struct buffer *b = message_find(p->x[R_A0]);
    uint64_t result = p->x[R_RESULT];
    if (b == NULL || b->state != KERNE_RECEIVED || b->receiver != p->index ||
        p->serving != buffer_index(b) || result < KERNE_r_normal ||
        result > KERNE_r_does_not_exist) {
        return call_general(p, function);
    }
    struct process *q = process_at(b->sender); /* 0, if it is gone: waits not */
    bool value = serves && is_value(p, b, q);
    if ((q->wait != KERNE_WAITS_ANSWER && !value) ||
        q->wait_for != b->identity || !may_go_on(q) ||
        (serves && (p->events.first != 0 ||
                    time_account(q) != this_hart->account))) {
        return call_general(p, function);
    }
    if (value) {
        q->x[R_A0] = p->x[R_A2];
        go_on(q, q->x[R_RESULT]);
    } else {
        uint64_t words[KERNE_WORDS];
        call_words(p, words);
        call_set_words(q, words);
        go_on(q, result);
    }
    list_remove(&p->held, b, EVENTS);
    p->serving = 0;
    claim_return(b);
    if (!serves) {
        this_hart->unsettled = true; /* p pays for itself again */
        return both(p, q);
    }
    p->x[R_A0] = p->x[R_RESULT] = 0;
    return change(p, KERNE_WAITS_EVENT, 0, function, q);
}

struct process *fast_answer(struct process *p) { return answer(p, false); }
struct process *fast_serve(struct process *p) { return answer(p, true); }
