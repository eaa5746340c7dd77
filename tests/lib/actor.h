/*
 * What children of tests do most often; functions for child_run.
 */
#pragma once

#include "family.h"

/* Returns at once: a process that waits for an event, for ever. */
void actor_rest(uint64_t unused);

/* Sends one message and waits for its answer: struct actor_client *. */
struct actor_client {
    uint64_t address;
    struct kerne_words message;
    volatile uint64_t sent; /* result of send message, plus 1 */
    volatile uint64_t buffer;
    volatile uint64_t result; /* of the answer; 0: none yet */
    struct kerne_words answer;
};
void actor_client(uint64_t client);
void actor_converse(uint64_t client); /* the same by converse */

/* Waits for messages without end: struct actor_server *.  Keeps the last
 * one, and answers normal, each word plus 1. */
struct actor_server {
    volatile uint64_t served;
    struct kerne_received last;
};
void actor_server(uint64_t server); /* wait message, send answer */
void actor_serve(uint64_t server);  /* serve */

/* Takes one message, and rests with it: struct actor_server *. */
void actor_hold(uint64_t server);

/* Counts for ever: volatile uint64_t *. */
void actor_spin(uint64_t counter);

/* Children that are clients, with the usual answer expected. */
#define CLIENT_OF(to, ...) \
    ((struct actor_client){ .address = (to), .message = { { __VA_ARGS__ } } })

/* Each word plus 1, as the servers above answer. */
struct kerne_words actor_answer(const struct kerne_words *message);
