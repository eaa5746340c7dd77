/*
 * Time: who runs next, by places in the tree, and who pays.  The rules are in
 * hart.h.
 *
 * 1969 had one round robin queue; here each parent has its own, and decides
 * how its children share what it gets.
 */
#include "hart.h"

/* ---- accounts ---------------------------------------------------------- */

/* Charges the time since the last charge.  No debt is more than a slice; and no
 * credit is used up while nobody else wants to run.  Cost: a constant for each
 * level. */
void time_charge(void)
{
    uint64_t now = machine_time(), ticks = now - this_hart->since;
    int64_t least = this_hart->only_runnable ? 1 : -(int64_t)nucleus.slice;
    struct process *p = this_hart->account;
    this_hart->since = now;
    *(p == NULL ? &nucleus.idle : &p->time) += ticks;
    for (; p != NULL; p = p->parent) {
        int64_t credit = p->credit - (int64_t)ticks;
        p->time_below += ticks;
        p->credit = credit > least ? credit : least;
    }
}

/* What p is given in each round. */
static int64_t quantum_of(const struct process *p)
{
    uint64_t quantum = nucleus.slice * p->share / KERNE_SHARE;
    return (int64_t)(quantum > 0 ? quantum : 1);
}

/* A turn that would be shorter costs more than it is worth. */
static int64_t least_turn(void) { return (int64_t)nucleus.slice / 8; }

/* What p may use at a time: a slice, or the credit of one on the way to p, if
 * that is less.  The account of a message may owe its next quantum, but not
 * much more than half a slice: so long another may have to wait for its turn.
 * Cost: a constant for each level. */
static int64_t credit_of(const struct process *p, bool is_account)
{
    int64_t slice = (int64_t)nucleus.slice, credit = slice, debt = 0;
    if (is_account) {
        debt = quantum_of(p);
        if (debt > slice / 8 * 5) { debt = slice / 8 * 5; }
    }
    for (; p->parent != NULL; p = p->parent, debt = 0) {
        if (p->credit + debt < credit) { credit = p->credit + debt; }
    }
    return credit;
}

/* ---- turns ------------------------------------------------------------- */

static void turn_insert(struct process *p, bool first)
{
    struct link *turns = &p->parent->turns;
    link_insert(first ? turns->next : turns, &p->turn);
}

static void turn_remove(struct process *p)
{
    link_remove(&p->turn);
    link_begin(&p->turn);
}

/* The timer for whatever comes first: the end of the turn, or the clock. */
void time_arm(void)
{
    uint64_t next = this_hart->only_runnable ? UINT64_MAX : this_hart->turn_end;
    uint64_t deadline = external_deadline(1);
    this_hart->armed = next < deadline ? next : deadline;
    machine_set_timer(this_hart->armed);
}

/* Nobody is quick for whom works for another, and pays itself. */
static void set_quick(bool pays_right)
{
    uint64_t quick = this_hart->quick & ~WAIT_NEVER;
    this_hart->quick = pays_right ? quick : quick | WAIT_NEVER;
}

/* Who pays for p, which goes on, and until when: the account of the message
 * that p works on, while it has credit; otherwise p itself.  One above p has
 * none that is not p's, too.  False: neither has, and p cannot go on in this
 * turn.  A timer that is armed for earlier arms itself anew. */
static bool settle_account(struct process *p)
{
    struct process *account = time_account(p), *payer = account;
    int64_t credit = 0;
    if (account != p && !process_is_within(p, account)) {
        credit = credit_of(account, true);
    }
    if (credit <= 0) {
        payer = p;
        credit = credit_of(p, false);
    }
    if (credit <= 0) { return false; }
    this_hart->account = payer;
    set_quick(payer == account);
    if (credit < least_turn()) { credit = least_turn(); }
    uint64_t end = machine_time() + (uint64_t)credit;
    if (end < this_hart->turn_end) { this_hart->turn_end = end; }
    if (this_hart->turn_end < this_hart->armed) { time_arm(); }
    return true;
}

static void begin_turn(struct process *p)
{
    this_hart->only_runnable = false;
    this_hart->turn_end = UINT64_MAX;
    settle_account(p);
}

/* The current process is no longer the only one that would run. */
static void end_only_runnable(struct process *current)
{
    time_charge();
    begin_turn(current);
}

/* The tree chooses anew, in a new turn.  Who runs may have been handed the work
 * of one that waits, and stand nowhere: it stands in front.  It precedes its
 * children, as who becomes ready does. */
