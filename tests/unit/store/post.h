/*
 * The nucleus of a store whose messages come from a test: it knows who sent
 * what, who is gone, and what was answered.  The test has kerne_general_copy().
 */
#pragma once

#include "rig.h"

#include <clients.h>
#include <medium.h>

#define LETTERS 64 /* messages without an answer, at most */

/* Message buffers, by number - 1. */
struct letter {
    bool is_held; /* by the store */
    bool is_gone; /* its sender is */
    uint64_t sender;
    uint64_t result; /* of the answer; 0: there is none yet */
    struct kerne_words answer;
};

extern struct letter letters[LETTERS];

/* A rig whose work is that of messages. */
struct rig *post_rig(uint32_t pages, uint32_t entries);

struct letter *letter_of(uint64_t buffer);

/* The sibling of a number is called k and that digit. */
char digit_of(const struct letter *letter);

/* Sends a message; null: there is no buffer for it. */
struct letter *post_send(uint64_t sender, const struct kerne_words *words);

/* All that came from here is now that of one who is gone. */
void post_dies(uint64_t address);
