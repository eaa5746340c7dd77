/*
 * Internal and pseudo processes: the tree, and its control by parents.  The
 * rules are in process.h.
 *
 * "Create, start, stop, modify, remove" are those of 1969; pseudo processes
 * those of the RC 8000.
 */
#include "hart.h"

#define STEP 72 /* what one step of remove does at most */

/* The descendant of the caller that the reference means, which may be being
 * removed.  A free record has no
 * parent, nor has that of number 0, which is nobody's. */
enum kerne_result process_find(struct process *caller, uint64_t reference,
                               struct process **ret_process)
{
    uint64_t index = IDENTITY_INDEX(reference & ~REFERENCE);
    REFUSE(index >= nucleus.never_used_process, not_descendant);
    struct process *p = process_at(index);
    REFUSE(process_reference(p) != reference || p->parent == NULL ||
               !process_is_within(p->parent, caller),
           not_descendant);
    *ret_process = p;
    return KERNE_r_normal;
}

/* The internal process that the reference means, to be controlled. */
enum kerne_result process_find_internal(struct process *caller,
                                        uint64_t reference,
                                        struct process **ret_process)
{
    TRY(process_find(caller, reference, ret_process));
    REFUSE(((*ret_process)->suspended & KERNE_SUSPENDED_DYING) != 0, dying);
    REFUSE((*ret_process)->is_pseudo, bad_argument);
    return KERNE_r_normal;
}

/* Is p, or a process between it and the one above, suspended?  Cost: a constant
 * for each of them. */
bool process_is_suspended(const struct process *p, const struct process *above)
{
    while (p != above && p->suspended == 0) { p = p->parent; }
    return p != above;
}

/* Keeps p, and all below it, from running. */
void process_suspend(struct process *p, uint8_t how)
{
    p->suspended |= how;
    this_hart->quick += WAIT_EPOCH;
    nucleus.stops++;
}

/* ---- creation ---------------------------------------------------------- */

/* A record for a new process.  The claims never exceed the table.  Its buffer
 * for breaks, its generation, and a number of an address space outlast its use.
 */
struct process *process_take_record(void)
{
    struct process *p = process_at(nucleus.never_used_process);
    if (nucleus.free_process != NULL) {
        p = link_record(nucleus.free_process, process, sibling);
        nucleus.free_process = p->sibling.next;
    } else {
        p->identity = IDENTITY(nucleus.never_used_process++);
        p->breaks = claim_fresh_buffer();
        p->breaks->is_break = true;
        p->breaks->sender = p;
        p->space_number = process_index(p);
    }
    *p = (struct process){ .identity = p->identity,
                           .breaks = p->breaks,
                           .space_number = p->space_number,
                           .hart = this_hart };
    link_begin(&p->events);
    link_begin(&p->messages);
    link_begin(&p->held);
    link_begin(&p->in_use);
    link_begin(&p->children);
    link_begin(&p->turns);
    link_begin(&p->turn);
    return p;
}

/* The rest of create's arguments, against what the parent has.  The sibling
 * shares its windows; null: none does. */
static enum kerne_result check_gifts(struct process *caller,
                                     struct process *parent,
                                     struct process **ret_sibling)
{
    const uint64_t *x = caller->x, how = x[R_T1];
    const struct claim *has = parent->claims;
    claim_give_up_spare(parent);
    REFUSE((x[R_T0] & ~parent->mask) != 0, mask_exceeded);
    REFUSE((how & 0xff) > parent->horizon + 1u, horizon_exceeded);
    REFUSE((how & 0xfe00) != 0 || how >> 16 > KERNE_SHARE_LIMIT, bad_argument);
    REFUSE(x[R_A4] > has[BUFFERS].free, no_buffers);
    REFUSE(x[R_A5] > has[PROCESSES].free - 1, no_processes);
    REFUSE(x[R_A6] == 0 || x[R_A6] > has[TABLES].free, no_tables);
    if (x[R_RESULT] == 0) { return KERNE_r_normal; }
    TRY(process_find_internal(caller, x[R_RESULT], ret_sibling));
    REFUSE((*ret_sibling)->parent != parent, not_descendant);
    return KERNE_r_normal;
}

/* What an internal process begins with. */
static void give(struct process *p, const uint64_t x[32],
                 struct process *sibling)
{
    p->mask = x[R_T0];
    p->calls = machine_calls(p->mask);
    p->special = p->mask & KERNE_MASK_COUNTERS ? 0 : SPECIAL_NO_COUNTERS;
    p->horizon = (uint8_t)x[R_T1];
    p->closed = x[R_T1] >> 8 & 1;
    p->share = x[R_T1] >> 16 != 0 ? (uint16_t)(x[R_T1] >> 16) : KERNE_SHARE;
    p->suspended = KERNE_SUSPENDED_STOP;
    claim_receive(p, &x[R_A4]);
    storage_begin(p, sibling);
}

