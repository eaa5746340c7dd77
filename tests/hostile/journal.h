/*
 * A journal of calls: what each gave to whom, as a digest for each round, so
 * that two runs can be compared; and of one round, which the boot arguments
 * name, in full.
 */
#pragma once

#include <stdint.h>

struct journal_entry {
    uint64_t who;       /* made the call */
    uint64_t in[5];     /* a7, a0, a1, a2, t2 of the call */
    uint64_t floats;    /* digest of f0 to f31 and fcsr afterwards */
    uint64_t after[32]; /* x1 to x31 afterwards, from index 1 on */
};

/* One for all processes of the test: nobody may be preempted in it. */
void journal_add(const struct journal_entry *entry);

/* How many entries this round has so far. */
unsigned journal_length(void);

/* Ends a round: in the root only.  It is printed in full if it is round
 * `shown`; what it holds beyond JOURNAL_KEPT entries is in the digest only. */
#define JOURNAL_KEPT 1500
void journal_end_round(uint64_t shown);
uint64_t journal_rounds(void);

/* Mixes a word into a digest. */
static inline uint64_t journal_mix(uint64_t digest, uint64_t word)
{
    digest = (digest ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return digest ^ digest >> 29;
}
