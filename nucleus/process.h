/*
 * Processes: the tree, names and numbers, and what each was given.
 *
 * P1  A process stands in its parent's ring of children, the youngest first,
 *     one being removed at the end; its depth is its parent's + 1.
 * P2  A reference holds index and generation; it is good for callers above
 *     that process only, and while it lives.
 * P3  A process that is suspended, and all below it, does not run.
 * P4  If the stops that a process knows of are all that there were, it is not
 *     suspended, and none above it.
 * P5  The first step of remove stops the process and vacates its name and
 *     number; only remove accepts it from then on.
 *
 * N1  A process's display holds its ancestors by depth, itself last.
 * N2  The slot of child number k holds the child with that number, 0 if there
 *     is none; a process being removed has no slot any more.
 * N3  The chain that a name's hash gives in the parent's table holds the
 *     children with such names, and no two with the same; none being removed.
 * N4  A horizon is at most the depth, since create allows the parent's + 1.
 *
 * L1  Of each claim: free + used + given to children = received.  What is used
 *     follows from the rest.
 * L2  All claims of buffers together are the buffers of the pool, less one for
 *     each record of a process, for its breaks.
 * L3  Every buffer in use stands in its sender's list of those in use, and so
 *     does a free one, the spare, which is the next to be taken.  The claim
 *     counts it as used; who looks at a claim gives it up first.
 */
#pragma once

#include <machine.h>

#include "nucleus.h"

#define DEPTH_LIMIT 40 /* levels, the root's included */
#define ROOT 1         /* index of the root process */

struct claim {
    uint32_t received, free, given; /* to children */
};
enum claims { BUFFERS, PROCESSES, TABLES, CLAIMS }; /* arch: BUFFERS is 0 */

/* In process.wait: an enum kerne_wait in the lowest byte, and */
#define WAIT_QUICK (UINT64_C(1) << 8)  /* M5 */
#define WAIT_NEVER (UINT64_C(1) << 9)  /* a pseudo process, which never runs */
#define WAIT_EPOCH (UINT64_C(1) << 16) /* 1 of the epoch, which is the rest */

enum {                          /* process.special */
       SPECIAL_NO_COUNTERS = 7, /* bits that the machine's register lacks */
       SPECIAL_FLOATS = 8,      /* has used floating point */
};

struct process {
    /* By each function for its caller, and by arch: the registers. */
    uint64_t x[32]; /* x[0] is the pc */
    uint64_t fcsr;
    uint64_t f[32];
    /* By queue.c, process.c, arch; its epoch by time.c, break.c. */
    uint64_t wait;     /* WAIT_*, and the hart's epoch when it began to wait */
    uint64_t wait_for; /* buffer or last event that it waits for */
    struct buffer *serving;       /* message that it works on: the account's */
    struct link events, messages; /* heads, of buffers */
    /* By claim.c, buffer.h, process.c, storage.c, boot.c, arch. */
    struct claim claims[CLAIMS];
    struct link in_use; /* head, of buffers */
    struct buffer *spare; /* in use as far as the claim goes, but free; null */
    /* By message.c: whom an address meant last, while the hart's epoch is so,
     * and what that learnt of the sender. */
    struct process *far;
    uint64_t far_address, far_epoch, far_from;
    /* By process.c, break.c. */
    union {
        uint64_t area;   /* of set interrupt; 0: none */
        uint64_t server; /* of a pseudo process: address seen by its parent */
    };
    /* By break.c, arch: while it is in a break. */
    struct process *culprit; /* whose window is missing, or itself */
    /* By storage.c: for the machine's register of address spaces. */
    uint64_t space;
    /* By process.c, boot.c: what it is, from its creation on. */
    struct hart *hart; /* that runs it */
    const void *calls; /* where arch begins with its calls; by arch, too */
    uint64_t identity;
    struct process *parent; /* null: of the root, or of a free record */
    struct buffer *breaks;  /* the buffer of its breaks */
    uint8_t depth;
    uint8_t special; /* SPECIAL_*: what a switch must look at; by arch, */
                     /* registers.c, too */
    uint64_t mask;
    uint64_t name[2];
    uint16_t number;
    uint16_t display[DEPTH_LIMIT]; /* ancestors by depth, itself last */
    uint8_t horizon;
    bool closed;
    bool is_pseudo;
    /* By process.c. */
    uint8_t suspended; /* KERNE_SUSPENDED_*, of this process itself */
    /* By copy.c. */
    uint64_t stops; /* nucleus.stops when nothing had stopped it */
    /* By queue.c, process.c: head, of received buffers but `serving`. */
    struct link held;
    /* By break.c: address touched, while it is in a break. */
    uint64_t fault;
    /* By name.c: the next of the chain, and what points at this one. */
    struct process *next_named, **named_by;
    /* By process.c: all children, and its place among its siblings. */
    struct link children, sibling;
    /* By time.c, process.c: children that have a turn, and its own place; an
     * empty one: it has none. */
    struct link turns, turn;
    int64_t credit;      /* ticks; positive: may run before its siblings */
    uint64_t time;       /* ticks charged to itself */
    uint64_t time_below; /* and to itself and all below */
    uint16_t share; /* by boot.c, too */
    bool boosted; /* it has had its turn, or quantum, of this round */
    /* By storage.c; space_number by process.c, too. */
    struct node *table;    /* a highest one: its children */
    struct node *windows;  /* the highest one of its windows: its own, or of */
    struct link sharers;   /* one of the siblings in this ring */
    uint16_t space_number; /* of an address space that is its, or nobody's */
    /* By external.c. */
    bool has_lines; /* or had */
};

