#include "look.h"

struct process *look_process(uint64_t reference)
{
    return process_at((uint32_t)((reference & ~REFERENCE) >> 32));
}

static const struct buffer *next_of(const struct list *list,
                                    const struct buffer *last,
                                    enum buffer_list kind)
{
    uint32_t next = last != NULL ? last->link[kind].next : list->first;
    return next != 0 ? buffer_at(next) : NULL;
}

const struct buffer *look_next_event(const struct process *p,
                                     const struct buffer *last)
{
    return next_of(&p->events, last, EVENTS);
}

const struct buffer *look_next_held(const struct process *p,
                                    const struct buffer *last)
{
    return next_of(&p->held, last, EVENTS);
}

const struct buffer *look_next_used(const struct process *p,
                                    const struct buffer *last)
{
    return next_of(&p->in_use, last, CLAIM);
}

const struct process *look_next_child(const struct process *p,
                                      const struct process *last)
{
    uint16_t next = last != NULL ? last->next_sibling : p->first_child;
    return next != 0 ? process_at(next) : NULL;
}

uint64_t look_break(const struct process *p)
{
    return buffer_at(nucleus.break_buffers + process_index(p))->identity;
}

static bool is_in_ring(const struct process *p, const struct process *child)
{
    uint16_t i = p->ring;
    for (uint32_t n = 0; i != 0 && n < nucleus.process_limit; n++) {
        if (i == process_index(child)) {
            return true;
        }
        i = process_at(i)->ring_next;
        if (i == p->ring) {
            return false;
        }
    }
    return false;
}

bool look_ring_is_whole(const struct process *p)
{
    const struct process *child = look_next_child(p, NULL);
    for (; child != NULL; child = look_next_child(p, child)) {
        if ((child->ring_next != 0) != is_in_ring(p, child)) {
            return false;
        }
    }
    return true;
}
