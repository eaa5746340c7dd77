/*
 * The hart, and time: who runs next, by places in the tree, and who pays.
 *
 * T1  A process that is ready and not running, with nothing above it suspended,
 *     stands in its parent's ring of turns, and so does each one above it.  A
 *     ring may also hold some that have since gone to wait; they are dropped
 *     when met.
 * T2  A process precedes its children.  Among children time goes in turns, by
 *     deficit round robin: whoever has credit may run, until it is used up; who
 *     has none is given a quantum by its share and waits for the next round.
 *     Who went before its siblings has had its turn of this round; and so has
 *     who was given its quantum while it waited.  Who waits for another's
 *     answer lends it the rest of its turn.
 * T3  Time is charged to an account, and to every process above it: that of the
 *     message worked on, while these have credit, and the account itself has,
 *     or will have after its next quantum; the rest is one's own.  No debt is
 *     more than a slice.  Who has answered, and handed its turn to whom it
 *     answered, pays for itself from its next trap on, so that an answer and
 *     the wait that follows are one charge.
 * T4  A process whose switch epoch is the hart's is not suspended, nor is any
 *     above it, and none above it is ready, unless it runs.
 */
#pragma once

#include "buffer.h"
#include "node.h"

/* What belongs to one hart, reached through `this_hart`. */
struct hart {
    /* By arch; first: assembly reaches it by offset. */
    struct machine_hart machine;
    /* By time.c, boot.c, arch. */
    struct process *current;
    struct process *handoff; /* goes on in the current one's turn; */
                             /* by queue.c, too */
    struct process *account; /* who pays since `since`; null: idle */
    /* By time.c, process.c, boot.c: process.wait of one that is quick
     * to take an event; its epoch is the switch epoch, which changes at each
     * stop, when a parent becomes ready, and when a process is gone.  With
     * WAIT_NEVER while who runs works for another, and pays itself. */
    uint64_t quick;
    /* By queue.c, arch: what the next trap that C serves begins with, an event
     * for the handoff, or that who has answered pays for itself; null: none. */
    struct buffer *posted;
    /* By time.c, boot.c. */
    bool must_settle;   /* handoff, reschedule or accounts have changed; */
                        /* by queue.c, too */
    bool reschedule;    /* someone precedes the current process */
    bool only_runnable; /* nobody else is ready: no slice */
    uint64_t turn_end;
    uint64_t armed; /* when the timer will interrupt */
    uint64_t since; /* by arch, too */
};

/* time.c */
void time_ready(struct process *p, bool first);
void time_leave(struct process *p);
void time_charge(void);
void time_change_account(struct process *p);
struct process *time_settle(struct process *p);
void time_interrupt(void);
void time_arm(void);
bool time_no_ancestor_blocks(struct process *p);

/* Who pays for what p does, as far as it has credit: the sender's account of
 * the message that it works on, if that lives, or p itself. */
static inline struct process *time_account(struct process *p)
{
    if (p->serving != NULL) {
        struct process *a = process_at(IDENTITY_INDEX(p->serving->account));
        if (a->identity == p->serving->account) { return a; }
    }
    return p;
}

/* Who pays for p now. */
static inline struct process *time_payer(struct process *p)
{
    bool settled = p == this_hart->current && !this_hart->must_settle;
    return settled ? this_hart->account : time_account(p);
}

/* Can p, which waits, go on in place of the running process?  Nothing above it
 * is suspended, or ready and so precedes it.  Cost: constant, unless something
 * was stopped, or became ready above others, since p was last asked for. */
static inline bool time_may_switch_to(struct process *p)
{
    return (p->wait ^ this_hart->quick) < WAIT_EPOCH ||
           time_no_ancestor_blocks(p);
}

/* The end of each trap of p.  Returns who goes on.  Cost: constant, or at most
 * a walk of the depth. */
static inline struct process *time_next(struct process *p)
{
    if (!process_is_ready(p) || this_hart->must_settle) { p = time_settle(p); }
    check_all();
    return p;
}
