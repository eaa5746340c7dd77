/*
 * The tree of files: nodes, and the names under which folders have them.
 *
 *   N1  a node lives while it has names or users
 *   N2  names of one folder differ; `.` and `..` are none
 *   N3  a folder has one name, and a use of its parent, even when it has been
 *       removed; then it gets no more names
 *
 * All nodes are in storage; what a file has in the image stays there until it
 * is written.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <abi.h>
#include <files/content.h>
#include <stdbool.h>
#include <stddef.h>

struct node;
struct file;
struct lock;
struct file_kind;
struct thread;

/* A name in a folder. */
struct name {
    struct name *next_of_hash;
    struct name *next, *previous; /* in the folder, as they were made */
    struct node *folder, *node;
    uint64_t cookie; /* ascends in the folder */
    uint8_t length;
    char text[];
};

struct folder {
    struct name *first, *last;
    struct name *own;        /* null: it is the root, or has been removed */
    struct node *parent;     /* the root's is itself */
    uint32_t names, folders; /* in it; how many of the names are folders' */
    uint64_t next_cookie;
};

/* A node whose contents are made when they are asked for. */
struct node_kind {
    /* In a folder: the node of this name, with a use for the caller. */
    long (*find)(struct thread *t, struct node *folder, const char *name,
                 struct node **ret_node);
    /* The name and node number of the child behind `cookie`, and its cookie;
     * -LINUX_ENOENT: there are no more. */
    long (*list)(struct thread *t, struct node *folder, uint64_t *cookie,
                 char ret_name[LINUX_NAME_BYTES], uint32_t *ret_mode);
    /* A link's target: its length. */
    long (*target)(struct thread *t, struct node *node, char *ret_text,
                   size_t room);
    /* Where a link leads, perhaps without a name, with a use; null: it goes by
     * target. */
    struct node *(*follow)(struct thread *t, struct node *node);
    /* A node without a stored name: its name, and its folder; null: it has
     * none. */
    const struct node *(*name)(const struct node *node,
                               char ret_name[LINUX_NAME_BYTES]);
    /* Before the node goes. */
    void (*end)(struct node *node);
    const struct file_kind *file; /* of its files that are open */
};

struct node {
    uint32_t users, links;
    uint32_t mode, user, group;
    bool is_kept; /* in /store */
    uint64_t number;
    uint64_t special; /* of a device: which */
    struct linux_time accessed, modified, changed;
    const struct node_kind *kind; /* null: it is stored here */
    uint64_t kind_own[3];         /* that kind's; of none, the volume's */
    struct name *own_name;        /* one of its names; null: none is known */
    void *channel;                /* of a fifo or a socket that is open */
    struct lock *locks;           /* of anybody's; null: none */
    union {
        struct content content;
        struct folder folder;
        struct {
            char *text;
            uint64_t length;
        } target; /* of a link */
    };
};

extern struct node *tree_root;

/* Makes an empty node with one user and no name; null: no frame is left. */
struct node *node_make(uint32_t mode);

/* It is in /store: what is done to it is written there. */
void node_keep(struct node *node);

static inline void node_use(struct node *node) { node->users++; }
void node_drop(struct node *node);

static inline bool node_is(const struct node *node, uint32_t kind)
{
    return (node->mode & LINUX_S_KIND) == kind;
}

/* The bytes of a file; null: it has none. */
struct content *node_content(struct node *node);

/* The name in a folder; null: there is none. */
struct name *name_find(const struct node *folder, const char *text,
                       size_t length);

/* Gives a node a name, which the folder has not.  False: no frame is left. */
bool name_make(struct node *folder, const char *text, size_t length,
               struct node *node);

/* Takes a name away; the node may go with it. */
void name_remove(struct name *name);

/* Sets a link's target.  False: no frame is left. */
bool node_set_target(struct node *node, const char *text, size_t length);

/* A file is longer by zeros, or cut, also for those who have it in their space.
 * 0, -LINUX_EFBIG, or -LINUX_ENOMEM. */
long node_resize(struct node *node, uint64_t size);

/* The time has come to note: contents were changed; only what is noted of the
 * node was. */
void node_modified(struct node *node);
void node_changed(struct node *node);
