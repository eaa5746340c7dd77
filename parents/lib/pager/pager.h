/*
 * A pager: gives a parent's children more storage than the parent has.  The
 * pages in use are in frames, the others in a room, or nowhere yet: what a
 * child has not written is made of its program whenever it is needed.
 *
 *     static struct pager pager;
 *
 *     pager.parent.event = ...; it asks pager_event()
 *     parent_begin(&pager.parent);
 *     pager_begin(&pager, &order);
 *     parent_run_all(&pager.parent, argc, argv);
 *
 * A child's page is in one of these
 * ways:
 *
 *   in a frame, clean     its window is for reading (and execution), so that
 *                         the first store is a break, and makes it dirty
 *   in a frame, dirty     its window has all rights; what the room has of it is
 *                         out of date
 *   in the room
 *   in neither            it is as the loader would have made it
 *
 *   G1  a frame has one page at most, and a page one frame
 *   G2  a window is open exactly onto pages in frames
 *   G3  of each 2 MiB of a child one page stays in its frame from the
 *       beginning: a window table without windows is the child's again, which
 *       may give it away, and then no window could be opened there any more
 *   G4  a page goes in this order: the window is closed, what is dirty is put
 *       into the room, the frame is used again
 *
 * It waits for nobody but a room of segments: a server that copies from a page,
 * or into one, and breaks for it, may do so.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include "chart.h"
#include "policy.h"
#include "room.h"

#include <skeleton.h>

struct owner; /* a child, as its pages are kept */

/* A frame is page n of the frames' run, if it is entry n of the table. */
struct frame {
    struct frame *before, *behind; /* in the queue, or among the free ones */
    struct owner *owner;           /* null: it is free */
    uint32_t page;                 /* of the owner's */
    bool is_dirty;
    uint64_t used; /* the policy's; 0 at first */
};

struct pager_counts {
    uint64_t brought; /* pages that a break brought into a frame, */
    uint64_t made;    /* of which so many were in no room */
    uint64_t stored;  /* first stores to a clean page: a break, too */
    uint64_t written; /* pages put into the room */
};

struct pager_order {
    uint64_t frames; /* at least PAGER_LEAST_FRAMES, and what stays (G3) */
    const struct policy *policy;
    const char *room; /* its kind, or whose segments it is */
    uint64_t window;  /* of the working set, in ticks */
    /* The parent will have so many children, with so much storage each. */
    uint64_t children, bytes;
    uint64_t quantum;  /* of a parent that swaps, in ticks */
    const char *shown; /* a name that its children see, too; null: none */
};

/* One instruction can need two pages for itself, and two for what it loads or
 * stores; or a copy from page to page. */
#define PAGER_LEAST_FRAMES 4

struct pager {
    struct parent parent;
    const struct policy *policy;
    struct room *room;
    uint64_t window;
    struct chart chart; /* of pages that came */
    struct pager_counts counts;
    struct owner *owner[CHILDREN_MAX]; /* as in the parent's table */
    struct frame *frame;               /* the table */
    uint64_t frames;
    uint64_t staying;   /* G3 */
    uint64_t first;     /* address of the frames' run */
    struct frame queue; /* ring of those that may go; the next is behind it */
    struct frame free;  /* ring */
};

/* Reads such words as `frames=12` in front of a parent's arguments, and gives
 * up, in words, if one is wrong, or if no program stands behind them.  Returns
 * how many there are.  Where no size stands among them, the order has 0. */
int pager_options(int argc, char **argv, struct pager_order *ret_order);

/* Presents the names that its children see: console, clock, and what is shown.
 * Gives up, in words, if it cannot. */
void pager_present(struct pager *pager, const struct pager_order *order);

/* Takes all storage of the parent, which has begun: for frames, for what is
 * noted of each page, and the rest for the room; and sets the hooks `load` and
 * `unload`.  Gives up, in words, if there is not as much. */
void pager_begin(struct pager *pager, const struct pager_order *order);

/* Deals with a break for a page that the child is to have; false: it is another
 * event.  A child whose page finds no room ends as broken. */
bool pager_event(struct pager *pager, const struct kerne_received *received);

/* Says, in a chart, when pages came; `what` they were. */
void pager_draw(struct pager *pager, const char *what);

/* ---- for a parent that swaps --------------------------------------------- */

/* Takes all pages of a child that is stopped out of their frames, those that
 * stay (G3) too: it cannot give its tables away meanwhile.  Null, or why the
 * room took no more; then it cannot be brought back. */
const char *pager_swap_out(struct pager *pager, const struct child *child);

/* Brings those pages back that were in when it was swapped out; there must be
 * frames for them.  Null, or why not. */
const char *pager_swap_in(struct pager *pager, const struct child *child);

/* ---- for policies -------------------------------------------------------- */

/* Was the page touched since it came in, or was watched last?  Costs a call or
 * two. */
bool pager_touched(const struct frame *frame);

/* From now on it is untouched. */
void pager_watch(struct pager *pager, const struct frame *frame);

/* Ticks that the page's child has used, with all below it. */
uint64_t pager_time_of(const struct frame *frame);
