/*
 * The structures of the nucleus, and what its files offer each other.
 *
 * All records stand in tables whose size is fixed at boot; they name each
 * other by index (0: none), so a record that comes from outside is checked by
 * one comparison.  Index 1 among the processes is the root.
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

/* ---- message buffers --------------------------------------------------- */

struct link {
    uint32_t next, previous; /* buffers; 0: none */
};
struct list {
    uint32_t first, last;
};

enum buffer_list {
    EVENTS,   /* queue of the receiver (queued) or of the sender (answered), */
              /* or what the receiver holds (received) */
    MESSAGES, /* of a queue, among themselves; at the clock: place in heap */
    CLAIM,    /* in use by the claim that the buffer belongs to */
    BUFFER_LISTS,
};

struct buffer {
    uint64_t words[KERNE_WORDS];
    struct link link[BUFFER_LISTS];
    uint64_t identity; /* index in the upper half, generation in the lower */
    uint64_t from;     /* what the receiver learns of the sender */
    uint64_t deadline; /* at the clock */
    uint16_t sender;   /* 0: gone */
    uint16_t receiver; /* 0: an external process */
    uint16_t owner;    /* whose claim it belongs to */
    uint16_t account;  /* who pays for work on it; valid while its process */
    uint16_t account_generation; /* has this generation */
    uint16_t state;              /* enum kerne_state */
    union {
        uint16_t result;   /* when answered */
        uint16_t external; /* when received, if receiver is 0 */
    };
    bool regretted; /* by a sender that still lives */
    bool is_break;
};
_Static_assert(sizeof(struct buffer) == 128, "a buffer is two cache lines");

/* ---- processes --------------------------------------------------------- */

struct claim { /* given to children = received - free - used */
    uint32_t received, free, used;
};

struct process {
    uint64_t x[32]; /* x[0] is the pc */
    uint64_t f[32];
    uint64_t fcsr;
    uint64_t space; /* for the machine's register of the address space */
    uint64_t quick; /* functions of CALL_QUICK that it may call */
    uint64_t identity;
    uint64_t name[2];
    uint64_t mask;
    uint64_t wait_for;  /* buffer or last event that it waits for */
    uint64_t epoch;     /* nucleus.epoch when it began to wait */
    uint64_t area;      /* of set interrupt; 0: none */
    uint64_t fault;     /* address touched, while in a break for its page */
    uint64_t server;    /* of a pseudo process: address seen by its parent */
    uint64_t lines;     /* interrupt lines received, a set */
    int64_t credit;     /* ticks; positive: may run before its siblings */
    uint64_t time;      /* ticks charged to itself */
    uint64_t time_below; /* and to itself and all below */
    struct claim buffers, processes, tables;
    struct list events, messages, held, in_use; /* of buffers */
    uint32_t pages;  /* windows of this process */
    uint32_t cached; /* of them in the machine's tables */
    uint32_t serving; /* message that it works on: the account's */
    uint32_t table;   /* root table node */
    uint32_t cursor;  /* how far its storage has been taken down */
    uint16_t display[DEPTH_LIMIT]; /* ancestors by depth, itself last */
    uint16_t parent;
    uint16_t first_child;
    uint16_t next_sibling, previous_sibling;
    uint16_t ring; /* the child whose turn it is among those in the ring */
    uint16_t ring_next, ring_previous; /* 0: not in its parent's ring */
    uint16_t share;
    uint16_t index; /* of this record */
    uint16_t number;
    uint16_t culprit; /* of a break: whose window is missing, or itself */
    uint16_t depth;
    uint16_t horizon;
    uint16_t wait;     /* enum kerne_wait */
    uint16_t held_out; /* KERNE_HELD_*, of this process itself */
    uint16_t call;     /* that it waits in: index of its function */
    bool closed;
    bool is_pseudo;
    bool fp_used;
};
_Static_assert(sizeof(struct process) + sizeof(struct buffer) <= 1024,
               "a process costs at most 1 KiB");

/* ---- storage ----------------------------------------------------------- */

#define STORAGE_LIMIT (UINT64_C(1) << 38) /* bytes that a process addresses */
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
    uint16_t owner; /* 0: free; then base is the next free one */
    uint16_t used;  /* entries in use */
    uint32_t base;  /* first page that it translates */
};

/* ---- the whole --------------------------------------------------------- */

