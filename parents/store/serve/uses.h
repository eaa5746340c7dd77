/*
 * Who is served: the messages that the store holds, and the areas in use.
 *
 *   U1  a message is held while its work is done; that of a use, as long as the
 *       area is in use: so a use ends with its user, and he pays for it
 *   U2  one use at a time may write an area
 *   U3  a number stands for one area: among the children of a part, or of the
 *       store's own parent
 *   U4  nobody is locked out (places.h)
 *   U5  a use ends when its user may not have it any more; what is under way by
 *       it then moves nothing more
 *
 * No pointer argument may be null, unless its comment says so.
 */
#ifndef USES_H
#define USES_H

#include <places.h>
#include <store.h>

#define CLIENTS 96
#define CLIENTS_OF_ONE 64

enum client_state {
    CLIENT_FREE,
    CLIENT_DEFERRED, /* the store is not mounted */
    CLIENT_WORKS,
    CLIENT_USES,
};

struct client {
    struct store_work work; /* first; of a use, the area */
    struct kerne_received message;
    struct place place;
    char owner[STORE_NAME_BYTES]; /* who asks, but of transfers (Q3) */
    uint64_t part;            /* the child, sibling or parent that sent it */
    uint64_t number;          /* of a use: for which the area stands there */
    const struct client *use; /* of a transfer: by which it came */
    enum client_state state;
    bool is_writing;
};

extern struct client clients[CLIENTS];

/* A place for a message, deferred; null: there is none, which is answered. */
struct client *client_for(const struct kerne_received *received);

/* Answers, and frees the place. */
void client_answer(struct client *client, uint64_t result,
                   const struct kerne_words *words);
void client_answer_plainly(struct client *client, uint64_t result,
                           uint64_t status, uint64_t word_1, uint64_t word_2);
void client_reject(struct client *client, uint64_t status);

/* The use of the area that this message was sent to; null: of none. */
struct client *use_of(const struct client *client);

/* Is the number of this client that of another use? */
bool use_has_number(const struct client *client);

/* Does any use write this area? */
bool use_writes(uint32_t entry, uint64_t serial);

enum use_right { USE_READ, USE_WRITE, USE_OWN };

/* Has he who asks this right to the area of his work, which is there? */
bool use_may(const struct store *store, const struct client *client,
             enum use_right right);

/* With what is under way by it.  A temporary area goes when its owner's use for
 * writing ends. */
void use_end(struct store *store, struct client *use);

/* Those of senders who are gone; and those that may not be any more. */
void use_end_gone(struct store *store);
void use_end_excluded(struct store *store);

#endif
