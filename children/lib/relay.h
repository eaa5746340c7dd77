/*
 * Conversations passed on: what a process needs that stands between clients
 * and a server, whether it only listens or changes what passes.
 *
 *     relay_open     a message that was received becomes a relay
 *     relay_pass     it is sent on
 *     relay_answered an answer came: it belongs to this relay
 *     relay_close    the client has its answer
 *
 * A grant is for one conversation: so an area is copied into the relay, and
 * the server is granted that copy, and nothing of the client's.
 *
 *   R1  Many are open at once: a client that waits for the operator keeps
 *       nobody else waiting.
 *   R2  What finds no room is rejected.  Nobody is locked out (places.h): the
 *       parent of those who fill their part still finds room, at every depth.
 *   R3  What a removed client had asked is dropped with the next message.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include "places.h"
#include "program.h"

#define RELAYS 64
#define RELAYS_OF_ONE 56
#define RELAY_BYTES 1024 /* of an area; more is passed on in parts */

struct relay {
    struct kerne_received client; /* the message as it came; buffer 0: free */
    uint64_t passed;              /* the same, sent on; 0: not yet */
    struct kerne_words words;     /* of the message as it goes on; then of the
                                   * answer */
    uint64_t result;              /* of the answer */
    uint64_t bytes;               /* of the area */
    struct place place;
    char area[RELAY_BYTES];
};

/* Opens one, and copies the area that the message grants for reading.  Null:
 * it could not be, and is answered: 2, there is no room; 3, it is a
 * KERNE_CONSOLE_PASS, which would pass on whoever relays it; or 4, word 0 the
 * result with which the area was refused. */
struct relay *relay_open(const struct kerne_received *message);

/* Sends it on; words and area may have been changed.  False: it could not be,
 * is answered 4, word 0 the reason, and closed. */
bool relay_pass(struct relay *relay, uint64_t server);

/* The relay whose answer this is, with result and words; null: of none. */
struct relay *relay_answered(const struct kerne_received *answer);

/* Gives the client the answer, and what came into the area, cut to it. */
void relay_close(struct relay *relay);

/* Has the message, or the answer, a text in the area?  As many bytes. */
uint64_t relay_text_bytes(const struct relay *relay);