static void reschedule(void)
{
    struct process *p = this_hart->current;
    this_hart->reschedule = this_hart->must_settle = true;
    if (p == NULL || !process_is_ready(p)) { return; }
    if (!link_is_empty(&p->children)) { this_hart->quick += WAIT_EPOCH; }
    for (; p->parent != NULL && link_is_empty(&p->turn); p = p->parent) {
        turn_insert(p, true);
    }
}

/* p may run when its turn comes; or, if an external process has woken it,
 * before its siblings, at each level up to the branch that runs now, as long as
 * it has credit there.  It precedes its children: none of them that waits now
 * goes on by a direct switch.  Cost: constant; at most the depth. */
void time_ready(struct process *p, bool first)
{
    struct process *current = this_hart->current, *branch = NULL;
    if (!link_is_empty(&p->children)) { this_hart->quick += WAIT_EPOCH; }
    for (struct process *q = p; q->parent != NULL; q = q->parent) {
        bool stands = !link_is_empty(&q->turn), ahead = first && q->credit > 0;
        if (stands && !first) { break; }
        if (ahead) {
            link_remove(&q->turn);
            q->boosted = true;
        }
        if (ahead || !stands) { turn_insert(q, ahead); }
        if (first && current != NULL && process_is_within(current, q->parent)) {
            first = false;
            branch = ahead ? q : NULL;
        }
    }
    if (current == NULL || current == p) { return; }
    if (branch != NULL || process_is_within(current, p)) { reschedule(); }
    if (branch != NULL && branch->parent->turns.next != &branch->turn) {
        link_remove(&branch->turn); /* before the current one's, which stood */
        turn_insert(branch, true);  /* nowhere */
    }
    if (this_hart->only_runnable && !this_hart->reschedule) {
        end_only_runnable(current);
    }
}

/* The walk for time_may_switch_to.  Cost: a constant for each level. */
bool time_no_ancestor_blocks(struct process *p)
{
    if (p->suspended != 0) { return false; }
    const struct process *q = p->parent;
    while (q != NULL && q->suspended == 0 &&
           (!process_is_ready(q) || q == this_hart->current)) {
        q = q->parent;
    }
    if (q == NULL) {
        p->wait = p->wait % WAIT_EPOCH + (this_hart->quick & -WAIT_EPOCH);
    }
    return q == NULL;
}

/* p is gone: its identity is stale already, its place in the tree is not. */
void time_leave(struct process *p)
{
    link_remove(&p->turn);
    if (this_hart->handoff == p) { this_hart->handoff = NULL; }
    if (this_hart->account == p) {
        time_charge();
        this_hart->account = this_hart->current;
    }
}

/* ---- choice ------------------------------------------------------------ */

/* p's quantum, for the next round, unless it had that already; as one has that
 * waits: others may spend it for p before p's turn comes.  True: nobody else is
 * in the ring, and any number of rounds pass at once. */
static bool end_round(struct process *p, bool waits)
{
    const struct link *turns = &p->parent->turns;
    bool only = turns->next == turns->previous;
    if (only || !p->boosted) {
        p->credit = quantum_of(p) + (only ? 0 : p->credit);
    }
    p->boosted = waits;
    return only;
}

/* Whom the tree chooses; null: nobody, or not in so many steps. */
static struct process *pick(void)
{
    struct process *p = process_at(ROOT);
    for (int steps = DEPTH_LIMIT + 8; !process_is_ready(p); steps--) {
        if (steps == 0) { return NULL; }
        struct process *child = link_record(p->turns.next, process, turn);
        if (link_is_empty(&p->turns)) { /* all that was below has gone */
            if (p->parent == NULL) { return NULL; }
            p = p->parent;
            continue;
        }
        bool waits = child->suspended != 0 ||
                     (!process_is_ready(child) && link_is_empty(&child->turns));
        bool has_credit = child->credit > 0 || end_round(child, waits);
        if (!waits && has_credit) {
            p = child;
            continue;
        }
        turn_remove(child);
        if (!waits) { turn_insert(child, false); }
    }
    return p;
}

/* Lets interrupts in; if there is nobody who wants to run, waits for one. */
static __attribute__((noinline)) void let_interrupts_in(void)
{
    if (link_is_empty(&process_at(ROOT)->turns)) {
        time_charge();
        this_hart->current = this_hart->account = NULL;
        this_hart->only_runnable = true;
        time_arm();
        machine_wait_for_interrupt();
        time_charge();
    }
    machine_poll();
}

/* q may run when its turn comes.  It was handed work, or an answer, by p, which
 * waits now: the place that p has in its ring is q's, or of q's branch.  Behind
 * all others it would wait for them anew; beside a flood, two that converse get
 * an eighth less then. */
