/*
 * The crash keeper, in one structure.
 *
 * It keeps services: programs under names, each with a rule for the case that
 * it dies.  A service's number among the keeper's children is that of its
 * entry, so
 * whoever is started anew is found by its old clients at its old address.
 *
 *   K1  the service in entry i has child number SERVICE_NUMBER + i, as long as
 *       it is kept; nobody else gets it
 *   K2  a service has a child exactly while it runs
 *   K3  what a dead one left is the keeper's storage, lent to nobody
 */
#pragma once

#include "post_mortem.h"
#include "rule.h"

#include <skeleton.h>

#define SERVICES 24
#define SERVICE_NUMBER 8 /* below are the names that the keeper presents */
enum service_state {
    SERVICE_NONE,   /* the entry is free */
    SERVICE_RUNS,   /* see `child` */
    SERVICE_PAUSES, /* see `pause_buffer` */
    SERVICE_DEAD,   /* and stays so */
    SERVICE_DONE,   /* it has finished with status 0 */
};

struct service {
    enum service_state state;
    char name[KERNE_NAME_BYTES];
    char program[KERNE_LINE_BYTES + 1]; /* its file, a blank, its arguments */
    struct rule rule;
    struct rule_history history;
    uint64_t bytes, buffers, processes; /* what it gets each time */
    struct child *child;
    uint64_t pause_buffer; /* of the message to the clock */
    uint64_t since;        /* it lives, in ticks */
    uint64_t deaths;
    struct post_mortem post_mortem; /* of the last one that died */
};

struct keeper {
    struct parent parent;
    struct service service[SERVICES];
    struct service *door; /* who gets what is sent to the keeper; or null */
    bool ending;
};
extern struct keeper keeper;

#define say(...) parent_say(&keeper.parent, __VA_ARGS__)
