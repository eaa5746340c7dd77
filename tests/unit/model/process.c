/* Creation, control and removal in the model. */
#include "model.h"

static const enum kerne_result used_up[MODEL_CLAIMS] = { KERNE_r_no_buffers,
                                                         KERNE_r_no_processes,
                                                         KERNE_r_no_tables };

/* ---- creation ---------------------------------------------------------- */

static enum kerne_result find_place(struct model_process *caller,
                                    struct model_process **ret_parent)
{
    const uint64_t *x = caller->x;
    struct model_process *parent = caller;
    if (x[A0] != 0) {
        enum kerne_result result = model_internal(caller, x[A0], &parent);
        if (result != KERNE_r_normal) { return result; }
    }
    *ret_parent = parent;
    if (!model_is_name(&x[A0 + 1])) { return KERNE_r_name_ill_formed; }
    if (x[A0 + 3] >= KERNE_CHILDREN) { return KERNE_r_number_out_of_range; }
    if (model_named(parent, &x[A0 + 1]) != NULL) { return KERNE_r_name_taken; }
    if (model_child(parent, x[A0 + 3]) != NULL) { return KERNE_r_number_taken; }
    if (model_free(parent, OF_PROCESSES) == 0) { return KERNE_r_no_processes; }
    if (parent->depth + 1 == 40) { return KERNE_r_too_deep; }
    return KERNE_r_normal;
}

static enum kerne_result check_gifts(const struct model_process *caller,
                                     const struct model_process *parent)
{
    const uint64_t *x = caller->x;
    uint64_t mask = x[T0], how = x[T1];
    if ((mask & ~parent->mask) != 0) { return KERNE_r_mask_exceeded; }
    if ((how & 0xff) > parent->horizon + 1) { return KERNE_r_horizon_exceeded; }
    if ((how >> 9 & 0x7f) != 0 || how >> 16 > KERNE_SHARE_LIMIT) {
        return KERNE_r_bad_argument;
    }
    for (enum model_claim claim = 0; claim < MODEL_CLAIMS; claim++) {
        uint64_t free = model_free(parent, claim);
        if (claim == OF_PROCESSES) { free--; } /* the new one itself */
        if (x[A0 + 4 + claim] > free) { return used_up[claim]; }
    }
    return x[A0 + 6] == 0 ? KERNE_r_no_tables : KERNE_r_normal;
}

/* Whose windows the new one is to share; null: none. */
static enum kerne_result find_sibling(const struct model_process *caller,
                                      const struct model_process *parent,
                                      struct model_process **ret_sibling)
{
    if (caller->x[T2] == 0) { return KERNE_r_normal; }
    enum kerne_result result =
        model_internal(caller, caller->x[T2], ret_sibling);
    return result == KERNE_r_normal && (*ret_sibling)->parent != parent
               ? KERNE_r_not_descendant
               : result;
}

static struct model_process *add(struct model_process *caller,
                                 struct model_process *parent)
{
    uint64_t *x = caller->x;
    struct model_process *p = model.process;
    while (p->alive) {
        if (++p == model.process + MODEL_PROCESSES) {
            model_disagrees("more processes live than the model has");
        }
    }
    *p = (struct model_process){
        .alive = true,
        .parent = parent,
        .depth = parent->depth + 1,
        .born = ++model.serial,
        .reference = seen_register(caller, A0),
        .name = { x[A0 + 1], x[A0 + 2] },
        .number = x[A0 + 3],
    };
    x[A0] = p->reference;
    return p;
}

unsigned model_create_internal_process(struct model_process *caller)
{
    const uint64_t *x = caller->x;
    struct model_process *parent, *sibling = NULL;
    enum kerne_result result = find_place(caller, &parent);
    if (result == KERNE_r_normal) {
        parent->spare = 0;
        result = check_gifts(caller, parent);
    }
    if (result == KERNE_r_normal) {
        result = find_sibling(caller, parent, &sibling);
    }
    if (result != KERNE_r_normal) { return result; }
    struct model_process *p = add(caller, parent);
    p->stopped = true;
    p->set = sibling != NULL ? sibling->set : model_new_set(p);
    for (int i = 0; i < MODEL_CLAIMS; i++) { p->received[i] = x[A0 + 4 + i]; }
    p->mask = x[T0];
    p->horizon = x[T1] & 0xff;
    p->closed = x[T1] >> 8 & 1;
    p->share = x[T1] >> 16 != 0 ? x[T1] >> 16 : KERNE_SHARE;
    return KERNE_r_normal;
}

unsigned model_create_pseudo_process(struct model_process *caller)
{
    struct model_process *parent;
    enum kerne_result result = find_place(caller, &parent);
    if (result == KERNE_r_normal) {
        struct model_process *p = add(caller, parent);
        p->is_pseudo = true;
        p->server = caller->x[A0 + 4];
    }
    return result;
}

