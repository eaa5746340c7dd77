/* Creation, control and removal in the model. */
#include "model.h"

bool model_is_name(const uint64_t name[2]);

/* ---- creation ---------------------------------------------------------- */

static enum kerne_result find_internal(int caller, uint64_t reference,
                                       int *ret_p)
{
    enum kerne_result result = model_find(caller, reference, ret_p);
    if (result == KERNE_r_normal && model.process[*ret_p].is_pseudo) {
        result = KERNE_r_bad_argument;
    }
    return result;
}

static enum kerne_result find_place(int caller, int *ret_parent)
{
    const uint64_t *x = model.process[caller].x;
    const uint64_t name[2] = { x[A0 + 1], x[A0 + 2] };
    uint64_t number = x[A0 + 3];
    int parent = caller;
    if (x[A0] != 0) {
        enum kerne_result result = find_internal(caller, x[A0], &parent);
        if (result != KERNE_r_normal) { return result; }
    }
    *ret_parent = parent;
    if (!model_is_name(name)) { return KERNE_r_name_ill_formed; }
    if (number >= KERNE_CHILDREN) { return KERNE_r_number_out_of_range; }
    if (model_named(parent, name) != NOBODY) { return KERNE_r_name_taken; }
    if (model_child(parent, number) != NOBODY) { return KERNE_r_number_taken; }
    if (model_free_processes(parent) == 0) { return KERNE_r_no_processes; }
    if (model.process[parent].depth + 1 == 40) { return KERNE_r_too_deep; }
    return KERNE_r_normal;
}

static enum kerne_result check_gifts(int caller, int parent)
{
    const uint64_t *x = model.process[caller].x;
    const struct model_process *giver = &model.process[parent];
    uint64_t mask = x[T0], how = x[T1];
    if ((mask & ~giver->mask) != 0) { return KERNE_r_mask_exceeded; }
    if ((how & 0xff) > giver->horizon + 1) { return KERNE_r_horizon_exceeded; }
    if ((how >> 9 & 0x7f) != 0 || how >> 16 > KERNE_SHARE_LIMIT) {
        return KERNE_r_bad_argument;
    }
    if (x[A0 + 4] > model_free_buffers(parent)) { return KERNE_r_no_buffers; }
    if (x[A0 + 5] >= model_free_processes(parent)) {
        return KERNE_r_no_processes;
    }
    if (x[A0 + 6] == 0 || x[A0 + 6] > model_free_tables(parent)) {
        return KERNE_r_no_tables;
    }
    return KERNE_r_normal;
}

/* Whose windows the new one is to share; NOBODY: none. */
static enum kerne_result find_sibling(int caller, int parent, int *ret_sibling)
{
    uint64_t reference = model.process[caller].x[T2];
    if (reference == 0) { return KERNE_r_normal; }
    enum kerne_result result = find_internal(caller, reference, ret_sibling);
    if (result != KERNE_r_normal) { return result; }
    return model.process[*ret_sibling].parent != parent ? KERNE_r_not_descendant
                                                        : KERNE_r_normal;
}

static struct model_process *add(int caller, int parent)
{
    uint64_t *x = model.process[caller].x;
    int p = 0;
    while (model.process[p].alive) {
        if (++p == MODEL_PROCESSES) {
            model_disagrees("more processes live than the model has");
        }
    }
    struct model_process *process = &model.process[p];
    *process = (struct model_process){
        .alive = true,
        .parent = parent,
        .depth = model.process[parent].depth + 1,
        .born = ++model.serial,
        .reference = seen_register(caller, A0),
        .name = { x[A0 + 1], x[A0 + 2] },
        .number = x[A0 + 3],
        .serving = NOBODY,
        .culprit = NOBODY,
    };
    x[A0] = process->reference;
    return process;
}

static enum kerne_result create(int caller)
{
    uint64_t *x = model.process[caller].x;
    int parent = NOBODY, sibling = NOBODY;
    enum kerne_result result = find_place(caller, &parent);
    if (result == KERNE_r_normal) {
        model.process[parent].spare = 0;
        result = check_gifts(caller, parent);
    }
    if (result == KERNE_r_normal) {
        result = find_sibling(caller, parent, &sibling);
    }
    if (result != KERNE_r_normal) { return result; }
    struct model_process *process = add(caller, parent);
    process->stopped = true;
    process->set = sibling != NOBODY
                       ? model.process[sibling].set
                       : model_new_set((int)(process - model.process));
    process->buffers = x[A0 + 4];
    process->processes = x[A0 + 5];
    process->tables = x[A0 + 6];
    process->mask = x[T0];
    process->horizon = x[T1] & 0xff;
    process->closed = x[T1] >> 8 & 1;
    process->share = x[T1] >> 16 != 0 ? x[T1] >> 16 : KERNE_SHARE;
    return KERNE_r_normal;
}

static enum kerne_result create_pseudo(int caller)
{
    int parent = NOBODY;
    enum kerne_result result = find_place(caller, &parent);
    if (result == KERNE_r_normal) {
        struct model_process *process = add(caller, parent);
        process->is_pseudo = true;
        process->server = model.process[caller].x[A0 + 4];
    }
    return result;
}

/* ---- control ----------------------------------------------------------- */

static enum kerne_result start(int caller)
{
    int p = NOBODY;
    enum kerne_result result =
        find_internal(caller, model.process[caller].x[A0], &p);
    if (result != KERNE_r_normal) { return result; }
    if (!model.process[p].stopped) { return KERNE_r_not_stopped; }
    model.process[p].stopped = false;
    return KERNE_r_normal;
}

