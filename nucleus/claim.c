/*
 * Claims: what a process was given by its parent, and what is left of it.  The
 * rules are in process.h.
 *
 * As in the RC 4000, buffers come from one pool, and a claim says how many of
 * them a process may have at a time.  So a claim is given in one step.
 */
#include "hart.h"

/* What p has received of each kind becomes so much: its parent gives the rest,
 * or has back what is too much.  It has been checked. */
void claim_receive(struct process *p, const uint64_t wanted[CLAIMS])
{
    struct claim *to = p->claims, *from = p->parent->claims;
    for (enum claims kind = BUFFERS; kind < CLAIMS; kind++) {
        uint32_t more = (uint32_t)wanted[kind] - to[kind].received;
        from[kind].free -= more;
        from[kind].given += more;
        to[kind].received += more;
        to[kind].free += more;
    }
}

/* 135.  What a process has received becomes so much; what it uses, or has given
 * on, it keeps.  Cost: constant. */
enum kerne_result claim_set(struct process *caller)
{
    static const uint8_t used_up[CLAIMS] = { KERNE_r_no_buffers,
                                             KERNE_r_no_processes,
                                             KERNE_r_no_tables };
    const uint64_t *wanted = &caller->x[R_A1];
    struct process *p;
    TRY(process_find_internal(caller, caller->x[R_A0], &p));
    claim_give_up_spare(p);
    claim_give_up_spare(p->parent);
    for (enum claims kind = BUFFERS; kind < CLAIMS; kind++) {
        const struct claim *has = &p->claims[kind];
        uint64_t most = has->received + p->parent->claims[kind].free;
        if (wanted[kind] < has->received - has->free || wanted[kind] > most) {
            return (enum kerne_result)used_up[kind];
        }
    }
    claim_receive(p, wanted);
    return KERNE_r_normal;
}

/* A free buffer leaves its sender's list. */
void claim_put_back(struct buffer *b)
{
    b->sender->claims[BUFFERS].free++;
    link_remove(&b->claim);
    b->claim.next = nucleus.free_buffer;
    nucleus.free_buffer = &b->claim;
}

void claim_give_up_spare(struct process *p)
{
    if (p->spare != NULL) { claim_put_back(p->spare); }
    p->spare = NULL;
}

/* A buffer that has never been used, and is in no list. */
struct buffer *claim_fresh_buffer(void)
{
    uint64_t index = nucleus.never_used_buffer++;
    struct buffer *b = &nucleus.buffers[index];
    *b = (struct buffer){ .identity = IDENTITY(index) };
    return b;
}

/* p is being removed: what it has sent is withdrawn, as far as the budget goes;
 * but messages that a process has received pass to p's parent.  True: all. */
bool claim_transfer(struct process *p, uint32_t *budget)
{
    struct process *heir = p->parent;
    claim_give_up_spare(p);
    while (!link_is_empty(&p->in_use)) {
        if (!spend(budget, ARRIVAL)) { return false; }
        struct buffer *b = link_record(p->in_use.next, buffer, claim);
        if (b->state != KERNE_RECEIVED || b->receiver == NULL) {
            queue_withdraw(b);
            claim_give_up_spare(p);
            continue;
        }
        p->claims[BUFFERS].received--;
        heir->claims[BUFFERS].given--;
        link_remove(&b->claim);
        link_insert(&heir->in_use, &b->claim);
        b->sender = heir;
        b->regretted = KERNE_INHERITED;
    }
    return true;
}
