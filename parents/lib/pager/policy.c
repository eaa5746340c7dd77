#include "policy.h"

#include "pager.h"

#include <string.h>

static bool fifo(struct pager *pager, struct frame *frame)
{
    (void)pager;
    (void)frame;
    return false;
}

static bool clock(struct pager *pager, struct frame *frame)
{
    bool keeps = pager_touched(frame);
    if (keeps) { pager_watch(pager, frame); }
    return keeps;
}

/* Carr and Hennessy's WSClock, of 1981: time is the child's own, so that a page
 * of a child that waits is not forgotten for that. */
static bool working_set(struct pager *pager, struct frame *frame)
{
    uint64_t now = pager_time_of(frame);
    if (pager_touched(frame)) {
        pager_watch(pager, frame);
        frame->used = now;
    }
    return now - frame->used <= pager->window;
}

static const struct policy policies[] = {
    { "fifo", fifo },
    { "clock", clock },
    { "ws", working_set },
};

const struct policy *policy_named(const char *name)
{
    for (unsigned i = 0; i < sizeof policies / sizeof policies[0]; i++) {
        if (strcmp(name, policies[i].name) == 0) { return &policies[i]; }
    }
    return NULL;
}
