/* Questions to the model, all answered by looking through everything. */
#include "model.h"

struct model model;
const uint64_t model_none[KERNE_WORDS];

bool model_is_within(const struct model_process *p,
                     const struct model_process *ancestor)
{
    while (p != NULL && p != ancestor) { p = p->parent; }
    return p != NULL;
}

bool model_is_suspended(const struct model_process *p)
{
    while (p != NULL && !p->stopped) { p = p->parent; }
    return p != NULL;
}

/* Who pays for what p does now, as long as it has credit. */
struct model_process *model_account(struct model_process *p)
{
    const struct model_buffer *b = p->serving;
    return b != NULL && b->account->alive && b->account->born == b->account_born
               ? b->account
               : p;
}

struct model_process *model_by_reference(uint64_t reference)
{
    for (int i = 0; i < MODEL_PROCESSES; i++) {
        struct model_process *p = &model.process[i];
        if (p->alive && p->reference == reference) { return p; }
    }
    return NULL;
}

struct model_buffer *model_by_identity(uint64_t identity)
{
    for (int i = 0; i < MODEL_BUFFERS; i++) {
        struct model_buffer *b = &model.buffer[i];
        if (b->in_use && b->identity == identity) { return b; }
    }
    return NULL;
}

/* ---- lists ------------------------------------------------------------- */

/* The youngest first. */
struct model_process *model_next_child(const struct model_process *p,
                                       const struct model_process *last)
{
    struct model_process *next = NULL;
    for (int i = 0; i < MODEL_PROCESSES; i++) {
        struct model_process *c = &model.process[i];
        if (c->alive && c->parent == p &&
            (last == NULL || c->born < last->born) &&
            (next == NULL || c->born > next->born)) {
            next = c;
        }
    }
    return next;
}

struct model_process *model_next_sharer(const struct model_process *p,
                                        const struct model_process *last)
{
    struct model_process *next = NULL;
    for (int i = 0; i < MODEL_PROCESSES; i++) {
        struct model_process *other = &model.process[i];
        if (other->alive && !other->is_pseudo && other->set == p->set &&
            (last == NULL || other->born > last->born) &&
            (next == NULL || other->born < next->born)) {
            next = other;
        }
    }
    return next;
}

/* When the buffer came into that list of p's; 0: it is not there. */
static uint64_t came(const struct model_process *p, uint64_t list,
                     const struct model_buffer *b)
{
    if (!b->in_use) { return 0; }
    switch (list) {
    case KERNE_DESCRIBE_EVENT:
        return (b->state == KERNE_QUEUED && b->receiver == p) ||
                       (b->state == KERNE_ANSWERED && b->sender == p)
                   ? b->arrived
                   : 0;
    case KERNE_DESCRIBE_HELD:
        return b->state == KERNE_RECEIVED && b->receiver == p ? b->taken : 0;
    default: return !b->is_break && b->owner == p ? b->claimed : 0;
    }
}

bool model_is_in(const struct model_process *p, uint64_t list,
                 const struct model_buffer *b)
{
    return b != NULL && came(p, list, b) != 0;
}

struct model_buffer *model_next(const struct model_process *p, uint64_t list,
                                const struct model_buffer *last)
{
    uint64_t above = last == NULL ? 0 : came(p, list, last);
    uint64_t first = UINT64_MAX;
    struct model_buffer *next = NULL;
    for (int i = 0; i < MODEL_BUFFERS; i++) {
        if (!model.buffer[i].in_use) { continue; }
        uint64_t at = came(p, list, &model.buffer[i]);
        if (at > above && at < first) {
            next = &model.buffer[i];
            first = at;
        }
    }
    return next;
}

/* ---- claims ------------------------------------------------------------ */

/* Windows of which there are none, made for p. */
struct model_set *model_new_set(const struct model_process *p)
{
    struct model_set *set = model.set;
    for (int i = 0; i < MODEL_PROCESSES; i++) {
        const struct model_process *other = &model.process[i];
        if (other != p && other->alive && !other->is_pseudo &&
            other->set == set) {
            set++;
            i = -1;
        }
    }
    *set = (struct model_set){ .maker = p };
    return set;
}

/* Is this the first of the windows in its stretch of 2^shift pages? */
static bool is_first_of(const struct model_set *set, unsigned window,
                        unsigned shift)
{
    for (unsigned i = 0; i < window; i++) {
        if (set->window[i].page >> shift == set->window[window].page >> shift) {
            return false;
        }
    }
    return true;
}

/* One for its children; and for the windows, if it pays for them, one for the
 * whole, which may be that, one for each GiB and each 2 MiB with windows. */
static uint64_t used_tables(const struct model_process *p)
{
    if (p == MODEL_ROOT) { return model.root_tables; }
    if (p->is_pseudo) { return 0; }
    if (model_next_sharer(p, NULL) != p) { return 1; }
    uint64_t tables = p->set->maker == p ? 1 : 2;
    for (unsigned i = 0; i < p->set->windows; i++) {
        tables += is_first_of(p->set, i, 18);
        tables += is_first_of(p->set, i, 9);
    }
    return tables;
}

uint64_t model_used(const struct model_process *p, enum model_claim claim)
{
    uint64_t used = 0;
    if (claim == OF_TABLES) { return used_tables(p); }
    if (claim == OF_BUFFERS) {
        for (int i = 0; i < MODEL_BUFFERS; i++) {
            used += model_is_in(p, KERNE_DESCRIBE_SENT, &model.buffer[i]);
        }
        return used;
    }
    for (int i = 0; i < MODEL_PROCESSES; i++) {
        used += model.process[i].alive && model.process[i].parent == p;
    }
    return used;
}

uint64_t model_free(const struct model_process *p, enum model_claim claim)
{
    uint64_t given = 0;
    for (int i = 0; i < MODEL_PROCESSES; i++) {
        const struct model_process *c = &model.process[i];
        if (c->alive && c->parent == p) { given += c->received[claim]; }
    }
    return p->received[claim] - given - model_used(p, claim);
}
