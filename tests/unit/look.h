/*
 * Looks into the nucleus's records, for comparison with the model.
 *
 * The one file that knows how they are linked; list functions are called with
 * null for the first, and return null at the end.
 */
#pragma once

#include <hart.h>

/* p's events, messages that it holds, or buffers of its claim in use, as
 * describe tells of them. */
const struct buffer *look_next(const struct process *p, uint64_t list,
                               const struct buffer *last);
const struct process *look_next_child(const struct process *p,
                                      const struct process *last);
/* Are all of p's children that think so in its ring, and no others? */
bool look_ring_is_whole(const struct process *p);

/* What p has of its claim that is free, with what is given up before anyone
 * looks; and in use by itself. */
static inline uint32_t look_free(const struct process *p, enum claims kind)
{
    return p->claims[kind].free + (kind == BUFFERS && p->spare != NULL);
}

static inline uint32_t look_used(const struct process *p, enum claims kind)
{
    const struct claim *c = &p->claims[kind];
    return c->received - look_free(p, kind) - c->given;
}
