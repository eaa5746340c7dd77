/*
 * Open files: what descriptors stand for.
 *
 *   D1  a file has as many users as there are descriptors for it, and calls
 *       that hold it
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <files/node.h>
#include <memory/space.h>
#include <waiting/wait.h>

struct file;
struct thread;
struct watch;

/* Bytes on their way to a program or from it, or to this system itself. */
struct transfer {
    struct space *space;     /* null: this system's own */
    uint64_t address, bytes; /* where, and how many are left */
};

/* Moves as many bytes on; 0 or -LINUX_EFAULT. */
long transfer_put(struct transfer *to, const void *from, uint64_t bytes);
long transfer_get(struct transfer *from, void *to, uint64_t bytes);
long transfer_clear(struct transfer *to, uint64_t bytes); /* zeros */

/* How many of `most` bytes lie in the page where it goes on: a program may have
 * no more of them. */
static inline uint64_t transfer_part(const struct transfer *t, uint64_t most)
{
    uint64_t rest = KERNE_PAGE - t->address % KERNE_PAGE;
    if (most > t->bytes) { most = t->bytes; }
    return t->space == NULL || most < rest ? most : rest;
}

/* What a kind of file does; null: it cannot.  Nothing waits here: -LINUX_EAGAIN
 * says that it cannot be done now, and the caller waits in `queue`. */
struct file_kind {
    /* From `*position` on, which moves, if the kind has positions.  The number
     * of bytes, or an error. */
    long (*read)(struct file *file, struct transfer *to, uint64_t *position);
    long (*write)(struct file *file, struct transfer *from, uint64_t *position);
    long (*control)(struct file *file, struct thread *t, uint64_t request,
                    uint64_t argument);
    /* LINUX_POLL bits that are so now. */
    unsigned (*ready)(struct file *file);
    /* Woken when that of these bits may have changed. */
    struct queue *(*queue)(struct file *file, unsigned bits);
    void (*end)(struct file *file);
    void (*fewer)(struct file *file); /* users, but still some; or null */
    const char *name; /* for /proc: "pipe"; null: it has a path */
    bool has_position;
};

struct file {
    uint32_t users;
    uint32_t flags; /* LINUX_O_* */
    uint64_t position;
    const struct file_kind *kind;
    struct node *node;     /* null: none */
    void *own;             /* the kind's */
    struct watch *watches; /* by which epolls watch it; null: none do */
    struct lock *locks;    /* that are its own; null: none */
};

/* A file with one user, which has a use of the node (null: none).  Null: no
 * frame is left. */
struct file *file_make(const struct file_kind *kind, uint32_t flags,
                       struct node *node);

/* The same without a node, with a cleared record of so many bytes as its own,
 * which the kind's `end` returns to the pool. */
struct file *file_make_with(const struct file_kind *kind, uint32_t flags,
                            uint64_t bytes);

/* How many there are. */
uint64_t files_open(void);

static inline void file_use(struct file *file) { file->users++; }
void file_drop(struct file *file);

/* Opens a node: its kind follows from the node. */
long file_open(struct thread *t, struct node *node, uint32_t flags,
               struct file **ret_file);

/* LINUX_POLL bits that are so now; a kind that does not say is always ready. */
static inline unsigned file_ready(struct file *file)
{
    return file->kind->ready == NULL ? LINUX_POLLIN | LINUX_POLLOUT
                                     : file->kind->ready(file);
}

static inline bool file_is_readable(const struct file *file)
{
    return (file->flags & LINUX_O_ACCESS) != LINUX_O_WRONLY;
}

static inline bool file_is_writable(const struct file *file)
{
    return (file->flags & LINUX_O_ACCESS) != LINUX_O_RDONLY;
}

extern const struct file_kind stored_file, folder_file;

/* A character device of this number; null: there is none. */
const struct file_kind *device_kind(uint64_t special);
