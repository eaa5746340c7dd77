/*
 * A chain of processes under the root, for faults that climb: `depth` - 1
 * parents, one under the other, and under the last of them a leaf.
 *
 * The leaf asks the root what to do, over a pseudo process of the root, and
 * says what came of it.  So every step is a message, and none a nap.
 */
#pragma once

#include <harness.h>

#define CLIMB_LINK 1
#define CLIMB_DEPTHS 32

enum climb_order {
    CLIMB_READ,     /* word 1: what stands at the beginning of the page */
    CLIMB_WRITE,    /* stores CLIMB_WRITTEN there; word 1: the same */
    CLIMB_EXECUTE,  /* word 1: what the page's code returns */
};
#define CLIMB_WRITTEN UINT64_C(0x7772697474656e)
#define CLIMB_EXECUTED UINT64_C(0x2a)
/* The leaf's own parent ends a load that it is to end without a value. */
#define CLIMB_SKIPPED ((uint64_t)climb_data)

/* The page that is taken away: data, or code. */
extern uint64_t climb_data[KERNE_PAGE / 8];
extern uint64_t climb_other[KERNE_PAGE / 8]; /* a frame to bring it back in */
extern uint64_t climb_code(void);

/* In the root.  Makes the chain; the leaf waits for its first order. */
bool climb_begin(uint64_t depth);

/* Gives an order, and takes the next event: the leaf's report, or a break. */
struct kerne_received climb_order(enum climb_order order);

/* Answers the break, and takes the next event. */
struct kerne_received climb_answer(const struct kerne_received *event,
                                   enum kerne_action action);

/* The event must be a report, with this word 1. */
void climb_expect_report(const struct kerne_received *event, uint64_t word);

/* How many events came to the parents between, and the last of each. */
uint64_t climb_noticed(void);
const struct kerne_received *climb_seen(uint64_t depth);

/* The topmost process of the chain, whose windows the root sets. */
uint64_t climb_top(void);

void climb_end(void);
