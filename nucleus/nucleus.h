/*
 * The structures of the nucleus, and what its files offer each other.
 *
 * All records stand in tables whose size is fixed at boot.  They point at each
 * other; where there are many, or from outside, a record is named by its index
 * (0: none).  Index 1 among the processes is the root.
 */
#ifndef NUCLEUS_H
#define NUCLEUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <kerne.h>
#include <machine.h>

#include "arch.h"
#include "check/check.h"

#define DEPTH_LIMIT 40 /* levels, the root's included */
#define ROOT 1         /* index of the root process */
#define REGISTERS 65   /* of a process, as describe and modify number them */

/* ---- lists -------------------------------------------------------------- */

/* A ring of records, and a head that is none: a place in it, or the head. */
struct link {
    struct link *next, *previous;
};

static inline void link_begin(struct link *head)
{
    head->next = head->previous = head;
}

static inline bool link_is_empty(const struct link *head)
{
    return head->next == head;
}

/* Puts a record before another; before the head is at the end. */
static inline void link_insert(struct link *before, struct link *l)
{
    struct link *previous = before->previous;
    l->next = before;
    l->previous = previous;
    previous->next = before->previous = l;
}

static inline void link_remove(const struct link *l)
{
    struct link *next = l->next, *previous = l->previous;
    next->previous = previous;
    previous->next = next;
}

/* The record whose place this is. */
#define link_record(link, type, member) \
    ((struct type *)((char *)(link) - offsetof(struct type, member)))

/* ---- message buffers --------------------------------------------------- */

struct buffer {
    struct link event; /* in the queue of the receiver (queued) or of the */
                       /* sender (answered), or held by the receiver */
    union {
        struct link message; /* of a queue, the messages among themselves */
        uint64_t place;      /* in the clock's heap */
    };
    struct link claim; /* in use by the sender's claim, or free */
    uint64_t words[KERNE_WORDS];
    union {
        uint64_t identity;   /* index in the upper half, */
        uint32_t generation; /* generation in the lower one */
    };
    union {
        uint64_t from;     /* what the receiver learns of the sender */
        uint64_t deadline; /* at the clock */
    };
    struct process *sender;   /* of whose claim it is */
    struct process *receiver; /* null: an external process */
    uint64_t account; /* identity of who pays for work on it, while it lives */
    uint8_t state;    /* enum kerne_state */
    bool regretted;   /* nobody waits for an answer: regretted, or a heir's */
    bool is_break;
    union {
        uint8_t result;   /* when answered */
        uint8_t external; /* when received, if there is no receiver */
    };
};

/* ---- processes --------------------------------------------------------- */

struct claim {
    uint32_t received, free, given; /* to children */
};
enum claims { BUFFERS, PROCESSES, TABLES, CLAIMS };

/* By the process itself. */
static inline uint32_t claim_used(const struct claim *c)
{
    return c->received - c->free - c->given;
}

#define SPECIAL_FLOATS 1 /* has used floating point */
#define SPECIAL_NO_COUNTERS 2

struct process {
    union {
        struct {
            uint64_t x[32]; /* x[0] is the pc */
            uint64_t f[32];
            uint64_t fcsr;
        };
        uint64_t registers[REGISTERS]; /* the same, in this order */
    };
    uint64_t space;    /* for the machine's register of the address space */
    uint64_t identity; /* index in the upper half, generation in the lower */
    uint64_t mask;
    uint64_t name[2];
    uint64_t wait_for; /* buffer or last event that it waits for */
    uint64_t epoch;    /* nucleus.epoch when it began to wait */
    uint64_t fault;    /* address touched, while in a break for its page */
    union {
        uint64_t area;   /* of set interrupt; 0: none */
        uint64_t server; /* of a pseudo process: address seen by its parent */
    };
    int64_t credit;      /* ticks; positive: may run before its siblings */
    uint64_t time;       /* ticks charged to itself */
    uint64_t time_below; /* and to itself and all below */
    struct link events, messages, held, in_use; /* heads, of buffers */
    struct link children, turns; /* heads: all children; those with a turn */
    struct link sibling, turn;   /* places; an empty turn: has none */
    struct process *parent;      /* null: of the root, or of a free record */
    struct buffer *breaks;       /* the buffer of its breaks */
    struct buffer *serving;      /* message that it works on: the account's */
    struct node *table;          /* the highest one */
    struct process *culprit; /* of a break: whose window is missing, or self */
    struct claim claims[CLAIMS];
    uint64_t cursor; /* page up to which its storage has been taken down */
    uint32_t pages;  /* windows of this process */
    uint32_t cached; /* of them in the machine's tables */
    uint16_t share;
    uint16_t number;
    uint16_t display[DEPTH_LIMIT]; /* ancestors by depth, itself last */
    uint8_t depth;
    uint8_t horizon;
    uint8_t wait;     /* enum kerne_wait */
    uint8_t held_out; /* KERNE_HELD_*, of this process itself */
    bool closed;
    bool is_pseudo;
    bool early; /* it went before its siblings in this round */
    bool has_lines; /* or had */
    uint8_t special; /* SPECIAL_*: what a switch must look at */
};

