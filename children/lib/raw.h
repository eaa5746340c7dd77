/*
 * A raw stream of the console: the operator's keys as they are typed, and bytes
 * as they are.  Keys come while the operator's lines go to this process; he
 * leads them away, and back, as he likes (docs/man/programs/console.md), and
 * meanwhile both functions wait.
 *
 *     struct kerne_raw raw;
 *     char key[64];
 *     size_t bytes;
 *     if (kerne_raw_begin(&raw, kerne_find("console")) == KERNE_r_normal) {
 *         kerne_raw_put(&raw, "\x1b[2J", 4);
 *         kerne_raw_keys(&raw, key, sizeof(key), &bytes);
 *         kerne_raw_end(&raw);
 *     }
 *
 * Standard output of the library waits while a stream is held, so who holds
 * one writes with kerne_raw_put() only.
 *
 * No pointer argument may be null.
 */
#pragma once

#include "program.h"

struct kerne_raw {
    uint64_t console; /* its address */
    uint64_t held;    /* the message that is the stream */
    uint64_t columns; /* of the terminal, as keys told last; 0: of none */
    uint64_t rows;
    uint64_t turn; /* another one when they come anew: draw all again */
};

/*
 * Asks the console at this address for a raw stream; a process holds one at a
 * time.  Then the size of the terminal is known.
 * Result: normal; rejected: the console holds too many messages, or who relays
 * them has passed on a stream for another process; unintelligible: who presents
 * the console does not grant it; otherwise as kerne_ask.  Costs a message and a
 * conversation.
 */
uint64_t kerne_raw_begin(struct kerne_raw *raw, uint64_t console);

/* Gives it back: keys make lines again.  Costs a regret and a conversation. */
void kerne_raw_end(const struct kerne_raw *raw);

/*
 * Waits for keys, at most `bytes` (at least 1).  *ret_bytes 0: none came, but
 * the size is another one, or the turn; so at first, as soon as keys go here.
 * Result: normal; rejected: there is no stream; otherwise as kerne_ask.
 * Costs a conversation.
 */
uint64_t kerne_raw_keys(struct kerne_raw *raw, void *ret_keys, size_t bytes,
                        size_t *ret_bytes);

/* Writes all bytes.  Results as kerne_raw_keys.  Costs a conversation for each
 * part that the console takes: 1,024 bytes. */
uint64_t kerne_raw_put(const struct kerne_raw *raw, const void *text,
                       size_t bytes);

/* For who waits for other things, too: the message that asks for keys; and what
 * its answer tells: size, turn, and how many bytes of at most `bytes`.  Neither
 * costs a call. */
struct kerne_words kerne_raw_message(const struct kerne_raw *raw,
                                     void *ret_keys, size_t bytes);
size_t kerne_raw_told(struct kerne_raw *raw, const struct kerne_words *answer,
                      size_t bytes);