/* ---- control ----------------------------------------------------------- */

static unsigned set_stopped(const struct model_process *caller, bool stopped,
                            enum kerne_result already)
{
    struct model_process *p;
    enum kerne_result result = model_internal(caller, caller->x[A0], &p);
    if (result != KERNE_r_normal) { return result; }
    if (p->stopped == stopped) { return already; }
    p->stopped = stopped;
    return KERNE_r_normal;
}

unsigned model_start_internal_process(struct model_process *caller)
{
    return set_stopped(caller, false, KERNE_r_not_stopped);
}

unsigned model_stop_internal_process(struct model_process *caller)
{
    return set_stopped(caller, true, KERNE_r_already_stopped);
}

unsigned model_set_share(struct model_process *caller)
{
    uint64_t share = caller->x[A0 + 1];
    struct model_process *p;
    enum kerne_result result = model_internal(caller, caller->x[A0], &p);
    if (result != KERNE_r_normal) { return result; }
    if (share < 1 || share > KERNE_SHARE_LIMIT) { return KERNE_r_bad_argument; }
    p->share = share;
    return KERNE_r_normal;
}

unsigned model_set_claims(struct model_process *caller)
{
    const uint64_t *wanted = &caller->x[A0 + 1];
    struct model_process *p;
    enum kerne_result result = model_internal(caller, caller->x[A0], &p);
    if (result != KERNE_r_normal) { return result; }
    p->spare = p->parent->spare = 0;
    for (enum model_claim claim = 0; claim < MODEL_CLAIMS; claim++) {
        uint64_t has = p->received[claim];
        if (wanted[claim] < has - model_free(p, claim) ||
            wanted[claim] > has + model_free(p->parent, claim)) {
            return used_up[claim];
        }
    }
    for (int i = 0; i < MODEL_CLAIMS; i++) { p->received[i] = wanted[i]; }
    return KERNE_r_normal;
}

unsigned model_get_clock(struct model_process *p)
{
    p->x[A0] = model.now;
    return KERNE_r_normal;
}

/* ---- removal ----------------------------------------------------------- */

/* What p has got goes back: the queue from its front, then what it holds. */
static void give_messages_back(const struct model_process *p)
{
    static const uint64_t had_been_received[KERNE_WORDS] = {
        KERNE_HAD_BEEN_RECEIVED
    };
    struct model_buffer *b;
    while ((b = model_next(p, KERNE_DESCRIBE_EVENT, NULL)) != NULL) {
        if (b->state == KERNE_ANSWERED) {
            model_give_back(b);
        } else {
            model_answer(b, KERNE_r_does_not_exist, model_none);
        }
    }
    while ((b = model_next(p, KERNE_DESCRIBE_HELD, NULL)) != NULL) {
        model_answer(b, KERNE_r_does_not_exist, had_been_received);
    }
}

/* What p has sent is its parent's, and nobody's; externals drop it. */
static void pass_buffers(const struct model_process *p)
{
    struct model_buffer *b;
    while ((b = model_next(p, KERNE_DESCRIBE_SENT, NULL)) != NULL) {
        if (b->state != KERNE_RECEIVED || b->external != MODEL_NO_EXTERNAL) {
            model_withdraw(b);
            continue;
        }
        b->sender = NULL;
        b->owner = p->parent;
        b->claimed = ++model.serial;
    }
}

static void end_break(const struct model_process *p)
{
    struct model_buffer *b = model_by_identity(p->wait_for);
    if (p->wait == KERNE_WAITS_BREAK && b->state == KERNE_QUEUED) {
        model_withdraw(b);
    } else if (p->wait == KERNE_WAITS_BREAK) {
        model_give_back(b);
    }
}

/* The next that has the same windows pays from then on, with all of p's claim,
 * if p did. */
static void leave_windows(const struct model_process *p)
{
    struct model_process *heir = model_next_sharer(p, p);
    if (model_next_sharer(p, NULL) == p && heir != NULL) {
        heir->received[OF_TABLES] += p->received[OF_TABLES];
    }
    if (p->set->maker == p) { p->set->maker = NULL; }
}

/* The children first, the youngest of them first. */
static void remove_process(struct model_process *p)
{
    struct model_process *c;
    while ((c = model_next_child(p, NULL)) != NULL) { remove_process(c); }
    end_break(p);
    give_messages_back(p);
    pass_buffers(p);
    model_external_leave(p);
    if (!p->is_pseudo) { leave_windows(p); }
    p->alive = false;
}

unsigned model_remove_process(struct model_process *caller)
{
    struct model_process *p;
    enum kerne_result result = model_find(caller, caller->x[A0], &p);
    if (result == KERNE_r_normal) {
        p->stopped = true; /* and everything below it */
        remove_process(p);
    }
    return result;
}
