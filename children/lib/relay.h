/*
 * Conversations passed on: what a process needs that stands between clients
 * and a server, whether it only listens or changes what passes.
 *
 * A grant is for one conversation: so an area is copied into the relay, and
 * the server is granted that copy, and nothing of the client's.
 *
 *   R1  Many are open at once: a client that waits for the operator keeps
 *       nobody else waiting.
 *   R2  What finds no room is rejected.  Nobody is locked out (places.h): the
 *       parent of those who fill their part still finds room, at every depth.
 *   R3  What a removed client had asked is dropped with the next message.
 *   R4  The operator's lines come to the relay, which alone is known at the
 *       console: it asks for one at a time.  A line goes to the outermost of
 *       those who wait, and equals take turns: so children that always ask do
 *       not take the lines for which the system around them waits, too.  While
 *       that performs a line, and asks for no other yet, the next may be
 *       theirs.  One that nobody waits for any more, or for which a page was
 *       missing, is for the next that asks.
 *   R5  So do the keys of a raw stream (parent.h): one stream is passed on at a
 *       time, and only its holder's keys and output; another client is
 *       rejected.  When the holder is gone, the console is told at once.  Keys
 *       for which a page was missing are for the next that he asks.
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
    uint64_t server;              /* to which it is passed on */
    uint64_t passed;              /* the same, sent on; 0: it awaits a line */
    uint64_t order;               /* of arrival, or since its sender's turn */
    struct kerne_words words;     /* of the message as it goes on; then of the
                                   * answer */
    uint64_t result;              /* of the answer */
    uint64_t bytes;               /* of the area */
    struct place place;
    char area[RELAY_BYTES];
};

/* Deals with an event: a message is sent on to `server`, an answer to one that
 * was goes back to its client, with what came into the area, cut to it.  First
 * `passes` (null: nothing) may see it, and change words and area; before the
 * answer the result is 0.  False: it is neither, and nothing is done.
 * A message that cannot be sent on is answered: 2, there is no room; 3, it is a
 * KERNE_CONSOLE_PASS, which would pass on whoever relays it; or 4, word 0 the
 * result with which its area, or sending it, was refused. */
bool relay_event(const struct kerne_received *event, uint64_t server,
                 void (*passes)(struct relay *relay));

/* The same before a console: as R4 has it. */
bool relay_console_event(const struct kerne_received *event, uint64_t console,
                         void (*passes)(struct relay *relay));

/* Is a raw stream passed on?  Then the console writes nothing else. */
bool relay_is_raw(void);

/* Has the message, or the answer, a text in the area?  As many bytes; of an
 * input, what it may be completed to is none. */
uint64_t relay_text_bytes(const struct relay *relay);
