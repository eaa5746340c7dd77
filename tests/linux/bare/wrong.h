/*
 * For wrong.c: calls, and of what kind each argument is.  The table is
 * wrong.def; its numbers are of parents/linux/calls/table.def.
 */
#pragma once

#include "bare.h"

/* Descriptors that each call finds open. */
enum {
    AT_FILE = 40, /* to read and to write, as all that are not said otherwise */
    AT_READING,   /* a file, to read alone */
    AT_WRITING,   /* a file, to write alone */
    AT_PATH,      /* a file, by O_PATH */
    AT_FOLDER,
    AT_PIPE_OUT, /* where one reads; there are 16 bytes in it */
    AT_PIPE_IN,
    AT_SOCKET, /* joined to AT_PEER; there are 16 bytes to read */
    AT_PEER,
    AT_LONE,     /* a socket without a name */
    AT_NAMED,    /* a socket with a name */
    AT_LISTENER, /* a socket with one that waits: AT_CLIENT */
    AT_CLIENT,
    AT_SINGLE, /* a socket for datagrams, with a name */
    AT_EPOLL,  /* AT_PIPE_IN is ready in it */
    AT_EVENT,
    AT_NULL,
    AT_TERMINAL, /* the outer side of a pair */
    AT_OWN,      /* what the row's `before` makes */
    NOT_OPEN = 77,
};

enum kind {
    NONE,
    FIXED,   /* always right */
    NUMBER,  /* of which some are right */
    FLAGS,   /* bits */
    LENGTH,  /* of what a pointer before it leads to */
    SIZE,    /* of a structure: there is one that is right */
    SIGNAL,  /* its number */
    ID,      /* of a process */
    ADDRESS, /* of pages */
    FILE,    /* a descriptor */
    FOLDER,  /* a descriptor of one, or AT_FDCWD */
    PATH,
    IN,  /* leads to what is read */
    OUT, /* leads to what is written, or both */
};

/* A word of a structure that is wrong: its number, and its value. */
struct change {
    const char *name;
    long word, value;
};

struct argument {
    enum kind kind;
    long right; /* of IN and OUT how many bytes */
    const void *record;
    const struct change *changes; /* ends with one without a name */
};

struct row {
    const char *name;
    long number;
    void (*before)(void); /* null: nothing is to be done before */
    struct argument argument[6];
};

#define SELF (-1000) /* the id of who calls */

#define FIXED(value)               \
    {                              \
        FIXED, (long)(value), 0, 0 \
    }
#define NUMBER(value)       \
    {                       \
        NUMBER, value, 0, 0 \
    }
#define FLAGS(value)       \
    {                      \
        FLAGS, value, 0, 0 \
    }
#define LENGTH(value)       \
    {                       \
        LENGTH, value, 0, 0 \
    }
#define SIZE(value)       \
    {                     \
        SIZE, value, 0, 0 \
    }
#define SIGNAL(value)       \
    {                       \
        SIGNAL, value, 0, 0 \
    }
#define ID(value)       \
    {                   \
        ID, value, 0, 0 \
    }
#define ADDRESS(value)               \
    {                                \
        ADDRESS, (long)(value), 0, 0 \
    }
#define FILE(value)       \
    {                     \
        FILE, value, 0, 0 \
    }
#define FOLDER()           \
    {                      \
        FOLDER, HERE, 0, 0 \
    }
#define PATH(text)               \
    {                            \
        PATH, (long)(text), 0, 0 \
    }
#define IN(bytes, record)    \
    {                        \
        IN, bytes, record, 0 \
    }
#define OUT(bytes)       \
    {                    \
        OUT, bytes, 0, 0 \
    }
#define BOTH(bytes, record)   \
    {                         \
        OUT, bytes, record, 0 \
    }
#define IN_CHANGED(bytes, record, changes) \
    {                                      \
        IN, bytes, record, changes         \
    }
#define BOTH_CHANGED(bytes, record, changes) \
    {                                        \
        OUT, bytes, record, changes          \
    }
