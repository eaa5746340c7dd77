/*
 * A tree whose leaves compute, drawn up before it is made.  Each place has a
 * share among its siblings; so a leaf is due the product of the parts on the
 * way down to it.
 */
#pragma once

#include <harness.h>

#define PLACES 600
#define PLACE_TOP 0 /* the process that runs the plan */

struct place {
    unsigned above;
    unsigned first, children; /* places; no children: a leaf */
    uint64_t share;
    char name[KERNE_NAME_BYTES];
    struct test_child child;
    volatile uint64_t turns; /* of a leaf's loop, four instructions each */
    uint64_t ticks, counted; /* in the measurement: by account, and turns */
};

extern struct place place[PLACES];
extern unsigned places;

/* A plan of nothing but the top. */
void plan_begin(void);

/* Plans children below a place that has none yet, all of the usual share.  The
 * first one's place. */
unsigned plan_children(unsigned above, unsigned count);

/* Makes all that is planned, lets it run so many microseconds, notes what each
 * got in that time, and removes it. */
void plan_run(uint64_t microseconds);

/* What a place got with all below it, in ticks. */
uint64_t plan_ticks(unsigned of);

/* What a place is due when the leaves got so much all together. */
uint64_t plan_due(unsigned of, uint64_t all);
