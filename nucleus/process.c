/*
 * Internal and pseudo processes: the tree, and its control by parents.
 *
 * P1  A process stands in its parent's list of children; its depth is its
 *     parent's + 1.
 * P2  A reference holds index and generation; it is good for callers above
 *     that process only, and while it lives.
 * P3  A process that is held out, and all below it, does not run.
 * P4  The first step of remove stops the process and vacates its name and
 *     number; only remove accepts it from then on.
 *
 * "Create, start, stop, modify, remove" are those of 1969; pseudo processes
 * those of the RC 8000.
 */
#include "nucleus.h"

#define STEP 64 /* what one step of remove does at most */

uint64_t process_reference(const struct process *p)
{
    return p->identity | REFERENCE;
}

/* The descendant of the caller that the reference means. */
enum kerne_result process_find(struct process *caller, uint64_t reference,
                               struct process **ret_process)
{
    uint64_t index = (reference & ~REFERENCE) >> 32;
    REFUSE((reference & REFERENCE) == 0 || index == 0 ||
           index >= nucleus.fresh_process, not_descendant);
    struct process *p = process_at((uint32_t)index);
    REFUSE(process_reference(p) != reference || p->parent == 0 ||
           !process_is_within(p, caller) || p == caller, not_descendant);
    *ret_process = p;
    REFUSE((p->held_out & KERNE_HELD_DYING) != 0, dying);
    return KERNE_r_normal;
}

/* The internal process that the reference in a0 means. */
enum kerne_result process_find_internal(struct process *caller,
                                        struct process **ret_process)
{
    TRY(process_find(caller, caller->x[R_A0], ret_process));
    REFUSE((*ret_process)->is_pseudo, bad_argument);
    return KERNE_r_normal;
}

/* ---- creation ---------------------------------------------------------- */

/* A record for a new process.  The claims never exceed the table. */
struct process *process_take_record(void)
{
    uint32_t index = nucleus.free_process;
    if (index != 0) {
        nucleus.free_process = process_at(index)->next_sibling;
    } else {
        index = nucleus.fresh_process++;
        nucleus.buffer_limit = nucleus.break_buffers + index + 1;
        process_at(index)->identity = (uint64_t)index << 32;
        struct buffer *b = buffer_at(nucleus.break_buffers + index);
        *b = (struct buffer){ .identity = (uint64_t)buffer_index(b) << 32,
                              .is_break = 1 };
    }
    struct process *p = process_at(index);
    *p = (struct process){ .identity = p->identity, .index = (uint16_t)index };
    return p;
}

static void link_child(struct process *parent, struct process *p)
{
    uint16_t index = process_index(p);
    p->parent = process_index(parent);
    p->depth = (uint16_t)(parent->depth + 1);
    for (int i = 0; i < p->depth; i++) { p->display[i] = parent->display[i]; }
    p->display[p->depth] = index;
    p->next_sibling = parent->first_child;
    process_at(p->next_sibling)->previous_sibling = index;
    parent->first_child = index;
    process_children(parent)[p->number] = index;
}

static void unlink_child(struct process *parent, struct process *p)
{
    process_at(p->next_sibling)->previous_sibling = p->previous_sibling;
    *(p->previous_sibling != 0 ? &process_at(p->previous_sibling)->next_sibling
                               : &parent->first_child) = p->next_sibling;
}

/* The parent to be, in a0, and whether there is place for a child. */
static enum kerne_result find_place(struct process *caller,
                                    struct process **ret_parent)
{
    const uint64_t name[2] = { caller->x[R_A1], caller->x[R_A2] };
    uint64_t number = caller->x[R_A3];
    *ret_parent = caller;
    if (caller->x[R_A0] != 0) {
        TRY(process_find_internal(caller, ret_parent));
    }
    struct process *parent = *ret_parent;
    REFUSE(!name_is_well_formed(name), name_ill_formed);
    REFUSE(number >= KERNE_CHILDREN, number_out_of_range);
    REFUSE(name_child(parent, name) != NULL, name_taken);
    REFUSE(process_children(parent)[number] != 0, number_taken);
    REFUSE(parent->processes.free == 0, no_processes);
    REFUSE(parent->depth + 1 == DEPTH_LIMIT, too_deep);
    return KERNE_r_normal;
}

