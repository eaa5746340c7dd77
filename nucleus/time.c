/*
 * Time: who runs next, by places in the tree, and who pays.
 *
 * T1  A process that is ready and not running, with nothing above it held out,
 *     stands in its parent's ring, and so does each one above it.  A ring may
 *     also hold some that have since gone to wait; they are dropped when met.
 * T2  A process precedes its children.  Among children time goes in turns, by
 *     deficit round robin: whoever has credit may run; who has none is given a
 *     quantum by its share and waits for the next round.
 * T3  Time is charged to an account, that of the message worked on or one's
 *     own, and to every process above it.
 *
 * 1969 had one round robin queue; here each parent has its own, and decides
 * how its children share what it gets.
 */
#include "nucleus.h"

#define STEP 64

/* ---- accounts ---------------------------------------------------------- */

/* Charges the time since the last charge.  While nobody else wants to run,
 * time is free of debt beyond a slice.  Cost: a constant for each level. */
void time_charge(void)
{
    uint64_t now = machine_time(), ticks = now - this_hart->since;
    bool free = this_hart->alone && ticks > nucleus.slice;
    uint64_t debt = free ? nucleus.slice : ticks;
    struct process *p = process_at(this_hart->account);
    this_hart->since = now;
    *(this_hart->account == 0 ? &nucleus.idle : &p->time) += ticks;
    for (; p != process_at(0); p = process_parent(p)) {
        p->time_below += ticks;
        p->credit -= (int64_t)debt;
    }
}

static void set_account(uint16_t account)
{
    time_charge();
    this_hart->account = account;
}

/* ---- rings ------------------------------------------------------------- */

static void ring_insert(struct process *parent, struct process *p)
{
    uint16_t index = process_index(p);
    if (parent->ring == 0) { parent->ring = p->ring_previous = index; }
    struct process *next = process_at(parent->ring);
    p->ring_next = parent->ring;
    p->ring_previous = next->ring_previous;
    process_at(next->ring_previous)->ring_next = index;
    next->ring_previous = index;
}

static void ring_remove(struct process *parent, struct process *p)
{
    uint16_t index = process_index(p);
    process_at(p->ring_previous)->ring_next = p->ring_next;
    process_at(p->ring_next)->ring_previous = p->ring_previous;
    if (parent->ring == index) {
        parent->ring = p->ring_next == index ? 0 : p->ring_next;
    }
    p->ring_next = 0;
}

/* The timer for whatever comes first: the end of the turn, or the clock. */
void time_arm(void)
{
    uint64_t next = this_hart->alone ? UINT64_MAX : this_hart->turn_end;
    uint64_t deadline = external_deadline();
    this_hart->armed = next < deadline ? next : deadline;
    machine_set_timer(this_hart->armed);
}

/* A timer that is armed for earlier arms itself anew. */
static void begin_turn(void)
{
    this_hart->turn_end = machine_time() + nucleus.slice;
    this_hart->alone = false;
    if (this_hart->turn_end < this_hart->armed) { time_arm(); }
}

/* p may run when its turn comes.  It precedes its children: none of them that
 * waits now goes on by a direct switch.  Cost: constant; at most the depth. */
void time_ready(struct process *p)
{
    if (p->first_child != 0) { nucleus.epoch++; }
    for (struct process *q = p; q->parent != 0 && q->ring_next == 0;
         q = process_parent(q)) {
        ring_insert(process_parent(q), q);
    }
    if (this_hart->current == NULL || this_hart->current == p) {
        return;
    }
    if (process_is_within(this_hart->current, p)) {
        this_hart->reschedule = this_hart->unsettled = true;
    }
    if (this_hart->alone) {
        time_charge();
        begin_turn();
    }
}

/* p, woken by an external process, goes before its siblings, at each level up
 * to the branch that runs now, as long as it has credit there. */
void time_ready_first(struct process *p)
{
    time_ready(p);
    for (struct process *q = p; q->ring_next != 0; q = process_parent(q)) {
        struct process *parent = process_parent(q);
        bool common = this_hart->current != NULL &&
                      process_is_within(this_hart->current, parent);
        if (q->credit > 0) {
            ring_remove(parent, q);
            ring_insert(parent, q);
            parent->ring = process_index(q);
            if (common) { this_hart->reschedule = this_hart->unsettled = true; }
        }
        if (common) { return; }
    }
}

