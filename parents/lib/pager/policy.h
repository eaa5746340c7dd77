/*
 * Which page goes, when a frame is needed: the frames stand in a queue, and the
 * first is asked.  A policy is what it is asked; if it keeps its page, it goes
 * to the end of the queue, and the next one is asked.  When all have kept
 * theirs, the page goes that was used the longest time ago.
 *
 *   fifo   nobody keeps anything: the page goes that has been in the longest
 *   clock  who was touched since the queue came round last keeps its page
 *   ws     who was touched within the last `window` of its child's own time,
 *          as far as the queue came round to see it, is in the working set
 *
 * No pointer argument may be null.
 */
#pragma once

#include <stdbool.h>

struct pager;
struct frame;

struct policy {
    const char *name;
    bool (*keeps)(struct pager *pager, struct frame *frame);
};

/* Null: there is no such policy. */
const struct policy *policy_named(const char *name);