static __attribute__((noinline)) void ready_in_place(struct process *q,
                                                     struct process *p)
{
    struct process *branch = q;
    while (branch->depth > p->depth) { branch = branch->parent; }
    bool passes = link_is_empty(&p->turns) && branch->parent == p->parent &&
                  link_is_empty(&branch->turn);
    time_ready(q, false);
    if (passes) {
        link_remove(&branch->turn);
        link_insert(&p->turn, &branch->turn);
        turn_remove(p);
    }
}

/* p goes on, and may be at another's expense from now on.  Cost: constant; a
 * constant for each level when another pays. */
void time_change_account(struct process *p)
{
    set_quick(true);
    if (time_account(p) == this_hart->account) { return; }
    time_charge();
    if (!settle_account(p)) { reschedule(); }
}

/* Who has the message to which p awaits the answer, if it is ready: its turn
 * would come, but it may borrow p's, so that p need not wait for all others. */
static __attribute__((noinline)) struct process *
awaited(const struct process *p)
{
    if (this_hart->reschedule) { return NULL; }
    struct process *q = message_find(p->wait_for)->receiver;
    bool may = q != NULL && q != p && process_is_ready(q) &&
               time_may_switch_to(q) && settle_account(q);
    return may ? q : NULL;
}

/* Who is to run now becomes current, and who is to pay pays.  A process that
 * was handed work by one that goes on is kept in mind, until the latter waits;
 * unless it is an operating system of it. */
static __attribute__((noinline)) struct process *choose(struct process *p)
{
    struct process *next = this_hart->handoff;
    bool goes_on = process_is_ready(p);
    this_hart->must_settle = false;
    if (next != NULL && goes_on && this_hart->only_runnable) {
        end_only_runnable(p);
    }
    if (goes_on && !this_hart->reschedule) { time_change_account(p); }
    if (next != NULL &&
        (!goes_on || this_hart->reschedule || process_is_within(p, next))) {
        this_hart->handoff = NULL;
        if (goes_on || link_is_empty(&p->turn)) {
            time_ready(next, false);
        } else {
            ready_in_place(next, p);
        }
    }
    if (goes_on && !this_hart->reschedule) { return p; }
    time_charge(); /* or two that share an account would never pay */
    next = process_wait(p) == KERNE_WAITS_ANSWER ? awaited(p) : NULL;
    if (next == NULL) { /* some walks of the depth are behind already */
        if (p->depth > DEPTH_LIMIT / 2) { machine_poll(); }
        while ((next = pick()) == NULL) { let_interrupts_in(); }
        begin_turn(next);
    }
    this_hart->current = next;
    this_hart->reschedule = false;
    return next == p ? p : machine_switch(next);
}

/* The process that was handed the work goes on in this very turn, if nothing
 * above it is stopped, and nobody precedes it. */
static __attribute__((noinline)) struct process *hand_over(struct process *p,
                                                           struct process *next)
{
    if (!time_may_switch_to(next)) { return choose(p); }
    set_quick(true);
    this_hart->handoff = NULL;
    this_hart->must_settle = false;
    this_hart->current = next;
    return machine_switch(next);
}

/* p waits, or something must be settled.  Returns who goes on. */
struct process *time_settle(struct process *p)
{
    struct process *next = this_hart->handoff;
    bool handed = next != NULL && !process_is_ready(p) &&
                  !this_hart->reschedule &&
                  time_account(next) == this_hart->account;
    return handed ? hand_over(p, next) : choose(p);
}

/* Is there nobody that would run if the current process did not? */
static bool is_only_runnable(void)
{
    const struct process *p = this_hart->current;
    bool only = link_is_empty(&p->turns) && this_hart->handoff == NULL;
    for (; only && p->parent != NULL; p = p->parent) {
        const struct link *turns = &p->parent->turns;
        only = turns->next == turns->previous &&
               (link_is_empty(turns) || turns->next == &p->turn);
    }
    return only;
}

/* The timer: the clock has reached a deadline, or the turn is over. */
void time_interrupt(void)
{
    uint64_t now = machine_time();
    if (this_hart->current != NULL && !this_hart->only_runnable &&
        !this_hart->reschedule && now >= this_hart->turn_end) {
        this_hart->only_runnable = is_only_runnable();
        if (!this_hart->only_runnable) { reschedule(); }
    }
    if (external_deadline(1) <= now) { external_clock(now); }
    if (this_hart->reschedule) {
        this_hart->armed = UINT64_MAX; /* the next turn arms it */
    } else {
        time_arm();
    }
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
    TRY(process_find_internal(caller, caller->x[R_A0], &p));
    REFUSE(share == 0 || share > KERNE_SHARE_LIMIT, bad_argument);
    p->share = (uint16_t)share;
    return KERNE_r_normal;
}