/* What belongs to one hart, reached through `this_hart`. */
struct hart {
    struct machine_hart machine; /* first: assembly reaches it by offset */
    struct process *current;
    struct process *handoff; /* goes on in the current one's turn */
    bool unsettled;          /* handoff, reschedule or accounts have changed */
    bool reschedule;         /* someone precedes the current process */
    bool alone;              /* nobody else is ready: no slice */
    uint16_t account;        /* who pays since `since`; 0: idle */
    uint64_t since;
    uint64_t turn_end;
    uint64_t armed; /* when the timer will interrupt */
};

struct line {
    uint16_t user;
    uint32_t waiting; /* buffer */
};

struct nucleus {
    struct process *processes;
    struct buffer *buffers;
    struct node *nodes;
    struct node_info *node_infos;
    uint32_t *frames; /* first cached window of each page frame */
    uint32_t *heap;   /* of the clock: buffers by deadline */
    uint32_t process_limit, buffer_limit, node_limit; /* sizes of the tables */
    uint32_t break_buffers; /* buffer of process p's breaks is this + p */
    uint32_t free_buffer, fresh_buffer; /* list by CLAIM; never used yet */
    uint32_t free_process, fresh_process; /* free list; never used from here */
    uint32_t free_node, fresh_node;
    uint32_t heap_size;
    uint32_t device_frames; /* list of all frames outside of the RAM */
    uint64_t first_frame, frame_count;
    uint64_t epoch; /* changes at each stop, and when a parent becomes ready */
    uint64_t slice; /* ticks */
    uint64_t idle;  /* ticks that nobody paid for */
    struct line lines[KERNE_LINES];
};
extern struct nucleus nucleus;

/* How a function of the nucleus ends: with a result for the caller's t2, or */
#define KEPT ((enum kerne_result)0)   /* done; t2 is what it is to be */
#define WAITS ((enum kerne_result)-1) /* repeated when its event has come */
#define AGAIN ((enum kerne_result)-2) /* repeated after interrupts */

/* First decode and check everything. */
#define REFUSE(condition, result)     \
    do {                              \
        if (condition) {              \
            return KERNE_r_##result;  \
        }                             \
    } while (0)
#define TRY(call)                              \
    do {                                       \
        enum kerne_result tried = (call);      \
        if (tried != KERNE_r_normal) {         \
            return tried;                      \
        }                                      \
    } while (0)

#define REFERENCE (UINT64_C(1) << 63)

static inline struct process *process_at(uint32_t index)
{
    return &nucleus.processes[index];
}

static inline uint16_t process_index(const struct process *p)
{
    return p->index;
}

static inline struct buffer *buffer_at(uint32_t index)
{
    return &nucleus.buffers[index];
}

static inline uint32_t buffer_index(const struct buffer *b)
{
    return (uint32_t)(b - nucleus.buffers);
}

static inline void list_append(struct list *list, struct buffer *b,
                               enum buffer_list kind)
{
    uint32_t index = buffer_index(b);
    b->link[kind] = (struct link){ 0, list->last };
    *(list->last != 0 ? &buffer_at(list->last)->link[kind].next
                      : &list->first) = index;
    list->last = index;
}

static inline void list_remove(struct list *list, struct buffer *b,
                               enum buffer_list kind)
{
    struct link l = b->link[kind];
    *(l.previous != 0 ? &buffer_at(l.previous)->link[kind].next
                      : &list->first) = l.next;
    *(l.next != 0 ? &buffer_at(l.next)->link[kind].previous : &list->last) =
        l.previous;
}

static inline void call_words(const struct process *p,
                              uint64_t ret_words[KERNE_WORDS])
{
    const uint64_t *x = p->x;
    uint64_t a1 = x[R_A1], a2 = x[R_A2], a3 = x[R_A3], a4 = x[R_A4];
    uint64_t a5 = x[R_A5], a6 = x[R_A6], t0 = x[R_T0], t1 = x[R_T1];
    ret_words[0] = a1, ret_words[1] = a2, ret_words[2] = a3;
    ret_words[3] = a4, ret_words[4] = a5, ret_words[5] = a6;
    ret_words[6] = t0, ret_words[7] = t1;
}

