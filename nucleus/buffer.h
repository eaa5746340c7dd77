/*
 * Message buffers: a message, then its answer.
 *
 * M1  A queued buffer stands in its receiver's queue, and among the messages
 *     there; an answered one in its sender's queue; in order of arrival.
 * M2  A received buffer is what its receiver works on, or stands in its list of
 *     held messages, or an external process has it.
 * M3  Nobody waits for the answer to a regretted message, as the received ones
 *     of a sender that is gone are.
 * M4  A process that waits has no event that would satisfy its wait.
 * M5  A process is quick if it waits in serve, with nothing to tell but the
 *     event, or in wait message, and works on no message; or for the answer to
 *     a message whose account is its own; or in a break that is its own fault.
 *     But in a break, a0, t2, and of the first two a7 follow from that, and its
 *     record need not hold them.
 */
#pragma once

#include "process.h"

struct buffer {
    /* By queue.c, message.c, copy.c, arch. */
    struct link event; /* in the queue of the receiver (queued) or of the */
                       /* sender (answered), or held by the receiver (not */
                       /* what that works on) */
    union {
        struct link message; /* of a queue, the messages among themselves */
        uint64_t place;      /* in the clock's heap; by external.c */
    };
    uint64_t words[KERNE_WORDS]; /* by break.c, call.c, too */
    struct process *receiver;    /* null: an external process */
    uint64_t account; /* identity of who pays for work on it, while it lives; */
                      /* by break.c, too */
    /* The next four bytes at once by arch. */
    uint8_t state;     /* enum kerne_state; by buffer.h, too */
    uint8_t regretted; /* enum kerne_regret; by claim.c, buffer.h, break.c, */
                       /* too */
    bool is_break;     /* by process.c */
    uint8_t zero;
    uint8_t result;   /* when answered */
    uint8_t external; /* when received, if there is no receiver; by */
                      /* external.c */
    union {
        uint64_t from;     /* what the receiver learns of the sender; by */
                           /* break.c, too */
        uint64_t deadline; /* at the clock; by external.c */
    };
    /* By claim.c, buffer.h, arch. */
    struct link claim; /* in use by the sender's claim or its spare, or free */
    uint64_t identity;
    struct process *sender; /* of whose claim it is; by process.c, too */
};

/* In place of a buffer, where there is none: it is free, and of no process. */
#define NOBODYS (&nucleus.buffers[0])

/* A buffer of p's claim, now in use; null: the claim is used up. */
static inline struct buffer *claim_take(struct process *p)
{
    struct buffer *b = p->spare;
    struct link *l = nucleus.free_buffer;
    p->spare = NULL;
    if (b != NULL) { return b; }
    if (p->claims[BUFFERS].free == 0) { return NULL; }
    p->claims[BUFFERS].free--;
    if (l != NULL) {
        nucleus.free_buffer = l->next;
    } else {
        l = &claim_fresh_buffer()->claim;
    }
    b = link_record(l, buffer, claim);
    link_insert(&p->in_use, l);
    b->sender = p;
    return b;
}

/* The buffer is free again; every identity of it becomes stale.  That of a
 * process's breaks belongs to no claim. */
static inline void claim_return(struct buffer *b)
{
    b->state = KERNE_FREE;
    b->identity = identity_next(b->identity);
    b->regretted = KERNE_WANTED;
    if (b->is_break) { return; }
    if (b->sender->spare == NULL) {
        b->sender->spare = b;
    } else {
        claim_put_back(b);
    }
}

/* Whose queue an event stands in, or who holds a message; null: an external
 * process. */
static inline struct process *buffer_holder(const struct buffer *b)
{
    return b->state == KERNE_ANSWERED ? b->sender : b->receiver;
}

/* message.c */
struct buffer *message_find(uint64_t identity);

/* queue.c */
void queue_remove(struct buffer *b);
void queue_take(struct process *p, struct buffer *b);
void queue_take_answer(struct process *p, struct buffer *b);
void queue_work_on(struct process *p, struct buffer *b);
bool queue_show_next(struct process *p);
enum kerne_result queue_receive(struct process *p, struct buffer *b);
enum kerne_result queue_wait(struct process *p, enum kerne_wait wait,
                             uint64_t identity, bool quick);
void queue_not_quick(struct process *p);
void queue_resume(struct process *p, bool first, bool at_once);
void queue_deliver(struct buffer *b, struct process *receiver);
void queue_answer(struct buffer *b, enum kerne_result result);
void queue_posted(void);
void queue_reply(struct buffer *b, enum kerne_result result, uint64_t word0,
                 uint64_t word1);
void queue_withdraw(struct buffer *b);
bool queue_vacate(struct process *p, uint32_t *budget);

/* external.c */
void external_receive(struct buffer *b, uint64_t external);
void external_drop(struct buffer *b);
void external_interrupt(uint64_t line);
void external_clock(uint64_t now);
void external_release(struct process *p);
bool external_look_up(const uint64_t name[2], uint64_t *ret_number);

/* When the clock has something to do, at this place of its heap: 1 is the
 * first. */
static inline uint64_t external_deadline(uint64_t place)
{
    return place <= nucleus.heap_size ? nucleus.heap[place]->deadline
                                      : UINT64_MAX;
}
