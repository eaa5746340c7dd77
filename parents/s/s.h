/*
 * The basic operating system s, in one structure.
 *
 * s is an ordinary process.  All that it has it learns from its start record,
 * from what the nucleus says of its own claims, and by looking up names; so it
 * runs under any parent, itself included, and at any depth.  It waits for
 * nothing but the next event, whatever its children do.
 */
#pragma once

#include <catalog.h>
#include <skeleton.h>
#include <words.h>

/* Room for what s itself says at one time (a long list), and one text and one
 * report of each child. */
#define S_TEXT_BYTES (48 * 1024)

/* Message buffers that s never gives away, so that it can always talk. */
#define S_BUFFERS 8

/* What the operator is preparing: the next process to be created. */
struct description {
    char name[KERNE_NAME_BYTES];        /* empty: nothing is being prepared */
    struct child_order order;           /* tables 0: as many as it will need */
    uint64_t entries, segments;         /* of the store's, given to it */
    uint64_t keep;                      /* it stays when it has finished */
    uint64_t image;                     /* the boot image is lent to it */
    char program[KERNE_LINE_BYTES + 1]; /* its file, a blank, its arguments */
};

struct system {
    struct parent parent;
    struct description made_of[CHILDREN_MAX]; /* of each child, by its entry */

    struct child *console; /* the name `console` among the children */

    struct words line;     /* what is left of the operator's line */
    const char *command;   /* the one that is performed */
    bool line_was_read;    /* it is being performed */
    bool line_is_argument; /* it was not typed */
    bool line_has_said;    /* a command of it has printed something */
    uint64_t line_held;    /* bytes of one that came meanwhile; 0: none */
    uint64_t told;         /* bytes that answer no line, since the beginning */
    uint64_t line_end;     /* printed when the console is that far */
    struct description description;
    struct child *chosen; /* null: the description, not created yet */
    struct child *making; /* by this line: not left behind if it fails; or
                           * null */
    struct catalog catalog;
    bool halting;
    bool is_unflushed; /* the store among its children, then */
    bool is_late;      /* it has said that it waits for that */
    bool left;         /* the operator is passed back */
};
extern struct system s;

/* The description that a child was made of. */
static inline struct description *made_of(const struct child *child)
{
    return &s.made_of[child - s.parent.children.table];
}

/* ---- for commands -------------------------------------------------------- */

#define say(...) parent_say(&s.parent, __VA_ARGS__)

/* Says what has happened beside; a line that is only answered so is answered
 * `ready`, too. */
#define tell(...)                                       \
    (s.told -= s.parent.console.said, say(__VA_ARGS__), \
     s.told += s.parent.console.said)

/* Says why a command is refused, and ends the line.  Always false, so that a
 * command can return it. */
#define refuse(...) done(parent_refuse(&s.parent, REFUSED_PLAINLY, __VA_ARGS__))

/* The same, of what the library has refused, with the remedy; true, and nothing
 * said, if it is done. */
bool done(bool is_done);

/* The next word of the line, or a number, or a refusal that says that `what`
 * is missing; then null, or false. */
const char *take_word(const char *what);
bool take_number(const char *what, uint64_t *ret_number);