/* ---- storage ----------------------------------------------------------- */

#define STORAGE_LIMIT (UINT64_C(1) << 38) /* bytes that a process addresses */
#define PAGE_LIMIT (STORAGE_LIMIT / KERNE_PAGE)
#define NODE_ENTRIES 512

/* A table of the machine, and the windows that it is a cache of.  The highest
 * one of a process holds its children's numbers in place of windows. */
struct node {
    uint64_t entry[NODE_ENTRIES];
    union {
        uint64_t window[NODE_ENTRIES];
        uint16_t child[KERNE_CHILDREN];
    };
};
_Static_assert(sizeof(struct node) == 2 * KERNE_PAGE, "a node is two pages");

struct node_info {
    struct process *owner;
    union {
        uint64_t *above;   /* entry that leads to it; null: the highest one */
        struct node *next; /* of a free one */
    };
    uint32_t used; /* entries in use */
    uint32_t base; /* first page that it translates */
};

/* An entry on the way to a page, which stands for 1 << shift pages. */
struct place {
    uint64_t *entry;
    uint64_t shift;
};

/* ---- the whole --------------------------------------------------------- */

/* What belongs to one hart, reached through `this_hart`. */
struct hart {
    struct machine_hart machine; /* first: assembly reaches it by offset */
    struct process *current;
    struct process *handoff; /* goes on in the current one's turn */
    struct process *account; /* who pays since `since`; null: idle */
    bool unsettled;          /* handoff, reschedule or accounts have changed */
    bool reschedule;         /* someone precedes the current process */
    bool alone;              /* nobody else is ready: no slice */
    uint64_t since;
    uint64_t turn_end;
    uint64_t armed; /* when the timer will interrupt */
};

struct line {
    struct process *user;
    struct buffer *waiting;
};

struct nucleus {
    struct process *processes;
    struct buffer *buffers;
    struct node *nodes;
    struct node_info *node_infos;
    uint32_t *frames;     /* first cached window of each page frame */
    struct buffer **heap; /* of the clock: by deadline, from index 1 on */
    uint32_t process_limit, buffer_limit, node_limit; /* sizes of the tables */
    uint32_t fresh_process, fresh_buffer, fresh_node; /* unused from here on */
    struct link *free_process, *free_buffer; /* the first of those that were */
    struct node *free_node; /* used before */
    uint32_t device_frames; /* as `frames`, for all outside of the RAM */
    uint32_t heap_size;
    uint64_t first_frame, frame_count;
    uint64_t epoch; /* changes at each stop, and when a parent becomes ready */
    uint64_t slice; /* ticks */
    uint64_t idle;  /* ticks that nobody paid for */
    uint64_t firmware; /* ticks of the firmware, from power-on */
    struct line lines[KERNE_LINES];
};
extern struct nucleus nucleus;

/* How a function of the nucleus ends: with a result for the caller's t2, or */
#define KEPT ((enum kerne_result)0)   /* done; t2 is what it is to be */
#define WAITS ((enum kerne_result)-1) /* repeated when its event has come */
#define AGAIN ((enum kerne_result)-2) /* repeated after interrupts */

