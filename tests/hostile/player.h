/*
 * Processes that make random calls, as a seed wants, and put into the journal
 * what each has given; see equality.c.
 *
 * They share the program's storage, and know of each other from there.
 */
#pragma once

#include "registers.h"

#include <dice.h>
#include <family.h>

#define PLAYER_METRONOMES 2

/* Places, which are child numbers, too. */
enum {
    PLAYER_ROOT,
    PLAYER_METRONOME,
    PLAYER_DRIVER = PLAYER_METRONOME + PLAYER_METRONOMES,
    PLAYER_FIRST, /* of those that player_make makes */
    PLAYERS = 18,
};

#define PLAYER_DEPTH 4 /* the root's is 0 */
#define PLAYER_KEPT 4

struct player {
    struct player *parent; /* null: the root's, or of a free place */
    uint64_t number;
    uint64_t depth;
    uint64_t reference;
    uint64_t mask;
    uint64_t horizon;
    void (*run)(uint64_t number);
    bool floats; /* it uses floating point */
    bool stores; /* now and then it makes the UART interrupt */
    struct dice dice;
    uint64_t calls;             /* that it has made */
    uint64_t calls_seen;        /* by the root, at its last look */
    uint64_t idle;              /* looks in a row at which there was no more */
    uint64_t held[PLAYER_KEPT]; /* messages that it may have to answer */
    uint64_t sent[PLAYER_KEPT]; /* and that it may have sent */
    uint64_t area[PLAYER_KEPT]; /* granted, or copied to */
    volatile uint8_t nothing;   /* where a store does nothing */
    struct register_file before;
    struct register_file after;
};

extern struct player players[PLAYERS];

/* A call: a0, t2 and the words; all other registers are marks.  What came back
 * is in p->after, and in the journal. */
void player_call(struct player *p, uint64_t function, uint64_t a0, uint64_t t2,
                 const struct kerne_words *words);
uint64_t player_result(const struct player *p);

/* Makes and starts one in this place; false: it could not be. */
bool player_make_at(uint64_t place, struct player *parent,
                    void (*run)(uint64_t number));

/* One that makes random calls, in a free place. */
void player_make(struct player *parent);

/* Removes it; its place, and those of all below, are free. */
void player_remove(struct player *p, struct player *by);

/* Stops it, lets it begin anew, and starts it. */
void player_begin_anew(struct player *p, struct player *by);

/* Ends a break that `by` has received, in some way. */
void player_end_break(struct player *by, uint64_t buffer);

/* Keeps a message that p is to answer, in the place of another that it answers
 * then. */
void player_hold(struct player *p, uint64_t buffer);

/* Sends a random message to any place in sight, and withdraws another. */
void player_send(struct player *p);
void player_regret(struct player *p);
