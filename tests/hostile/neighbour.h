/*
 * Neighbours of hostile processes: one that counts, in storage and registers
 * of its own, and a pair that converses all the time.  Each looks for harm
 * done to it, and says so in its block.
 */
#pragma once

#include <stdint.h>

struct neighbour {
    uint64_t partner;         /* address of the one that answers */
    volatile uint64_t rounds; /* done */
    volatile uint64_t harm;   /* how often something was not as it should be */
    volatile uint64_t expected; /* the first time */
    volatile uint64_t actual;
};

/* Functions for private_start; the block begins with struct neighbour. */
void neighbour_count(uint64_t block);
void neighbour_ask(uint64_t block);
void neighbour_answer(uint64_t block);