static inline void call_set_words(struct process *p,
                                  const uint64_t words[KERNE_WORDS])
{
    uint64_t *x = p->x;
    uint64_t a1 = words[0], a2 = words[1], a3 = words[2], a4 = words[3];
    uint64_t a5 = words[4], a6 = words[5], t0 = words[6], t1 = words[7];
    x[R_A1] = a1, x[R_A2] = a2, x[R_A3] = a3, x[R_A4] = a4;
    x[R_A5] = a5, x[R_A6] = a6, x[R_T0] = t0, x[R_T1] = t1;
}

/* The call at p's pc ends as its function says. */
static inline void call_finish(struct process *p, enum kerne_result result)
{
    if (result == WAITS || result == AGAIN) { return; }
    if (result != KEPT) { p->x[R_RESULT] = result; }
    p->x[R_PC] += 4;
}

/* What no call leaves; on the quick way the registers are zeroed instead. */
static inline void call_zero(struct process *p)
{
    p->x[R_RA] = p->x[R_T3] = p->x[R_T4] = p->x[R_T5] = p->x[R_T6] = 0;
}

/* The buffer with this identity; null: stale, or guessed. */
static inline struct buffer *message_find(uint64_t identity)
{
    uint64_t index = identity >> 32;
    if (index >= nucleus.fresh_buffer &&
        (index <= nucleus.break_buffers || index >= nucleus.buffer_limit)) {
        return NULL;
    }
    struct buffer *b = buffer_at((uint32_t)index);
    return b->identity == identity && b->state != KERNE_FREE ? b : NULL;
}

/* A buffer of p's claim, now in use; null: the claim is used up. */
static inline struct buffer *claim_take(struct process *p)
{
    if (p->buffers.free == 0) { return NULL; }
    p->buffers.free--;
    p->buffers.used++;
    struct buffer *b = buffer_at(nucleus.free_buffer);
    if (nucleus.free_buffer != 0) {
        nucleus.free_buffer = b->link[CLAIM].next;
    } else {
        b = buffer_at(nucleus.fresh_buffer);
        *b = (struct buffer){ .identity = (uint64_t)nucleus.fresh_buffer
                                          << 32 };
        nucleus.fresh_buffer++;
    }
    b->owner = process_index(p);
    list_append(&p->in_use, b, CLAIM);
    return b;
}

/* The buffer is free again; every identity of it becomes stale.  That of a
 * process's breaks belongs to no claim. */
static inline void claim_return(struct buffer *b)
{
    b->state = KERNE_FREE;
    b->identity = b->identity >> 32 << 32 | (uint32_t)(b->identity + 1);
    if (b->is_break) { return; }
    struct process *p = process_at(b->owner);
    list_remove(&p->in_use, b, CLAIM);
    p->buffers.free++;
    p->buffers.used--;
    b->link[CLAIM].next = nucleus.free_buffer;
    nucleus.free_buffer = buffer_index(b);
}

/* Where p's next break is put together. */
static inline uint64_t *break_words(const struct process *p)
{
    return buffer_at(nucleus.break_buffers + process_index(p))->words;
}

/* Who pays for what p does: the sender's account of the message that it works
 * on, if that lives, or p itself. */
static inline uint16_t time_account(const struct process *p)
{
    if (p->serving != 0) {
        const struct buffer *b = buffer_at(p->serving);
        if ((uint16_t)process_at(b->account)->identity ==
            b->account_generation) {
            return b->account;
        }
    }
    return process_index(p);
}

