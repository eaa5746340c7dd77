/*
 * A rule: what is done when a program has died.
 *
 *     at once                    it is started anew
 *     after 10 ms                after a pause
 *     after 10 ms growing        each pause is twice the one before
 *     at most 3 in 1 s           at once, and so often; then it stays dead
 *     after 10 ms at most 3 in 1 s
 *     never                      it stays dead
 *
 * and behind each of them, in any order,
 *
 *     with storage               what it leaves is kept, for `print`
 *     quietly                    only what cannot be undone is told
 */
#pragma once

#include <words.h>

/* A pause grows no longer; and who has lived longer begins as at first. */
#define RULE_LONGEST_PAUSE UINT64_C(60000000)

struct rule {
    bool never, at_once, growing, with_storage, quietly;
    uint64_t pause;  /* microseconds; 0: none */
    uint64_t most;   /* times it is started anew, 0: as often as it dies; */
    uint64_t within; /* in so many microseconds, from the first of them on */
};

/* What has become of a program so far, as far as rules ask. */
struct rule_history {
    uint64_t pause;        /* the next one, in microseconds; 0: none yet */
    uint64_t counted;      /* times it was started anew */
    uint64_t counted_from; /* since then, in microseconds */
};

/* Reads a rule, as far as it goes. */
bool rule_read(struct words *words, struct rule *ret_rule);

/* The rule as it is written, with a blank before each word. */
#define RULE_BYTES 128
void rule_text(const struct rule *rule, char ret_text[RULE_BYTES]);

/* What to do with one who died now, after so long a life (microseconds).
 * False: it stays dead.  *ret_pause: before it is started anew; 0: at once. */
bool rule_decide(const struct rule *rule, struct rule_history *history,
                 uint64_t now, uint64_t life, uint64_t *ret_pause);
