#include "look.h"

static const struct buffer *next_event(const struct process *p,
                                       const struct link *next)
{
    return next != &p->events ? link_record(next, buffer, event) : NULL;
}

/* The one that it works on is the last. */
static const struct buffer *next_held(const struct process *p,
                                      const struct link *next)
{
    return next != &p->held ? link_record(next, buffer, event) : p->serving;
}

static const struct buffer *next_sent(const struct process *p,
                                      const struct link *next)
{
    if (p->spare != NULL && next == &p->spare->claim) { next = next->next; }
    return next != &p->in_use ? link_record(next, buffer, claim) : NULL;
}

const struct buffer *look_next(const struct process *p, uint64_t list,
                               const struct buffer *last)
{
    switch (list) {
    case KERNE_DESCRIBE_EVENT:
        return next_event(p, (last != NULL ? &last->event : &p->events)->next);
    case KERNE_DESCRIBE_HELD:
        if (last != NULL && last == p->serving) { return NULL; }
        return next_held(p, (last != NULL ? &last->event : &p->held)->next);
    default:
        return next_sent(p, (last != NULL ? &last->claim : &p->in_use)->next);
    }
}

const struct process *look_next_child(const struct process *p,
                                      const struct process *last)
{
    const struct link *next =
        (last != NULL ? &last->sibling : &p->children)->next;
    return next != &p->children ? link_record(next, process, sibling) : NULL;
}

static bool is_in_ring(const struct process *p, const struct process *child)
{
    const struct link *l = p->turns.next;
    for (uint32_t n = 0; l != &p->turns && n < nucleus.process_limit; n++) {
        if (l == &child->turn) { return true; }
        l = l->next;
    }
    return false;
}

bool look_ring_is_whole(const struct process *p)
{
    const struct process *child = look_next_child(p, NULL);
    for (; child != NULL; child = look_next_child(p, child)) {
        if (!link_is_empty(&child->turn) != is_in_ring(p, child)) {
            return false;
        }
    }
    return true;
}