/* A child of the process in a0, in its place. */
static enum kerne_result create(struct process *caller, bool is_pseudo)
{
    const uint64_t *x = caller->x, *name = &x[R_A1];
    unsigned links = 0;
    struct process *parent = caller, *sibling = NULL;
    if (x[R_A0] != 0) { TRY(process_find_internal(caller, x[R_A0], &parent)); }
    REFUSE(!kerne_name_is_good(name), name_ill_formed);
    REFUSE(x[R_A3] >= KERNE_CHILDREN, number_out_of_range);
    REFUSE(name_child(parent, name, &links) != NULL, name_taken);
    REFUSE(parent->table->child[x[R_A3]] != 0, number_taken);
    REFUSE(parent->claims[PROCESSES].free == 0, no_processes);
    REFUSE(parent->depth + 1 == DEPTH_LIMIT, too_deep);
    if (!is_pseudo) { TRY(check_gifts(caller, parent, &sibling)); }
    struct process *p = process_take_record();
    p->name[0] = name[0];
    p->name[1] = name[1];
    p->number = (uint16_t)x[R_A3];
    p->parent = parent;
    p->depth = (uint8_t)(parent->depth + 1);
    for (int i = 0; i < p->depth; i++) { p->display[i] = parent->display[i]; }
    p->display[p->depth] = process_index(p);
    name_enter(p);
    link_insert(parent->children.next, &p->sibling);
    parent->claims[PROCESSES].free--;
    p->is_pseudo = is_pseudo;
    if (is_pseudo) {
        p->server = x[R_A4];
        p->wait = WAIT_NEVER;
    } else {
        give(p, x, sibling);
    }
    caller->x[R_A0] = process_reference(p);
    return KERNE_r_normal;
}

/* 56.  Cost: constant. */
enum kerne_result process_create(struct process *p) { return create(p, false); }

/* 80.  Cost: constant. */
enum kerne_result process_pseudo(struct process *p) { return create(p, true); }

/* ---- control ----------------------------------------------------------- */

/* 58.  Cost: constant; at most the depth when it was out of all queues. */
enum kerne_result process_start(struct process *caller)
{
    struct process *p;
    TRY(process_find_internal(caller, caller->x[R_A0], &p));
    REFUSE((p->suspended & KERNE_SUSPENDED_STOP) == 0, not_stopped);
    p->suspended = 0;
    if (process_is_ready(p) || !link_is_empty(&p->turns)) {
        time_ready(p, false);
    }
    return KERNE_r_normal;
}

/* 60.  Takes the whole subtree out of running.  Cost: constant. */
enum kerne_result process_stop(struct process *caller)
{
    struct process *p;
    TRY(process_find_internal(caller, caller->x[R_A0], &p));
    REFUSE((p->suspended & KERNE_SUSPENDED_STOP) != 0, already_stopped);
    process_suspend(p, KERNE_SUSPENDED_STOP);
    return KERNE_r_normal;
}

/* ---- removal ----------------------------------------------------------- */

/* The first step; once only. */
static void vacate(struct process *p)
{
    if ((p->suspended & KERNE_SUSPENDED_DYING) != 0) { return; }
    process_suspend(p, KERNE_SUSPENDED_STOP | KERNE_SUSPENDED_DYING);
    name_vacate(p);
    link_remove(&p->sibling);
    link_insert(&p->parent->children, &p->sibling); /* behind the living */
}

/* What a process without children uses is given up, as far as the budget goes;
 * then what it has received, and its place, are its parent's again.  True: it
 * is gone. */
static bool take_down(struct process *p, uint32_t *budget)
{
    static const uint64_t nothing[CLAIMS];
    if (!p->is_pseudo) {
        break_withdraw(p);
        if (!queue_vacate(p, budget) || !claim_transfer(p, budget) ||
            !storage_end(p, budget)) {
            return false;
        }
        external_release(p);
        claim_receive(p, nothing);
    }
    p->parent->claims[PROCESSES].free++;
    this_hart->quick += WAIT_EPOCH;
    p->identity = identity_next(p->identity);
    time_leave(p);
    p->parent = NULL;
    link_remove(&p->sibling);
    p->sibling.next = nucleus.free_process;
    nucleus.free_process = &p->sibling;
    return true;
}

/* 64.  From the leaves upwards, in steps.  Cost: a constant for each process,
 * buffer in use, table and window of the subtree. */
enum kerne_result process_remove(struct process *caller)
{
    struct process *p;
    uint32_t budget = STEP;
    TRY(process_find(caller, caller->x[R_A0], &p));
    vacate(p);
    for (struct process *leaf = p, *next; spend(&budget, 12); leaf = next) {
        while (!link_is_empty(&leaf->children)) {
            leaf = link_record(leaf->children.next, process, sibling);
        }
        next = leaf->parent;
        vacate(leaf);
        if (!take_down(leaf, &budget)) { return AGAIN; }
        if (leaf == p) { return KERNE_r_normal; }
    }
    return AGAIN;
}
