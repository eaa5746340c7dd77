/*
 * The basic operating system s, in one structure.
 *
 * s is an ordinary process.  All that it has it learns from its start record,
 * from what the nucleus says of its own claims, and by looking up names; so it
 * runs under any parent, itself included, and at any depth.  It waits for
 * nothing but the next event, whatever its children do.
 */
#ifndef SYSTEM_H
#define SYSTEM_H

#include "console.h"
#include "line.h"

#include <archive.h>
#include <children.h>
#include <parent_messages.h>

/* What the operator is preparing: the next process to be created. */
struct description {
    char name[KERNE_NAME_BYTES]; /* empty: nothing is being prepared */
    uint64_t bytes;              /* of storage */
    uint64_t buffers, processes;
    uint64_t tables; /* 0: as many as storage and processes will need */
    uint64_t mask;
    uint64_t share;
    bool keep;                          /* it stays when it has finished */
    bool image;                         /* the boot image is lent to it */
    char program[KERNE_LINE_BYTES + 1]; /* its file, a blank, its arguments */
};

/* What s notes about a child, beside the library's table. */
struct note {
    struct description description; /* that it was made of */
    bool keep;
    uint64_t text_end; /* its text is printed when the console is that far */
};

struct system {
    const struct kerne_start *start;
    struct archive image;
    char name[KERNE_NAME_BYTES]; /* its own */
    uint64_t mask;               /* its own function mask */
    uint64_t clock;              /* where the clock is */
    struct devices devices;
    struct storage storage;
    struct children children;
    struct note note[CHILDREN_MAX]; /* of the child in the same place */

    struct child *terminal;          /* the driver; null: there was a console */
    struct child *presented_console; /* the name `console` among the children */
    uint64_t restarts;               /* of the driver, in quick succession */
    uint64_t restarted_at;           /* the last one, in ticks */

    struct console console;
    struct line line;      /* what is left of the operator's line */
    bool line_was_read;    /* it is being performed */
    bool line_is_argument; /* it was not typed */
    bool line_has_said;    /* a command of it has printed something */
    uint64_t line_end;     /* printed when the console is that far */
    struct description description;
    struct child *chosen; /* null: the description, not created yet */
    bool halting;
    bool left; /* halting, and the operator is passed back */
};

/* Message buffers that s never gives away, so that it can always talk. */
#define SYSTEM_BUFFERS 6

#endif
