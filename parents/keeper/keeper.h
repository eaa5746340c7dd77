/*
 * The crash keeper, in one structure.
 *
 * It keeps wards: programs under names, each with a rule for the case that it
 * dies.  A ward's number among the keeper's children is that of its entry, so
 * whoever is started anew is found by its old clients at its old address.
 *
 *   K1  the ward in place i has child number WARD_NUMBER + i, as long as it is
 *       kept; nobody else gets it
 *   K2  a ward has a child exactly while it runs
 *   K3  what a dead one left is the keeper's storage, lent to nobody
 */
#ifndef KEEPER_H
#define KEEPER_H

#include "remains.h"
#include "rule.h"

#include <small.h>

#define WARDS 24
#define WARD_NUMBER 8 /* below are the names that the keeper presents */
/* Message buffers that it never gives away, nor uses for its door: one to
 * listen, one to speak, one for the clock. */
#define KEEPER_BUFFERS 3

enum ward_state {
    WARD_NONE,   /* the entry is free */
    WARD_RUNS,   /* see `child` */
    WARD_PAUSES, /* see `pause_buffer` */
    WARD_DEAD,   /* and stays so */
    WARD_DONE,   /* it has finished with status 0 */
};

struct ward {
    enum ward_state state;
    char name[KERNE_NAME_BYTES];
    char program[WORDS_BYTES]; /* its file, a blank, its arguments */
    struct rule rule;
    struct rule_history history;
    uint64_t bytes, buffers, processes; /* what it gets each time */
    struct child *child;
    uint64_t pause_buffer; /* of the message to the clock */
    uint64_t since;        /* it lives, in ticks */
    uint64_t deaths;
    struct remains remains; /* of the last one that died */
};

struct keeper {
    struct small small;
    struct ward ward[WARDS];
    struct ward *door; /* who gets what is sent to the keeper; null: nobody */
    bool ending;
};

#endif
