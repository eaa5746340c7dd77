/*
 * The children of a parent: what each was given, where it stands, and whether
 * a text of it is held.  The table is bounded, and nothing in it grows by
 * what a child does.
 *
 *   C1  names and numbers in the table are unique
 *   C2  a child's run is lent to it from creation until it is removed; then
 *       it is free again, and so is everything that was granted
 *   C3  a removed child's text, if one was held, has been answered, and none
 *       of its messages is left in the parent's event queue: its number can be
 *       used again at once
 *   C4  a child that broke, gave up or finished is suspended by a stop, and the
 *       message that said so has been answered
 */
#ifndef CHILDREN_H
#define CHILDREN_H

#include <accounts.h>
#include <devices.h>
#include <loader.h>
#include <storage.h>

#define CHILDREN_MAX 64

enum child_state {
    CHILD_NONE,    /* the entry is free */
    CHILD_CREATED, /* no program yet */
    CHILD_LOADED,  /* not started yet */
    CHILD_STARTED,
    CHILD_STOPPED,  /* by its parent */
    CHILD_BROKEN,   /* stopped where it broke */
    CHILD_GAVE_UP,  /* stopped: it said "give up" */
    CHILD_FINISHED, /* stopped: it said "finis" */
    CHILD_PSEUDO,   /* no process but a name; see `server` */
};

struct child {
    enum child_state state;
    char name[KERNE_NAME_BYTES];
    uint64_t reference;
    uint64_t number;
    struct storage_run run;
    struct kerne_range image;       /* to be lent with the program; or empty */
    struct kerne_range device_tree; /* the same */
    uint64_t base;                  /* what it has at run.first, once loaded */
    uint64_t granted[ACCOUNTS];
    uint64_t server;      /* of a pseudo process: an address */
    uint64_t text_buffer; /* its text to the operator; 0: none is held */
    uint64_t text_bytes;  /* of it, as it was sent */
    uint64_t status;      /* of finis */
};

struct children {
    struct child table[CHILDREN_MAX];
};

/* Refusals that are the parent's own, beside those of enum kerne_result. */
enum child_refusal {
    CHILD_r_no_storage = 256, /* no free run is long enough */
    CHILD_r_table_full = 257,
};

struct child_order {
    const char *name;
    const uint64_t *number; /* null: the lowest that is free */
    uint64_t bytes;         /* of storage */
    uint64_t buffers, processes, tables;
    uint64_t mask, share;
    struct kerne_range image;       /* lent to it with its program; or empty */
    struct kerne_range device_tree; /* the same */
};

/* Creates a child with horizon 1 (it sees its siblings) from what the parent
 * has.  The result: normal, of the nucleus, or of enum child_refusal. */
uint64_t child_create(struct children *children, struct storage *storage,
                      const struct child_order *order,
                      struct child **ret_child);

/* Declares a name whose messages go to `server`, an address as the parent
 * sees it. */
uint64_t child_create_pseudo(struct children *children, const char *name,
                             uint64_t server, struct child **ret_child);

/* Lets an existing name stand for another server; its address stays. */
uint64_t child_point_pseudo(struct child *pseudo, uint64_t server);

/* Loads a program into a child that was created and not started yet. */
struct loader_report child_load(struct child *child, const uint8_t *file,
                                uint64_t bytes, const char *arguments,
                                uint64_t ticks_per_second);

/* Starts one that is loaded or stopped; one that is broken tries again, at its
 * pc as it now is. */
uint64_t child_start(struct child *child);

/* Stops one that was started, with all that is below it. */
uint64_t child_stop(struct child *child);

/* Removes a child and all that is below it, takes back its devices and its
 * storage, answers what is held of it, and drops what it had queued. */
uint64_t child_remove(struct child *child, struct storage *storage,
                      struct devices *devices);

/* The child of this name, number or reference; null: none. */
struct child *child_named(struct children *children, const char *name);
struct child *child_numbered(struct children *children, uint64_t number);
struct child *child_referred(struct children *children, uint64_t reference);

/* Invariant A2 of accounts.h for one claim: what the table says was granted. */
uint64_t children_granted(const struct children *children,
                          enum account account);

#endif
