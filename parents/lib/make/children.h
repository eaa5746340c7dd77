/*
 * The children of a parent: what each was given, where it stands, and whether
 * a text of it is held.  The table is bounded, and nothing in it grows by
 * what a child does.
 *
 * What returns bool says by false that it was refused, and has then done
 * nothing; why stands in the parent's `refusal`, as a clause.
 *
 *   C1  names and numbers in the table are unique
 *   C2  a child's run is lent to it from creation until it is removed; then
 *       it is free again, and so is everything that was granted
 *   C3  a removed child's text, if one was held, has been answered, and none
 *       of its messages is left in the parent's event queue: its number can be
 *       used again at once
 *   C4  a child that broke, gave up or finished is suspended by a stop, and the
 *       message that said so has been answered
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <accounts.h>
#include <archive.h>
#include <devices.h>
#include <loader.h>
#include <storage.h>

struct parent;

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
    uint64_t server; /* of a pseudo process: an address */
    uint64_t use;    /* of one: its message to a store, if it stands for an
                           * area in use; 0: it does not */
    uint64_t entries, segments, is_given; /* claims on a store; it has them */
    uint64_t text_buffer; /* its text to the operator; 0: none is held */
    uint64_t text_bytes;  /* of it, as it was sent */
    uint64_t text_end;    /* it is printed when the console is that far */
    uint64_t status;      /* of finis */
    bool is_own; /* the parent needs it itself, as a driver or as a name */
};

struct children {
    struct child table[CHILDREN_MAX];
};

/* Why something was refused, for who knows a remedy. */
enum child_refusal {
    REFUSED_PLAINLY, /* what is to be done, `refusal` says */
    REFUSED_NO_FILE,
    REFUSED_TOO_BIG,     /* the program, for the child's storage */
    REFUSED_LOAD_TABLES, /* the child has too few for the program */
};

struct child_order {
    const char *name;
    const uint64_t *number; /* null: the lowest that is free */
    uint64_t bytes;         /* of storage, rounded up to at least one page */
    uint64_t buffers, processes, tables;
    uint64_t mask, share;
    struct kerne_range image;       /* lent to it with its program; or empty */
    struct kerne_range device_tree; /* the same */
};

/* Creates a child with horizon 1 (it sees its siblings) from what the parent
 * has, which keeps `buffers_kept` message buffers. */
bool child_create(struct parent *parent, const struct child_order *order,
                  struct child **ret_child);

/* Window tables for a child with so much storage, the image and device tree
 * lent to it or not, a device, and children of its own. */
uint64_t child_tables(const struct child_order *order);

/* Declares a name whose messages go to `server`, an address as the parent
 * sees it. */
bool child_create_pseudo(struct parent *parent, const char *name,
                         uint64_t server, struct child **ret_child);

/* The same, with the lowest number from `least` on that is free. */
bool child_create_numbered(struct parent *parent, const char *name,
                           uint64_t least, uint64_t server,
                           struct child **ret_child);

/* Lets an existing name stand for another server; its address stays. */
bool child_point_pseudo(struct parent *parent, struct child *pseudo,
                        uint64_t server);

/* Finds the file that a command names by its first word; *ret_arguments is
 * what follows. */
bool child_find_file(struct parent *parent, const char *command,
                     struct archive_member *ret_file,
                     const char **ret_arguments);

/* Is that a name for a process? */
bool child_is_name(struct parent *parent, const char *name);

/* Loads the program that a command names into a child that was created and
 * not started yet. */
bool child_load(struct parent *parent, struct child *child,
                const char *command);

/* The same of a file that is not in the image, in parts.  The first word of a
 * command, and what follows. */
const char *child_words(const char *command,
                        char ret_file[ARCHIVE_NAME_BYTES + 1]);

/* Is that a program, as far as its first bytes tell, which are there? */
bool child_check_file(struct parent *parent, const char *name,
                      const uint8_t *file, uint64_t there, uint64_t bytes,
                      struct executable *ret_program);

/* Has the child room for the program and its arguments? */
bool child_suits(struct parent *parent, const struct child *child,
                 const char *file, const struct executable *program,
                 const char *arguments);

/* Loads it; file: as in a loader_order. */
bool child_load_program(struct parent *parent, struct child *child,
                        const uint8_t *file, const struct executable *program,
                        const char *arguments);

/* Which devices the parent has: what its own parent has lent it may be more, or
 * less, than it was. */
void parent_learn_devices(struct parent *parent);

/* The name of who has the device. */
const char *device_holder(struct parent *parent, const struct device *device);

/* Lends a device that nobody has; and, if the child could not see it otherwise,
 * presents the interrupt line to all children, until the device is taken back
 * (devices.h), by this or with its holder's removal. */
bool child_lend(struct parent *parent, struct child *child,
                struct device *device);
uint64_t child_take_back(struct parent *parent, struct device *device);

/* Starts one that is loaded or stopped; one that is broken tries again, at its
 * pc as it now is. */
bool child_start(struct parent *parent, struct child *child);

/* Stops one that was started, with all that is below it. */
bool child_stop(struct parent *parent, struct child *child);

/* Removes a child and all that is below it, takes back its devices and its
 * storage, answers what is held of it, drops what it had queued, and has the
 * console learn of it. */
bool child_remove(struct parent *parent, struct child *child);

/* The child of this name, number or reference; null: none. */
struct child *child_named(struct children *children, const char *name);
struct child *child_numbered(struct children *children, uint64_t number);
struct child *child_referred(struct children *children, uint64_t reference);

/* The child behind another one in the table (null: the first); null: no
 * more. */
struct child *child_next(struct children *children, const struct child *before);

/* Invariant A2 of accounts.h for one claim: what the table says was granted. */
uint64_t children_granted(struct children *children, enum kerne_claim claim);