/* The rest of create's arguments, against what the parent has. */
static enum kerne_result check_gifts(const struct process *caller,
                                     const struct process *parent)
{
    const uint64_t *x = caller->x;
    uint64_t how = x[R_T1];
    REFUSE((x[R_T0] & ~parent->mask) != 0, mask_exceeded);
    REFUSE((how & 0xff) > parent->horizon + 1u, horizon_exceeded);
    REFUSE((how & 0xfe00) != 0 || how >> 16 > KERNE_SHARE_LIMIT, bad_argument);
    REFUSE(x[R_A4] > parent->buffers.free, no_buffers);
    REFUSE(x[R_A5] > parent->processes.free - 1, no_processes);
    REFUSE(x[R_A6] == 0 || x[R_A6] > parent->tables.free, no_tables);
    return KERNE_r_normal;
}

static struct process *make(struct process *caller, struct process *parent)
{
    struct process *p = process_take_record();
    p->name[0] = caller->x[R_A1];
    p->name[1] = caller->x[R_A2];
    p->number = (uint16_t)caller->x[R_A3];
    link_child(parent, p);
    parent->processes.free--;
    parent->processes.used++;
    caller->x[R_A0] = process_reference(p);
    return p;
}

/* 56.  Cost: constant, and a constant for each sibling. */
enum kerne_result process_create(struct process *caller)
{
    const uint64_t *x = caller->x;
    struct process *parent;
    TRY(find_place(caller, &parent));
    TRY(check_gifts(caller, parent));
    struct process *p = make(caller, parent);
    p->mask = x[R_T0];
    p->quick = p->mask & CALL_QUICK;
    p->horizon = x[R_T1] & 0xff;
    p->closed = x[R_T1] >> 8 & 1;
    p->share = x[R_T1] >> 16 != 0 ? (uint16_t)(x[R_T1] >> 16) : KERNE_SHARE;
    p->held_out = KERNE_HELD_STOP;
    claim_give(&parent->buffers, &p->buffers, x[R_A4]);
    claim_give(&parent->processes, &p->processes, x[R_A5]);
    claim_give(&parent->tables, &p->tables, x[R_A6]);
    storage_take_node(p, 0, &p->table);
    p->space = machine_space_begin(p->index, nucleus.nodes[p->table].entry);
    return KERNE_r_normal;
}

/* 80.  Cost: constant, and a constant for each sibling. */
enum kerne_result process_create_pseudo(struct process *caller)
{
    struct process *parent;
    TRY(find_place(caller, &parent));
    struct process *p = make(caller, parent);
    p->is_pseudo = 1;
    p->server = caller->x[R_A4];
    return KERNE_r_normal;
}

/* ---- control ----------------------------------------------------------- */

/* 58.  Cost: constant; at most the depth when it was out of all queues. */
enum kerne_result process_start(struct process *caller)
{
    struct process *p;
    TRY(process_find_internal(caller, &p));
    REFUSE((p->held_out & KERNE_HELD_STOP) == 0, not_stopped);
    p->held_out = 0;
    if (process_is_ready(p) || p->ring != 0) { time_ready(p); }
    return KERNE_r_normal;
}

/* 60.  Takes the whole subtree out of running.  Cost: constant. */
enum kerne_result process_stop(struct process *caller)
{
    struct process *p;
    TRY(process_find_internal(caller, &p));
    REFUSE((p->held_out & KERNE_HELD_STOP) != 0, already_stopped);
    p->held_out = KERNE_HELD_STOP;
    nucleus.epoch++;
    return KERNE_r_normal;
}

/* May its registers be changed: is it, or something above it and below the
 * caller, stopped, or does the caller hold its break? */
