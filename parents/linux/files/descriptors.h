/*
 * Descriptors: the numbers under which a process has its open files.
 *
 *   F1  the lowest free number is given, from where it is asked
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <files/file.h>

#define DESCRIPTORS_BLOCK 64
#define DESCRIPTORS_BLOCKS 16
#define DESCRIPTORS (DESCRIPTORS_BLOCK * DESCRIPTORS_BLOCKS)

struct descriptors {
    uint32_t users;
    struct file **block[DESCRIPTORS_BLOCKS]; /* null: none of it is in use */
    uint64_t used[DESCRIPTORS_BLOCKS];       /* bit n: number n is in use */
    uint64_t closed_by_exec[DESCRIPTORS_BLOCKS];
    uint32_t most; /* numbers are below */
};

/* A copy with one user (null: of nothing); null: no frame is left. */
struct descriptors *descriptors_copy(const struct descriptors *from);
static inline void descriptors_use(struct descriptors *d) { d->users++; }
void descriptors_drop(struct descriptors *d);
void descriptors_execute(struct descriptors *d);

/* The file of a number; null: it has none. */
static inline struct file *descriptor_file(const struct descriptors *d,
                                           uint64_t number)
{
    return number < DESCRIPTORS && d->used[number / 64] >> number % 64 & 1
               ? d->block[number / 64][number % 64]
               : NULL;
}

/* Gives a file the lowest number that is free, at least `from`, or exactly this
 * number; the use of the file is the descriptor's from then on.  The number, or
 * an error; then the use has been dropped. */
long descriptor_put(struct descriptors *d, struct file *file, uint64_t from,
                    bool is_closed_by_exec);
long descriptor_put_at(struct descriptors *d, struct file *file,
                       uint64_t number, bool is_closed_by_exec);

long descriptor_close(struct descriptors *d, uint64_t number);
