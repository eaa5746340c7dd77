/* Questions to the model, all answered by looking through everything. */
#include "model.h"

struct model model;

bool model_is_within(int p, int ancestor)
{
    for (; p != NOBODY; p = model.process[p].parent) {
        if (p == ancestor) { return true; }
    }
    return false;
}

bool model_is_suspended(int p)
{
    for (; p != NOBODY; p = model.process[p].parent) {
        if (model.process[p].stopped) { return true; }
    }
    return false;
}

/* Who pays for what p does now, as long as it has credit. */
int model_account(int p)
{
    int b = model.process[p].serving;
    if (b != NOBODY) {
        int account = model.buffer[b].account;
        if (model.process[account].alive &&
            model.process[account].born == model.buffer[b].account_born) {
            return account;
        }
    }
    return p;
}

/* Who pays for work on a message or break of p. */
void model_set_account(struct model_buffer *b, int p)
{
    b->account = seen_pays_itself(p, b->identity) ? p : model_account(p);
    b->account_born = model.process[b->account].born;
}

int model_by_reference(uint64_t reference)
{
    for (int p = 0; p < MODEL_PROCESSES; p++) {
        if (model.process[p].alive && model.process[p].reference == reference) {
            return p;
        }
    }
    return NOBODY;
}

int model_by_identity(uint64_t identity)
{
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        if (model.buffer[b].in_use && model.buffer[b].identity == identity) {
            return b;
        }
    }
    return NOBODY;
}

/* ---- claims ------------------------------------------------------------ */

uint64_t model_used_buffers(int p)
{
    uint64_t used = 0;
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        used += model.buffer[b].in_use && !model.buffer[b].is_break &&
                model.buffer[b].owner == p;
    }
    return used;
}

uint64_t model_free_buffers(int p)
{
    uint64_t given = 0;
    for (int c = 0; c < MODEL_PROCESSES; c++) {
        if (model.process[c].alive && model.process[c].parent == p) {
            given += model.process[c].buffers;
        }
    }
    return model.process[p].buffers - given - model_used_buffers(p);
}

uint64_t model_used_processes(int p)
{
    uint64_t used = 0;
    for (int c = 0; c < MODEL_PROCESSES; c++) {
        used += model.process[c].alive && model.process[c].parent == p;
    }
    return used;
}

uint64_t model_free_processes(int p)
{
    uint64_t given = 0;
    for (int c = 0; c < MODEL_PROCESSES; c++) {
        if (model.process[c].alive && model.process[c].parent == p) {
            given += model.process[c].processes + 1;
        }
    }
    return model.process[p].processes - given;
}

struct model_set *model_set(int p) { return &model.set[model.process[p].set]; }

int model_next_sharer(int p, int last)
{
    uint64_t above = last == NOBODY ? 0 : model.process[last].born;
    int next = NOBODY;
    for (int q = 0; q < MODEL_PROCESSES; q++) {
        const struct model_process *other = &model.process[q];
        if (other->alive && !other->is_pseudo &&
            other->set == model.process[p].set && other->born > above &&
            (next == NOBODY || other->born < model.process[next].born)) {
            next = q;
        }
    }
    return next;
}

/* Windows of which there are none, made for p. */
int model_new_set(int p)
{
    int set = 0;
    for (int q = 0; q < MODEL_PROCESSES; q++) {
        const struct model_process *other = &model.process[q];
        if (q != p && other->alive && !other->is_pseudo && other->set == set) {
            set++;
            q = -1;
        }
    }
    model.set[set] = (struct model_set){ .maker = p };
    return set;
}

/* Is this the first of the windows in its stretch of 2^shift pages? */
static bool is_first_of(const struct model_set *p, unsigned window,
                        unsigned shift)
{
    for (unsigned i = 0; i < window; i++) {
        if (p->window[i].page >> shift == p->window[window].page >> shift) {
            return false;
        }
    }
    return true;
}

/* One for its children; and for the windows, if it pays for them, one for the
 * whole, which may be that, one for each GiB and each 2 MiB with windows. */
uint64_t model_used_tables(int p)
{
    const struct model_set *set = model_set(p);
    if (p == MODEL_ROOT) { return model.root_tables; }
    if (model.process[p].is_pseudo) { return 0; }
    if (model_next_sharer(p, NOBODY) != p) { return 1; }
    uint64_t tables = set->maker == p ? 1 : 2;
    for (unsigned i = 0; i < set->windows; i++) {
        tables += is_first_of(set, i, 18);
        tables += is_first_of(set, i, 9);
    }
    return tables;
}

uint64_t model_free_tables(int p)
{
    uint64_t given = 0;
    for (int c = 0; c < MODEL_PROCESSES; c++) {
        if (model.process[c].alive && model.process[c].parent == p) {
            given += model.process[c].tables;
        }
    }
    return model.process[p].tables - given - model_used_tables(p);
}

/* ---- lists ------------------------------------------------------------- */

/* Children, the youngest first. */
int model_next_child(int p, int last)
{
    uint64_t below = last == NOBODY ? UINT64_MAX : model.process[last].born;
    int next = NOBODY;
    for (int c = 0; c < MODEL_PROCESSES; c++) {
        const struct model_process *child = &model.process[c];
        if (child->alive && child->parent == p && child->born < below &&
            (next == NOBODY || child->born > model.process[next].born)) {
            next = c;
        }
    }
    return next;
}

static bool is_event_of(const struct model_buffer *b, int p)
{
    return b->in_use && ((b->state == KERNE_QUEUED && b->receiver == p) ||
                         (b->state == KERNE_ANSWERED && b->sender == p));
}

/* Events, in order of arrival. */
int model_next_event(int p, int last)
{
    uint64_t above = last == NOBODY ? 0 : model.buffer[last].arrived;
    int next = NOBODY;
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        const struct model_buffer *buffer = &model.buffer[b];
        if (is_event_of(buffer, p) && buffer->arrived > above &&
            (next == NOBODY || buffer->arrived < model.buffer[next].arrived)) {
            next = b;
        }
    }
    return next;
}

/* Messages that p has received and not answered, in that order. */
int model_next_held(int p, int last)
{
    uint64_t above = last == NOBODY ? 0 : model.buffer[last].taken;
    int next = NOBODY;
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        const struct model_buffer *buffer = &model.buffer[b];
        if (buffer->in_use && buffer->state == KERNE_RECEIVED &&
            buffer->receiver == p && buffer->taken > above &&
            (next == NOBODY || buffer->taken < model.buffer[next].taken)) {
            next = b;
        }
    }
    return next;
}

/* Buffers of p's claim that are in use, in the order of their taking. */
int model_next_used(int p, int last)
{
    uint64_t above = last == NOBODY ? 0 : model.buffer[last].claimed;
    int next = NOBODY;
    for (int b = 0; b < MODEL_BUFFERS; b++) {
        const struct model_buffer *buffer = &model.buffer[b];
        if (buffer->in_use && !buffer->is_break && buffer->owner == p &&
            buffer->claimed > above &&
            (next == NOBODY || buffer->claimed < model.buffer[next].claimed)) {
            next = b;
        }
    }
    return next;
}