static bool is_modifiable(const struct process *caller,
                          const struct process *p)
{
    const struct buffer *b =
        buffer_at(nucleus.break_buffers + process_index(p));
    bool held = b->state == KERNE_RECEIVED &&
                b->receiver == process_index(caller);
    for (int depth = p->depth; depth > caller->depth; depth--) {
        held = held || process_at(p->display[depth])->held_out != 0;
    }
    return held;
}

/* 62.  A wait other than that in a break ends, and is repeated at start at the
 * pc as it then is.  Cost: constant, and a constant for each level between. */
enum kerne_result process_modify(struct process *caller)
{
    struct process *p;
    uint64_t group = caller->x[R_RESULT];
    uint64_t words[KERNE_WORDS];
    TRY(process_find_internal(caller, &p));
    REFUSE(group >= KERNE_GROUPS, bad_argument);
    REFUSE(!is_modifiable(caller, p), not_stopped);
    call_words(caller, words);
    for (uint64_t i = 0; i < KERNE_WORDS && group < 8; i++) {
        (group < 4 ? p->x : p->f)[group % 4 * 8 + i] = words[i];
    }
    if (group == 8) { p->fcsr = words[0] & 0xff; }
    if (group >= 4) { p->fp_used = 1; }
    p->x[R_PC] &= ~UINT64_C(1);
    if (p->wait != KERNE_WAITS_NOT && p->wait != KERNE_WAITS_BREAK) {
        p->wait = KERNE_WAITS_NOT;
        time_ready(p);
    }
    return KERNE_r_normal;
}

/* ---- removal ----------------------------------------------------------- */

static void vacate(struct process *p)
{
    p->held_out = KERNE_HELD_STOP | KERNE_HELD_DYING;
    process_children(process_parent(p))[p->number] = 0;
    nucleus.epoch++;
}

/* What an internal process has goes to its parent, as far as the budget goes.
 * True: all has. */
static bool take_down(struct process *p, uint32_t *budget)
{
    struct process *parent = process_parent(p);
    break_withdraw(p);
    if (!message_vacate(p, budget) || !claim_pass_in_use(p, budget) ||
        !storage_take_down(p, budget)) { return false; }
    external_release(p);
    machine_space_end(p->index, nucleus.nodes[p->table].entry);
    storage_free_node(p->table);
    claim_give_back(&p->buffers, &parent->buffers);
    claim_give_back(&p->processes, &parent->processes);
    claim_give_back(&p->tables, &parent->tables);
    return true;
}

static void release(struct process *p)
{
    struct process *parent = process_parent(p);
    unlink_child(parent, p);
    parent->processes.free++;
    parent->processes.used--;
    p->identity = (p->identity & ~UINT64_C(0xffffffff)) |
                  (uint32_t)(p->identity + 1);
    time_leave(p);
    p->parent = 0;
    p->next_sibling = (uint16_t)nucleus.free_process;
    nucleus.free_process = process_index(p);
}

/* 64.  From the leaves upwards, in steps.  Cost: a constant for each process,
 * buffer in use, table and window of the subtree. */
enum kerne_result process_remove(struct process *caller)
{
    struct process *p = NULL, *leaf;
    uint32_t budget = STEP;
    enum kerne_result result = process_find(caller, caller->x[R_A0], &p);
    if (result == KERNE_r_normal) {
        vacate(p);
    } else if (result != KERNE_r_dying) {
        return result;
    }
    do {
        for (leaf = p; leaf->first_child != 0;) {
            leaf = process_at(leaf->first_child);
        }
        if ((leaf->held_out & KERNE_HELD_DYING) == 0) { vacate(leaf); }
        if (!leaf->is_pseudo && !take_down(leaf, &budget)) { return AGAIN; }
        release(leaf);
        budget -= budget < 8 ? budget : 8;
    } while (leaf != p && budget > 0);
    return leaf == p ? KERNE_r_normal : AGAIN;
}