/* First decode and check everything. */
#define REFUSE(condition, result)                   \
    do {                                            \
        if (condition) { return KERNE_r_##result; } \
    } while (0)
#define TRY(call)                                         \
    do {                                                  \
        enum kerne_result tried = (call);                 \
        if (tried != KERNE_r_normal) { return tried; }    \
    } while (0)

#define REFERENCE (UINT64_C(1) << 63) /* for control: this, and an identity */

static inline struct process *process_at(uint64_t index)
{
    return &nucleus.processes[index];
}

static inline uint16_t process_index(const struct process *p)
{
    return (uint16_t)(p->identity >> 32);
}

static inline uint64_t process_reference(const struct process *p)
{
    return p->identity | REFERENCE;
}

/* Is p below a, or a itself? */
static inline bool process_is_within(const struct process *p,
                                     const struct process *a)
{
    return p->depth >= a->depth && p->display[a->depth] == process_index(a);
}

static inline bool process_is_ready(const struct process *p)
{
    return p->wait == KERNE_WAITS_NOT && !p->is_pseudo;
}

/* Is it storage, which takes any access, and no device? */
static inline bool storage_is_ram(uint64_t physical)
{
    return physical / KERNE_PAGE - nucleus.first_frame < nucleus.frame_count;
}

/* Who pays for what p does: the sender's account of the message that it works
 * on, if that lives, or p itself. */
static inline struct process *time_account(struct process *p)
{
    if (p->serving != NULL) {
        struct process *a = process_at(p->serving->account >> 32);
        if (a->identity == p->serving->account) { return a; }
    }
    return p;
}

/* The registers of p for the words of a message, and these, in order. */
#define CALL_WORDS(DO, p, words) \
    DO(p, R_A1, words[0]); DO(p, R_A2, words[1]); DO(p, R_A3, words[2]); \
    DO(p, R_A4, words[3]); DO(p, R_A5, words[4]); DO(p, R_A6, words[5]); \
    DO(p, R_T0, words[6]); DO(p, R_T1, words[7])

static inline void call_words(const struct process *p,
                              uint64_t ret_words[KERNE_WORDS])
{
#define STORE(p, number, ret_word) (ret_word) = (p)->x[number]
    CALL_WORDS(STORE, p, ret_words);
#undef STORE
}

static inline void call_set_words(struct process *p,
                                  const uint64_t words[KERNE_WORDS])
{
#define LOAD(p, number, word) (p)->x[number] = (word)
    CALL_WORDS(LOAD, p, words);
#undef LOAD
}

/* What no call leaves. */
static inline void call_zero(struct process *p)
{
    p->x[R_RA] = p->x[R_T3] = p->x[R_T4] = p->x[R_T5] = p->x[R_T6] = 0;
}

/* address.c: what an address means: external, or a process's index, 0 for none;
 * and by which pseudo process, as the receiver is told of it */
#define TARGET_EXTERNAL 0x10000 /* + external process */
#define TARGET_IS_EXTERNAL(target) (((target) & TARGET_EXTERNAL) != 0)
#define TARGET_INDEX(target) ((target) & 0xffff)
#define TARGET_PSEUDO(target) ((target) & ~UINT64_C(0x1ffff))
uint64_t address_resolve(const struct process *p);

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

/* break.c */
#define BREAK_OF_COPY UINT64_MAX /* fault: a page of the sender */
enum kerne_result break_raise(struct process *p, struct process *culprit);
enum kerne_result break_fault(struct process *p, enum kerne_break kind,
                              uint64_t fault, struct process *culprit,
                              uint64_t address, uint64_t access);
enum kerne_result break_unless_touched(struct process *p, uint64_t address,
                                       uint64_t access, uint64_t *ret_physical);
enum kerne_result break_answer(struct buffer *b, uint64_t action,
                               uint64_t value);
void break_withdraw(struct process *p);

/* call.c */
/* The bit of a function in the mask: numbers below 128 are even. */
#define CALL_INDEX(number) ((number) < 128 ? (number) / 2 : (number) - 80)
void call_do(struct process *p);
struct process *call_quick(struct process *p);
void call_end(struct process *p, enum kerne_result result);
void call_empty(struct process *p);
_Noreturn void panic(const char *what);

/* claim.c */
void claim_give(struct process *from, struct process *to, enum claims kind,
                uint64_t n);
void claim_give_back(struct process *from, struct process *to);
struct buffer *claim_fresh_buffer(void);
bool claim_pass(struct process *p, uint32_t *budget);

/* A buffer of p's claim, now in use; null: the claim is used up. */
static inline struct buffer *claim_take(struct process *p)
{
    struct link *l = nucleus.free_buffer;
    if (p->claims[BUFFERS].free == 0) { return NULL; }
    p->claims[BUFFERS].free--;
    if (l != NULL) {
        nucleus.free_buffer = l->next;
    } else {
        l = &claim_fresh_buffer()->claim;
    }
    struct buffer *b = link_record(l, buffer, claim);
    link_insert(&p->in_use, l);
    b->sender = p;
    b->regretted = false;
    return b;
}

/* The buffer is free again; every identity of it becomes stale.  That of a
 * process's breaks belongs to no claim. */
static inline void claim_return(struct buffer *b)
{
    b->state = KERNE_FREE;
    b->generation++;
    if (b->is_break) { return; }
    b->sender->claims[BUFFERS].free++;
    link_remove(&b->claim);
    b->claim.next = nucleus.free_buffer;
    nucleus.free_buffer = &b->claim;
}

/* external.c */
void external_receive(struct buffer *b, uint64_t external);
void external_drop(struct buffer *b);
void external_interrupt(uint32_t line);
uint64_t external_deadline(void);
void external_clock(uint64_t now);
void external_release(struct process *p);
bool external_look_up(const uint64_t name[2], uint64_t *ret_number);

/* fast.c */
struct process *fast_converse(struct process *p);
struct process *fast_serve(struct process *p);
struct process *fast_send(struct process *p);
struct process *fast_wait_answer(struct process *p);

/* message.c */
struct buffer *message_find(uint64_t identity);
void message_deliver(struct buffer *b, struct process *receiver);
void message_answer(struct buffer *b, enum kerne_result result);
void message_reply(struct buffer *b, enum kerne_result result, uint64_t word0,
                   uint64_t word1);
void message_unhold(struct buffer *b);
void message_withdraw(struct buffer *b);
void message_resume(struct process *p, bool first, bool at_once);
bool message_vacate(struct process *p, uint32_t *budget);

/* name.c */
struct process *name_child(struct process *parent, const uint64_t name[2]);

/* process.c */
enum kerne_result process_find(struct process *caller, uint64_t reference,
                               struct process **ret_process);
enum kerne_result process_find_internal(struct process *caller,
                                        struct process **ret_process);
bool process_is_held_out(const struct process *p, const struct process *above);
struct process *process_take_record(void);

/* storage.c */
struct touch {
    uint64_t physical;       /* normal: where the address is */
    struct process *culprit; /* otherwise: whose window is missing, */
    uint64_t address;        /* and where */
};
enum kerne_result storage_touch(struct process *p, uint64_t address,
                                uint64_t access, struct touch *ret_touch);
struct node *storage_take_node(struct process *p, uint64_t base);
void storage_free_node(struct node *n);
bool storage_close(struct process *p, uint64_t *page, uint64_t end,
                   uint32_t *budget);
struct place storage_find(const struct process *p, uint64_t page);
struct place storage_need(struct process *p, uint64_t page, uint64_t shift);
uint64_t *storage_next(const struct process *p, uint64_t *page);
bool storage_address_in(struct process *p, uint64_t address,
                        struct process *ancestor, uint64_t *ret_address);
uint64_t *storage_entry(const struct process *p, uint64_t page);

/* Of an entry of a lowest table: its window, and behind that, in the upper
 * half, the next entry in the list of the frame: a distance in words from the
 * first table.  (0 is none: nobody has that table.) */
#define WINDOW(entry) ((entry)[NODE_ENTRIES])
#define WINDOW_RIGHTS(window) ((window) & 7)
#define WINDOW_PAGE(window) ((window) >> 3 & 0x3ffffff)

/* time.c */
void time_ready(struct process *p);
void time_ready_first(struct process *p);
void time_leave(struct process *p);
void time_charge(void);
struct process *time_settle(struct process *p);
void time_interrupt(void);
void time_arm(void);
bool time_is_clear(struct process *p);

/* Can p, which waits, go on in place of the running process?  Nothing above it
 * is held out, or ready and so precedes it.  Cost: constant, unless something
 * was stopped, or became ready above others, since p was last asked for. */
static inline bool time_may_go_on(struct process *p)
{
    return p->epoch == nucleus.epoch || time_is_clear(p);
}

/* The end of each trap of p.  Returns who goes on.  Cost: constant, or at most
 * a walk of the depth. */
static inline struct process *time_next(struct process *p)
{
    if (p->wait != KERNE_WAITS_NOT || this_hart->unsettled) {
        p = time_settle(p);
    }
    check_all();
    return p;
}

#endif