static enum kerne_result stop(int caller)
{
    int p = NOBODY;
    enum kerne_result result =
        find_internal(caller, model.process[caller].x[A0], &p);
    if (result != KERNE_r_normal) { return result; }
    if (model.process[p].stopped) { return KERNE_r_already_stopped; }
    model.process[p].stopped = true;
    return KERNE_r_normal;
}

/* ---- removal ----------------------------------------------------------- */

/* What p has got goes back: the queue from its front, then what it holds. */
static void give_messages_back(int p)
{
    for (;;) {
        int b = model_next_event(p, NOBODY);
        bool received = b == NOBODY;
        if (received) { b = model_next_held(p, NOBODY); }
        if (b == NOBODY) { return; }
        if (model.buffer[b].state == KERNE_ANSWERED) {
            model_free(b);
        } else {
            model_answer(b, KERNE_r_does_not_exist,
                         received ? KERNE_HAD_BEEN_RECEIVED : 0, 0);
        }
    }
}

/* What p has sent is its parent's, and nobody's; externals drop it. */
static void pass_buffers(int p)
{
    for (int b = model_next_used(p, NOBODY); b != NOBODY;
         b = model_next_used(p, NOBODY)) {
        struct model_buffer *buffer = &model.buffer[b];
        if (buffer->state != KERNE_RECEIVED || buffer->external != NOBODY) {
            model_withdraw(b);
            continue;
        }
        buffer->sender = NOBODY;
        buffer->owner = model.process[p].parent;
        buffer->claimed = ++model.serial;
    }
}

static void end_break(int p)
{
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        const struct model_buffer *buffer = &model.buffer[b];
        if (!buffer->in_use || !buffer->is_break || buffer->sender != p) {
            continue;
        }
        if (buffer->state == KERNE_QUEUED) {
            model_withdraw(b);
        } else {
            model_free(b);
        }
    }
}

/* The next that has the same windows pays from then on, with all of p's claim,
 * if p did. */
static void leave_windows(int p)
{
    int heir = model_next_sharer(p, p);
    if (model_next_sharer(p, NOBODY) == p && heir != NOBODY) {
        model.process[heir].tables += model.process[p].tables;
    }
    if (model_set(p)->maker == p) { model_set(p)->maker = NOBODY; }
}

/* The children first, the youngest of them first. */
static void remove_process(int p)
{
    for (int c = model_next_child(p, NOBODY); c != NOBODY;
         c = model_next_child(p, NOBODY)) {
        remove_process(c);
    }
    end_break(p);
    give_messages_back(p);
    pass_buffers(p);
    model_external_leave(p);
    if (!model.process[p].is_pseudo) { leave_windows(p); }
    model.process[p].alive = false;
}

static enum kerne_result remove(int caller)
{
    int p = NOBODY;
    enum kerne_result result =
        model_find(caller, model.process[caller].x[A0], &p);
    if (result == KERNE_r_normal) {
        model.process[p].stopped = true; /* and everything below it */
        remove_process(p);
    }
    return result;
}

static enum kerne_result set_share(int caller)
{
    uint64_t share = model.process[caller].x[A0 + 1];
    int p = NOBODY;
    enum kerne_result result =
        find_internal(caller, model.process[caller].x[A0], &p);
    if (result != KERNE_r_normal) { return result; }
    if (share < 1 || share > KERNE_SHARE_LIMIT) { return KERNE_r_bad_argument; }
    model.process[p].share = share;
    return KERNE_r_normal;
}

static enum kerne_result set_claims(int caller)
{
    static const enum kerne_result used_up[] = { KERNE_r_no_buffers,
                                                 KERNE_r_no_processes,
                                                 KERNE_r_no_tables };
    const uint64_t *x = model.process[caller].x;
    int p = NOBODY;
    enum kerne_result result =
        find_internal(caller, model.process[caller].x[A0], &p);
    if (result != KERNE_r_normal) { return result; }
    struct model_process *process = &model.process[p];
    int parent = process->parent;
    process->spare = model.process[parent].spare = 0;
    uint64_t *has[] = { &process->buffers, &process->processes,
                        &process->tables };
    const uint64_t own[] = { model_free_buffers(p), model_free_processes(p),
                             model_free_tables(p) };
    const uint64_t parents[] = { model_free_buffers(parent),
                                 model_free_processes(parent),
                                 model_free_tables(parent) };
    for (int i = 0; i < 3; i++) {
        uint64_t wanted = x[A0 + 1 + i];
        if (wanted < *has[i] - own[i] || wanted > *has[i] + parents[i]) {
            return used_up[i];
        }
    }
    for (int i = 0; i < 3; i++) { *has[i] = x[A0 + 1 + i]; }
    return KERNE_r_normal;
}

bool model_process_function(int p, enum model_outcome *ret_outcome)
{
    (void)ret_outcome;
    switch (model.process[p].x[A7]) {
    case KERNE_create_internal_process: model_result(p, create(p)); return true;
    case KERNE_create_pseudo_process:
        model_result(p, create_pseudo(p));
        return true;
    case KERNE_start_internal_process: model_result(p, start(p)); return true;
    case KERNE_stop_internal_process: model_result(p, stop(p)); return true;
    case KERNE_remove_process: model_result(p, remove(p)); return true;
    case KERNE_set_share: model_result(p, set_share(p)); return true;
    case KERNE_set_claims: model_result(p, set_claims(p)); return true;
    case KERNE_get_clock:
        model.process[p].x[A0] = model.now;
        model_result(p, KERNE_r_normal);
        return true;
    default: return false;
    }
}
