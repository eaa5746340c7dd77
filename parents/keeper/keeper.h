/*
 * The crash keeper, in one structure.
 *
 * It keeps services: programs under names, each with a rule for the case that
 * it dies.  A service's number among the keeper's children is that of its
 * entry, so whoever is started anew is found by its old clients at its old
 * address.
 *
 *   K1  the service in entry i has child number SERVICE_NUMBER + i, as long as
 *       it is kept; nobody else gets it
 *   K2  a service runs while it has a child, pauses while the clock has its
 *       message, never both; else it is dead, or has finished
 *   K3  what a dead one left is the keeper's storage, lent to nobody
 *   K4  what is passed on leaves the keeper the buffers that it needs to listen
 *       and to speak
 */
#pragma once

#include "post_mortem.h"
#include "rule.h"

#include <skeleton.h>

#define SERVICES 24
#define SERVICE_NUMBER 8 /* below are the names that the keeper presents */

struct service {
    char name[KERNE_NAME_BYTES];        /* empty: the entry is free */
    char program[KERNE_LINE_BYTES + 1]; /* its file, a blank, its arguments */
    struct rule rule;
    struct rule_history history;
    uint64_t bytes, buffers, processes; /* what it gets each time */
    uint64_t line;       /* of its device, which it gets, too; 0: it has none */
    struct child *child; /* null: it does not run */
    uint64_t pause_buffer; /* 0: it does not pause */
    bool has_finished;     /* with status 0 */
    uint64_t since;        /* it lives, in ticks */
    uint64_t deaths;
    struct post_mortem post_mortem; /* of the last one that ended */
};

struct keeper {
    struct parent parent;
    struct service service[SERVICES];
    struct service *door; /* who gets what is sent to the keeper; or null */
    bool ending;
};
extern struct keeper keeper;

#define say(...) parent_say(&keeper.parent, __VA_ARGS__)
