/*
 * Descriptors: the numbers under which a process has its open files.
 *
 *   F1  the lowest free number is given, from where it is asked
 *   F2  after a fork both have the same table, until one of the two changes it;
 *       with CLONE_FILES it is shared, and stays so until one of them runs
 *       another program
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <files/file.h>

struct process;

#define DESCRIPTORS_BLOCK 64
#define DESCRIPTORS_BLOCKS 16
#define DESCRIPTORS (DESCRIPTORS_BLOCK * DESCRIPTORS_BLOCKS)

struct descriptors {
    uint32_t users; /* of whom only one changes it, unless it is shared */
    bool is_shared;
    struct file **block[DESCRIPTORS_BLOCKS]; /* null: none of it is in use */
    uint64_t used[DESCRIPTORS_BLOCKS];       /* bit n: number n is in use */
    uint64_t closed_by_exec[DESCRIPTORS_BLOCKS];
    uint32_t most; /* numbers that are given are below */
    uint32_t hard; /* and this may be `most` again */
};

/* An empty table with one user; null: no frame is left. */
struct descriptors *descriptors_make(void);

/* The same for a new process, for good if `is_shared`.  Null: no frame is left.
 */
struct descriptors *descriptors_use(struct process *p, bool is_shared);
void descriptors_drop(struct descriptors *d);

/* At exec. */
void descriptors_execute(struct process *p);

/* The file of a number; null: it has none. */
static inline struct file *descriptor_file(const struct descriptors *d,
                                           uint64_t number)
{
    return number < DESCRIPTORS && d->used[number / 64] >> number % 64 & 1
               ? d->block[number / 64][number % 64]
               : NULL;
}

/* The same; null also of one that only stands for a path, by O_PATH. */
static inline struct file *descriptor_opened(const struct descriptors *d,
                                             uint64_t number)
{
    struct file *file = descriptor_file(d, number);
    return file == NULL || file->flags & LINUX_O_PATH ? NULL : file;
}

/* Is there a number for one more?  Before anything is done for it. */
bool descriptors_are_left(const struct process *p);

/* Gives a file the lowest number that is free, at least `from`, or exactly this
 * number; the use of the file is the descriptor's from then on.  The number, or
 * an error; then the use has been dropped.  The file may be null, as where no
 * frame was left to make it: -LINUX_ENOMEM. */
long descriptor_put(struct process *p, struct file *file, uint64_t from,
                    bool is_closed_by_exec);
long descriptor_put_at(struct process *p, struct file *file, uint64_t number,
                       bool is_closed_by_exec);

/* Limits the numbers that are given from now on; `most` <= `hard` <=
 * DESCRIPTORS.  0, or -LINUX_ENOMEM. */
long descriptors_limit(struct process *p, uint64_t most, uint64_t hard);

/* Gives both a number, which are written to an address of the program's; or
 * neither, and an error. */
long descriptor_put_both(struct thread *t, struct file *a, struct file *b,
                         uint64_t address, bool is_closed_by_exec);

long descriptor_close(struct process *p, uint64_t number);

/* Is it closed by exec?  For a number that has a file.  Set: 0 or an error. */
bool descriptor_is_closed_by_exec(const struct descriptors *d, uint64_t number);
long descriptor_set_closed_by_exec(struct process *p, uint64_t number, bool is);
