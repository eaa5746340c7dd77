/*
 * The four ways of a conversation: each side by the one call that there is for
 * it, or by the two that this stands for.  So each test of them is done in each
 * way.
 */
#pragma once

#include "actor.h"
#include "harness.h"

struct way {
    bool converse; /* the client; else send message and wait answer */
    bool serve;    /* the server; else wait message and send answer */
};
extern struct way way; /* that of now */

/* Until it fails. */
void each_way(void (*test)(void));

/* TESTS(TEST) names all tests of a file once, each as TEST(function). */
#define WAY_FUNCTION(test) \
    static void test##_each_way(void) { each_way(test); }

/* Asks and gets the answer; or what kerne_send_message refuses with. */
uint64_t way_ask(uint64_t address, const struct kerne_words *message,
                 struct kerne_words *ret_answer);

/* The next event, when `last`, if it is not 0, has been answered so. */
struct kerne_received way_next(uint64_t last, const struct kerne_words *answer);

/* Actors (actor.h) that do it so. */
void way_client(uint64_t client);
void way_server(uint64_t server);

/* The server waits for a message. */
bool way_waits(const struct test_child *server);

/* The client has finished, and the server's actor has answered it. */
void way_answered(const struct test_child *child,
                  const struct actor_client *client);