static inline struct process *process_parent(const struct process *p)
{
    return process_at(p->parent);
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

static inline uint16_t *process_children(const struct process *p)
{
    return nucleus.nodes[p->table].child;
}

/* What the receiver learns of the sender.  Every receiver is the sender, an
 * ancestor of it, or a child of one.  Cost: constant. */
static inline uint64_t name_sender(const struct process *sender,
                                   const struct process *receiver)
{
    uint64_t depth = receiver->depth; /* of the receiver's own level */
    uint64_t up = 1;
    if (sender->parent == receiver->parent && sender != receiver) {
        return KERNE_ADDRESS(1, sender->number);
    }
    if (sender == receiver) { return KERNE_SELF; }
    if (receiver->parent == process_index(sender)) { return KERNE_PARENT; }
    if (process_is_within(sender, receiver)) {
        depth++;
        up = 0;
    }
    const struct process *seen = process_at(sender->display[depth]);
    return KERNE_ADDRESS(up, seen->number) |
           (sender->depth > depth ? KERNE_SENDER_INSIDE : 0);
}

/* call.c */
/* Functions of the RC 4000 have even numbers below 96; Kerne's follow. */
#define CALL_INDEX(number) ((number) < 96 ? (number) / 2 : (number) - 80)
/* 16 to 26, 36, 66, 82, 128, 129: they look at the registers of a message. */
#define CALL_QUICK UINT64_C(0x3020200043f00)
void call_do(struct process *p);
struct process *call_general(struct process *p, uint64_t index);
struct process *call_quick(struct process *p, uint64_t index);
_Noreturn void panic(const char *what);

/* claim.c */
void claim_give(struct claim *from, struct claim *to, uint64_t n);
void claim_give_back(struct claim *from, struct claim *to);
bool claim_pass_in_use(struct process *p, uint32_t *budget);

/* copy.c */
void copy_ends(struct process *p);

/* fast.c: who goes on */
struct process *fast_send(struct process *p);
struct process *fast_converse(struct process *p);
struct process *fast_answer(struct process *p);
struct process *fast_serve(struct process *p);

/* message.c */
void message_deliver(struct buffer *b, struct process *receiver);
void message_answer(struct buffer *b, enum kerne_result result);
void message_drop(struct buffer *b);
bool message_vacate(struct process *p, uint32_t *budget);
void message_hold_remove(struct buffer *b);
void message_withdraw(struct buffer *b);
void message_resume(struct process *p, bool first, bool at_once);

/* name.c: what an address means */
#define TARGET_NONE 0
#define TARGET_EXTERNAL 0x10000 /* + external process; else a process's index */
uint32_t name_resolve(struct process *p, uint64_t address,
                      uint64_t *ret_pseudo);
bool name_is_well_formed(const uint64_t name[2]);
struct process *name_child(struct process *parent, const uint64_t name[2]);

/* process.c */
enum kerne_result process_find(struct process *caller, uint64_t reference,
                               struct process **ret_process);
enum kerne_result process_find_internal(struct process *caller,
                                        struct process **ret_process);
uint64_t process_reference(const struct process *p);
struct process *process_take_record(void);

/* storage.c */
enum kerne_result storage_touch(struct process *p, uint64_t address,
                                uint64_t access, uint64_t *ret_physical,
                                struct process **ret_culprit,
                                uint64_t *ret_culprit_address);
bool storage_take_node(struct process *p, uint64_t base, uint32_t *ret_node);
void storage_free_node(uint32_t node);
bool storage_take_down(struct process *p, uint32_t *budget);
bool storage_root_page(uint64_t page, uint64_t *ret_frame,
                       uint64_t *ret_rights);
bool storage_next(const struct process *p, uint64_t page, uint64_t *ret_page);
bool storage_address_in(struct process *p, uint64_t address,
                        struct process *ancestor, uint64_t *ret_address);
uint64_t *storage_window(struct process *p, uint64_t page,
                         uint64_t **ret_entry);
#define WINDOW_RIGHTS(window) ((window) & 7)
#define WINDOW_PAGE(window) ((window) >> 3 & 0x3ffffff)

/* break.c */
#define BREAK_OF_COPY UINT64_MAX /* fault: a page of the sender */
enum kerne_result break_raise(struct process *p, struct process *culprit);
enum kerne_result break_page_fault(struct process *p, uint64_t fault,
                              struct process *culprit, uint64_t address,
                              uint64_t access);
enum kerne_result break_answer(struct buffer *b, enum kerne_result result,
                               const uint64_t words[KERNE_WORDS]);
void break_withdraw(struct process *p);

/* time.c */
void time_ready(struct process *p);
void time_ready_first(struct process *p);
void time_leave(struct process *p);
void time_charge(void);
struct process *time_settle(void);
void time_interrupt(void);
void time_arm(void);

/* external.c */
void external_receive(struct buffer *b, uint32_t external);
void external_drop(struct buffer *b);
void external_interrupt(uint32_t line);
uint64_t external_deadline(void);
void external_clock(uint64_t now);
void external_release(struct process *p);
bool external_look_up(const uint64_t name[2], uint64_t *ret_number);


/* The end of each trap of p.  Returns who goes on. */
static inline struct process *time_next(struct process *p)
{
    if (p->wait != KERNE_WAITS_NOT || this_hart->unsettled) {
        struct process *next = time_settle();
        if (next != p) { machine_switch(p, next); }
        p = next;
    }
    check_all();
    return p;
}

#endif
