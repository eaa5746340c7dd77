/*
 * What an address means.  (n, k) is child k of the ancestor n levels up, which
 * the display gives at once: the cost does not grow with depth.
 */
#include "hart.h"

/* One step: an address that p uses, not looking behind pseudo processes.  No
 * horizon reaches as far as the constants for itself and its parent. */
static inline uint64_t resolve_once(const struct process *p, uint64_t address)
{
    uint64_t up = address >> 16, number = address & 0xffff;
    if (up <= p->horizon) {
        const struct process *a = process_at(p->display[p->depth - up]);
        if (number < KERNE_CHILDREN) { return a->table->child[number]; }
        if (a->parent == NULL && number < KERNE_EXTERNAL + KERNE_LINES) {
            return TARGET_EXTERNAL + number - KERNE_EXTERNAL;
        }
    }
    if (address == KERNE_SELF) { return process_index(p); }
    if (address != KERNE_PARENT || p->parent == NULL) { return 0; }
    return process_index(p->parent);
}

/* Whom the address in p's a0 means to it at this moment.  Pseudo processes are
 * followed, each seen from its declarer, and the last one is told; a circle of
 * them means nobody.  Cost: constant, and as much for each of them on the way.
 */
uint64_t address_resolve(const struct process *p, uint64_t *ret_pseudo)
{
    uint64_t address = p->x[R_A0];
    *ret_pseudo = 0;
    for (int i = 0; i <= DEPTH_LIMIT; i++) {
        uint64_t target = resolve_once(p, address);
        const struct process *to = process_at(target);
        if (target >= TARGET_EXTERNAL || !to->is_pseudo) { return target; }
        *ret_pseudo = KERNE_SENDER_PSEUDO | (uint64_t)to->number << 32;
        address = to->server;
        p = to->parent;
    }
    return 0;
}