/* p is gone: its identity is stale already, its place in the tree is not. */
void time_leave(struct process *p)
{
    if (p->ring_next != 0) { ring_remove(process_parent(p), p); }
    if (this_hart->handoff == p) { this_hart->handoff = NULL; }
    if (this_hart->account == process_index(p)) {
        set_account(time_account(this_hart->current));
    }
}

/* ---- choice ------------------------------------------------------------ */

/* Whom the tree chooses.  Interrupts are let in now and then, after which the
 * choice begins anew, and while there is nobody. */
static __attribute__((noinline)) struct process *pick(void)
{
    struct process *p = process_at(ROOT);
    for (unsigned i = 1; !process_is_ready(p); i++) {
        struct process *child = process_at(p->ring);
        if (i % STEP == 0) {
            machine_poll();
            p = process_at(ROOT);
        } else if (p->ring == 0 && p->parent == 0) {
            this_hart->current = NULL;
            set_account(0);
            this_hart->alone = true;
            time_arm();
            machine_wait_for_interrupt();
            machine_poll();
        } else if (p->ring == 0) { /* all that was below has gone */
            p = process_parent(p);
        } else if (child->held_out != 0 ||
                   (!process_is_ready(child) && child->ring == 0)) {
            ring_remove(p, child);
        } else if (child->credit > 0) {
            p = child;
        } else {
            child->credit += (int64_t)(nucleus.slice * child->share /
                                       KERNE_SHARE); /* its quantum */
            p->ring = child->ring_next;
        }
    }
    return p;
}

/* May the process that was handed the work go on in this very turn?  Nothing
 * above it is stopped, nobody precedes it, and the same account pays. */
static bool is_handed(const struct process *p)
{
    return p != NULL && !this_hart->reschedule && p->held_out == 0 &&
           p->epoch == nucleus.epoch && time_account(p) == this_hart->account;
}

/*
 * At the end of a trap, when the current process waits or `unsettled` says that
 * there may be something to do: whoever is to run now becomes current, and who
 * is to pay pays.  A process that was handed work by one that goes on is kept
 * in mind, until the latter waits; unless it is an operating system of it.
 * Cost: constant, or at most a walk of the depth.
 */
struct process *time_settle(void)
{
    struct process *p = this_hart->current;
    struct process *next = this_hart->handoff;
    bool goes_on = p->wait == KERNE_WAITS_NOT;
    this_hart->unsettled = false;
    if (!goes_on && is_handed(next)) {
        this_hart->handoff = NULL;
        return this_hart->current = next;
    }
    if (next != NULL && (!goes_on || this_hart->reschedule ||
                         this_hart->alone || process_is_within(p, next))) {
        this_hart->handoff = NULL;
        time_ready(next);
    }
    if (!goes_on || this_hart->reschedule) { /* the tree chooses; a new turn */
        if (goes_on) { time_ready(p); }
        this_hart->current = p = pick();
        begin_turn();
        this_hart->reschedule = false;
    }
    uint16_t account = time_account(p);
    if (account != this_hart->account) { set_account(account); }
    return p;
}

/* Is there nobody that would run if the current process did not? */
static bool is_alone(void)
{
    for (const struct process *p = this_hart->current; p->parent != 0;
         p = process_parent(p)) {
        uint16_t ring = process_parent(p)->ring, index = process_index(p);
        if (ring != 0 && (ring != index || p->ring_next != index)) {
            return false;
        }
    }
    return this_hart->current->ring == 0 && this_hart->handoff == NULL;
}

/* The timer: the clock has reached a deadline, or the turn is over. */
void time_interrupt(void)
{
    uint64_t now = machine_time();
    external_clock(now);
    if (this_hart->current != NULL && !this_hart->alone &&
        now >= this_hart->turn_end) {
        time_charge();
        this_hart->alone = is_alone();
        if (!this_hart->alone) {
            this_hart->reschedule = this_hart->unsettled = true;
        }
    }
    time_arm();
}

/* 36.  Cost: constant. */
enum kerne_result time_get_clock(struct process *p)
{
    p->x[R_A0] = machine_time();
    return KERNE_r_normal;
}

/* 94.  Cost: constant. */
enum kerne_result time_set_share(struct process *caller)
{
    struct process *p;
    uint64_t share = caller->x[R_A1];
    TRY(process_find_internal(caller, &p));
    REFUSE(share == 0 || share > KERNE_SHARE_LIMIT, bad_argument);
    p->share = (uint16_t)share;
    return KERNE_r_normal;
}
