/*
 * A process that calls the nucleus at random, as a hostile program would: any
 * function with any registers, but so that they often hit something that is
 * there: what earlier calls gave it, its own pages, numbers near zero, and
 * addresses of the nucleus, the firmware and the devices.
 *
 * It has a block of storage of its own, and no window onto the variables of
 * the test.  Some of the blocks' pages serve for a child that does the same.
 */
#pragma once

#include "registers.h"

#include <calls.h>
#include <dice.h>

#define INTRUDER_PAGES 16
#define INTRUDER_HALF 8    /* the second half is for a child's block */
#define INTRUDER_SCRATCH 4 /* pages behind the stack, for all purposes */
#define INTRUDER_THINGS 32

/* Stands at the beginning of its block (private.h). */
struct intruder {
    struct dice dice;
    uint64_t owner; /* of its marks */
    uint64_t pages; /* of its block */
    volatile uint64_t calls;
    volatile uint64_t faults; /* of the nucleus, as the intruder sees it */
    const char *volatile fault;
    volatile uint64_t function; /* of the last call, and of the first fault */
    volatile uint64_t word;
    volatile uint64_t number; /* of the register */
    volatile uint64_t was;    /* what it held before */
    uint64_t child;           /* that lives in the second half; 0: none yet */
    uint64_t things[INTRUDER_THINGS]; /* what calls gave it */
    struct register_file before;
    struct register_file after;
};
_Static_assert(sizeof(struct intruder) <= 2 * KERNE_PAGE, "an intruder");

/* Makes the block ready. */
void intruder_prepare(struct intruder *intruder, uint64_t owner, uint64_t pages,
                      uint64_t seed);

/* What its process does, and begins anew whenever its parent wants so. */
void intruder_run(uint64_t block);
