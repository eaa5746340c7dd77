#include "neighbour.h"

#include "private.h"
#include "registers.h"

#define OWNER 7
#define SPIN 300

static void expect_same(struct neighbour *n, uint64_t actual, uint64_t expected)
{
    if (actual != expected && n->harm++ == 0) {
        n->expected = expected;
        n->actual = actual;
    }
}

/* A page of words that nobody but this process writes, and all registers. */
void neighbour_count(uint64_t block)
{
    struct neighbour *n = (struct neighbour *)block;
    uint64_t *words = (uint64_t *)(block + sizeof *n);
    struct register_file before;
    struct register_file after;
    for (uint64_t count = 0;; count++) {
        for (unsigned i = 0; i < 64; i++) {
            expect_same(n, words[i], count == 0 ? 0 : count - 1 + i);
            words[i] = count + i;
        }
        registers_fill(&before, OWNER);
        before.x[REGISTER_T0] = SPIN;
        registers_spin(&before, &after);
        for (unsigned i = 1; i < 32; i++) {
            if (i != REGISTER_SP) {
                expect_same(n, after.x[i], i == REGISTER_T0 ? 0 : before.x[i]);
            }
            expect_same(n, after.f[i], before.f[i]);
        }
        expect_same(n, n->rounds, count);
        n->rounds = count + 1;
    }
}

static struct kerne_words question(uint64_t round)
{
    struct kerne_words words = { { 0 } };
    for (uint64_t i = 1; i < KERNE_WORDS; i++) { words.w[i] = round << 8 | i; }
    return words;
}

/* Every word arrives, and comes back as its complement. */
void neighbour_ask(uint64_t block)
{
    struct neighbour *n = (struct neighbour *)block;
    for (uint64_t round = 0;; round++) {
        struct kerne_words words = question(round);
        struct kerne_words answer;
        uint64_t result = kerne_converse(n->partner, &words, &answer);
        expect_same(n, result, KERNE_r_normal);
        for (unsigned i = 1; i < KERNE_WORDS; i++) {
            expect_same(n, answer.w[i], ~words.w[i]);
        }
        n->rounds = round + 1;
    }
}

/* Answers whoever asks, the intruders too; but that it is asked in order by
 * its partner is seen here as well. */
void neighbour_answer(uint64_t block)
{
    struct neighbour *n = (struct neighbour *)block;
    struct kerne_words answer = { { 0 } };
    uint64_t buffer = 0;
    for (;;) {
        struct kerne_received r = kerne_serve(buffer, KERNE_r_normal, &answer);
        if (r.sender == n->partner) {
            struct kerne_words words = question(n->rounds++);
            for (unsigned i = 0; i < KERNE_WORDS; i++) {
                expect_same(n, r.words.w[i], words.w[i]);
            }
        }
        for (unsigned i = 0; i < KERNE_WORDS; i++) {
            answer.w[i] = ~r.words.w[i];
        }
        buffer = KERNE_EVENT_KIND(r.event) == KERNE_MESSAGE ? r.buffer : 0;
    }
}
