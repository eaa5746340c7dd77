/*
 * Paths: from a text to a node.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <files/node.h>

struct thread;

/* Where a path leads. */
struct place {
    struct node *folder; /* with a use; null: the path is a folder itself */
    struct node *node;   /* with a use; null: there is none of the name */
    struct name *name;   /* in the folder; null: none, or it is made as asked */
    char last[LINUX_NAME_BYTES]; /* its last name */
    bool wants_folder;           /* it ends in a slash */
};

enum {
    PATH_FOLLOW = 1, /* the last name's link, too */
    PATH_EMPTY = 2,  /* an empty one is the folder itself */
    PATH_NEW = 4,    /* with `/` behind it the last name may be what it is */
};

/* Follows the path at an address of the program's, from a folder's descriptor
 * on.  0, the place to be given back by place_end(); or an error.  That the
 * last name is not there is none. */
long path_find(struct thread *t, uint64_t folder, uint64_t path, unsigned flags,
               struct place *ret_place);

/* The same from a text of this system's own. */
long path_find_text(struct thread *t, struct node *from, const char *path,
                    unsigned flags, struct place *ret_place);

/* The node, with a use; or an error, also if there is none. */
long path_node(struct thread *t, uint64_t folder, uint64_t path, unsigned flags,
               struct node **ret_node);

/* A new node under the place's last name, which nobody has, with a use. */
long place_make(struct thread *t, const struct place *place, uint32_t mode,
                struct node **ret_node);

/* How a path is walked, by the LINUX_AT flags that all know, and `more`; or an
 * error. */
long path_flags(uint64_t flags, uint32_t more, unsigned *ret_how);

void place_end(struct place *place);

/* The path of a folder, or of a node by its name; its length, or
 * -LINUX_ENOENT, or -LINUX_ERANGE. */
long path_of_node(const struct node *node, char *ret_path, size_t room);
