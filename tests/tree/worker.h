/*
 * A process of a tree that grows and is thrown away: it does what its dice
 * say, for ever.  It sends, receives, holds, answers, regrets and copies
 * messages; waits in all the waits; makes, stops, starts and removes children
 * that do the same; lends them pages and takes them back; and breaks.
 *
 * Whatever it does, each result must be one that the function can have.
 */
#pragma once

#include "dice.h"

#include <harness.h>

#define WORKERS 96 /* that run, in one round */
#define WORKER_STACK_BYTES 4096
#define WORKER_THINGS 8

struct worker {
    struct dice dice;
    uint64_t sent[WORKER_THINGS];  /* buffers; 0: none */
    uint64_t held[WORKER_THINGS];  /* the same, and breaks */
    uint64_t below[WORKER_THINGS]; /* references, some of them stale */
    uint64_t actions;
    uint8_t stack[WORKER_STACK_BYTES] __attribute__((aligned(16)));
};

/* Pages that parents lend, narrow, and take away. */
#define WORKER_PAGES 4
extern uint8_t worker_pages[WORKER_PAGES][KERNE_PAGE];

/* Things are kept in a random place, whatever stood there before. */
static inline uint64_t *worker_any(struct worker *w, uint64_t *things)
{
    return &things[dice_below(&w->dice, WORKER_THINGS)];
}

/* A new round: all workers are gone. */
void workers_forget(void);

/* How many have been made, and what they have done, in this round. */
uint64_t workers_made(void);
uint64_t workers_actions(void);

/* Creates a process under `parent` (0: the caller) with random claims of what
 * that has free; for the caller itself, mostly a worker that runs.  What was
 * made is kept in maker->below. */
void worker_make(struct worker *maker, uint64_t parent);

/* Notes a result that a function can never have: `results` are 1 << each. */
uint64_t worker_allow(const char *function, uint64_t result, uint64_t results);
#define RESULT(name) (UINT64_C(1) << KERNE_r_##name)
#define ANSWER_RESULTS                                            \
    (RESULT(normal) | RESULT(rejected) | RESULT(unintelligible) | \
     RESULT(malfunction) | RESULT(does_not_exist))
/* Of a reference that may be stale, dying, or no internal process's. */
#define CONTROL_RESULTS                                        \
    (RESULT(normal) | RESULT(not_descendant) | RESULT(dying) | \
     RESULT(bad_argument))

/* One action; the last kind may wait, and break. */
void worker_message(struct worker *self);
void worker_control(struct worker *self);
void worker_wait_or_break(struct worker *self);
