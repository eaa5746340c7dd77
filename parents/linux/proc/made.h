/*
 * Files that nobody stored: what they say is made when they are read, out of
 * tables of rows.
 *
 *   M1  a made node is made for each path that leads to it, and has a use of
 *       its folder; the roots are stored, and have their row only
 *   M2  what a row tells of a process ends with the process: then nothing is
 *       found there, and what is open answers ESRCH
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <files/node.h>

struct process;

/* What a file comes to say. */
struct text {
    struct content *content;
    bool has_failed; /* no frame was left */
};

/* Adds bytes, or what printf would say, of which up to a path's length. */
void text_add(struct text *text, const char *bytes, uint64_t count);
__attribute__((format(printf, 2, 3))) void text_say(struct text *text,
                                                    const char *format, ...);

/* What a row is asked about. */
struct subject {
    struct process *process; /* null: the system, or it has ended */
    uint32_t number;         /* by which the node, or one above it, is named */
};

struct row;

/* The rows of a folder whose names are numbers. */
struct numbered {
    /* The least number there is from *number on; false: there is none. */
    bool (*next)(const struct process *p, uint32_t *number);
    const struct row *row; /* of each, without a name */
    bool is_process;       /* the number is that of a process */
};

struct row {
    const char *name;
    uint32_t mode;
    /* Of a folder, up to one without a name; and others. */
    const struct row *rows;
    const struct numbered *numbered; /* null: none */
    /* Of a file. */
    const char *words; /* null: `text` has them */
    void (*text)(struct text *text, const struct subject *of);
    long (*set)(struct process *p, const char *bytes, uint64_t count);
    /* Of a link; where it leads may have no path: with a use, or null. */
    long (*target)(struct thread *t, const struct subject *of, char *ret_text,
                   size_t room);
    struct node *(*follow)(struct thread *t, const struct subject *of);
};

#define ROW_FOLDER (LINUX_S_FOLDER | 0555)
#define ROW_FILE (LINUX_S_FILE | 0444)
#define ROW_LINK (LINUX_S_LINK | 0777)

/* Puts what a row has at a name of the root.  False: no frame is left. */
bool made_mount(const char *name, const struct row *row);

/* What /proc/kerne says. */
void say_accounts(struct text *text, const struct subject *of);

/* /proc, and what in it is of a process; /sys. */
extern const struct row proc_root, proc_of_process, sys_root;