#define REFERENCE (UINT64_C(1) << 63) /* for control: this, and an identity */

static inline struct process *process_at(uint64_t index)
{
    return &nucleus.processes[index];
}

static inline uint16_t process_index(const struct process *p)
{
    return (uint16_t)IDENTITY_INDEX(p->identity);
}

static inline uint64_t process_reference(const struct process *p)
{
    return p->identity | REFERENCE;
}

/* Is p below a, or a itself? */
static inline bool process_is_within(const struct process *p,
                                     const struct process *a)
{
    return p->depth >= a->depth && p->display[a->depth] == a->display[a->depth];
}

static inline enum kerne_wait process_wait(const struct process *p)
{
    return (enum kerne_wait)(p->wait & 0xff);
}

static inline bool process_is_ready(const struct process *p)
{
    return p->wait % WAIT_EPOCH == KERNE_WAITS_NOT;
}

/* What p has of its claim in use by itself. */
static inline uint32_t claim_used(const struct process *p, enum claims kind)
{
    const struct claim *c = &p->claims[kind];
    return c->received - c->free - c->given;
}

/* process.c */
enum kerne_result process_find(struct process *caller, uint64_t reference,
                               struct process **ret_process);
enum kerne_result process_find_internal(struct process *caller,
                                        uint64_t reference,
                                        struct process **ret_process);
void process_suspend(struct process *p, uint8_t how);
bool process_is_suspended(const struct process *p, const struct process *above);
struct process *process_take_record(void);

/* name.c */
struct process *name_child(const struct process *parent,
                           const uint64_t name[2], unsigned *links);
void name_enter(struct process *p);
void name_vacate(struct process *p);

/* claim.c */
void claim_receive(struct process *p, const uint64_t wanted[CLAIMS]);
struct buffer *claim_fresh_buffer(void);
void claim_put_back(struct buffer *b);
void claim_give_up_spare(struct process *p);
bool claim_transfer(struct process *p, uint32_t *budget);

/* address.c: what an address means: a process's index, 0 for none, or external;
 * and by which pseudo process, as the receiver is told of it */
#define TARGET_EXTERNAL 0x10000 /* + external process */
uint64_t address_resolve(const struct process *p, uint64_t *ret_pseudo);

/* What the receiver learns of the sender.  Every receiver is the sender, an
 * ancestor of it, or a child of one; so it sees a child of its own or a
 * sibling, and the sender is that process or inside it.  Cost: constant. */
static inline uint64_t address_of_sender(const struct process *sender,
                                         const struct process *receiver)
{
    uint64_t depth = receiver->depth, up = 1, inside = 0;
    if (sender == receiver) { return KERNE_SELF; }
    if (sender == receiver->parent) { return KERNE_PARENT; }
    if (process_is_within(sender, receiver)) {
        depth++;
        up = 0;
    }
    if (sender->depth > depth) {
        inside = KERNE_SENDER_INSIDE;
        sender = process_at(sender->display[depth]);
    }
    return KERNE_ADDRESS(up, sender->number) | inside;
}

/* The register for this word of a message: a1 to a6, t0, t1. */
#define CALL_WORD(i) ((i) < 6 ? R_A1 + (i) : R_T0 - 6 + (i))

static inline void call_words(const struct process *p,
                              uint64_t ret_words[KERNE_WORDS])
{
#pragma GCC unroll 8
    for (int i = 0; i < KERNE_WORDS; i++) { ret_words[i] = p->x[CALL_WORD(i)]; }
}

static inline void call_set_words(struct process *p,
                                  const uint64_t words[KERNE_WORDS])
{
#pragma GCC unroll 8
    for (int i = 0; i < KERNE_WORDS; i++) { p->x[CALL_WORD(i)] = words[i]; }
}

/* What no call leaves. */
static inline void call_zero(struct process *p)
{
    p->x[R_RA] = p->x[R_T3] = p->x[R_T4] = p->x[R_T5] = p->x[R_T6] = 0;
}

/* call.c */
/* The bit of a function in the mask: numbers below 128 are even. */
#define CALL_INDEX(number) ((number) < 128 ? (number) / 2 : -80 + (number))
void call_do(struct process *p);
struct process *call_quick(struct process *p);
void call_end(struct process *p, enum kerne_result result);
void call_clear_outputs(struct process *p);

/* break.c */
#define BREAK_OF_COPY UINT64_MAX /* fault: a page of the sender */
enum kerne_result break_raise(struct process *p, struct process *culprit,
                              bool stored);
/* Where p was when it broke for a page: what of its registers stands in its
 * record follows from that. */
enum break_where { IN_PROGRAM, IN_CALL, IN_COPY };
enum kerne_result break_fault(struct process *p, enum kerne_break kind,
                              uint64_t fault, struct process *culprit,
                              uint64_t address, uint64_t access,
                              enum break_where where);
enum kerne_result break_unless_touched(struct process *p, uint64_t address,
                                       uint64_t access, enum break_where where,
                                       uint64_t *ret_physical);
void break_page_fault(struct process *p, uint64_t address, uint64_t access);
enum kerne_result break_answer(struct buffer *b, uint64_t action,
                               uint64_t value);
void break_withdraw(struct process *p);
