/*
 * Claims: what a process was given by its parent, and what is left of it.
 *
 * L1  Of each claim: free + used + given to children = received.
 * L2  All claims of buffers together are the buffers of the pool.
 * L3  Every buffer in use stands in its owner's list of those in use.
 *
 * As in the RC 4000, buffers come from one pool, and a claim says how many of
 * them a process may have at a time.  So a claim is given in one step.
 */
#include "nucleus.h"

/* From a parent's claim to its new child's; it has been checked. */
void claim_give(struct claim *from, struct claim *to, uint64_t n)
{
    from->free -= (uint32_t)n;
    to->received = to->free = (uint32_t)n;
}

/* And back at its end; nothing of it is in use. */
void claim_give_back(struct claim *from, struct claim *to)
{
    to->free += from->received;
    from->received = from->free = 0;
}

/* The buffers that p has in use pass to its parent, as far as the budget goes:
 * messages of a sender that is gone.  External processes drop them.  True: all
 * have. */
bool claim_pass_in_use(struct process *p, uint32_t *budget)
{
    struct process *heir = process_parent(p);
    for (; p->in_use.first != 0; --*budget) {
        if (*budget == 0) { return false; }
        struct buffer *b = buffer_at(p->in_use.first);
        if (b->state == KERNE_ANSWERED || b->receiver == 0) {
            message_withdraw(b);
            continue;
        }
        list_remove(&p->in_use, b, CLAIM);
        p->buffers.used--;
        p->buffers.received--;
        b->sender = 0;
        b->owner = p->parent;
        heir->buffers.used++;
        list_append(&heir->in_use, b, CLAIM);
    }
    return true;
}
