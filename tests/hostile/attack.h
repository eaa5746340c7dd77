/*
 * One process that calls the nucleus with wrong arguments, from a table.
 *
 * `attacker` is a child of the test and has a sibling; it has a child of its
 * own that is stopped, one that runs, and the stale reference of a third; a
 * message that it holds, one in its queue, one that it has sent, and an
 * answer.  Around the attack its claims are the same.
 */
#pragma once

#include "registers.h"

#include <harness.h>

/* Values that the attacker knows or guesses, when the attack begins. */
struct attack_scene {
    uint64_t stopped_child; /* references */
    uint64_t running_child;
    uint64_t removed_child;
    uint64_t itself;
    uint64_t sibling;
    uint64_t held;      /* buffers: a message received */
    uint64_t queued;    /* a message not yet taken */
    uint64_t sent;      /* a message of its own, still with its sibling */
    uint64_t answer;    /* an answer in its queue */
    uint64_t stale;     /* an answer that it has taken */
    uint64_t regretted; /* a message of its own that its sibling holds */
    uint64_t withdrawn; /* one that it holds, and whose sender has regretted */
    uint64_t foreign;   /* a message of its sibling's to the test */
};
extern struct attack_scene scene;

/* What the attacker's mask lacks. */
#define ATTACK_WITHOUT KERNE_MASK_COUNTERS

#define RESULT(name) (UINT64_C(1) << KERNE_r_##name)

/* One function with all arguments right but one register (x number), which
 * has each of these values in turn. */
struct attempt {
    const char *label;
    struct kerne_registers right;
    unsigned wrong;
    const uint64_t *values;
    unsigned count;
    uint64_t results; /* what it may come to: 1 << each */
};

/* Calls with these registers, all others being marks; expects that those that
 * are kept are kept, and the others hold nothing strange.  The result. */
uint64_t attack_call(const char *label, const struct kerne_registers *r);

/* The same, and all registers afterwards. */
extern struct register_file attack_after;

/* Each attempt, one after another. */
void attack_with(const struct attempt *attempts, unsigned count);

/* In the test: sets the scene, lets `attack` run in the attacker, and clears
 * all away. */
void attack_run(void (*attack)(void));

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
