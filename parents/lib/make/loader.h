/*
 * Puts a program into a child: from its file into a run of the parent's own
 * storage, with a start record behind it, windows for it in the child, and
 * the registers that a program begins with.
 *
 * The child sees the run from the program's first page on, without holes:
 * what the parent has at run.first + n, the child has at the program's first
 * page + n.  Pages between segments belong to the run, but the child has no
 * window there.  Behind the run it sees what it is lent, in whole pages: the
 * image, and behind that the device tree.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <executable.h>
#include <kerne.h>
#include <storage.h>

/* Window tables that a child needs for so many pages of storage from `base` on,
 * and for what it is lent, which may be empty. */
uint64_t loader_tables(uint64_t base, uint64_t pages, struct kerne_range image,
                       struct kerne_range device_tree);

/* The least storage with which a program is loaded: besides the program, its
 * start record and one page of heap. */
uint64_t loader_needed(const struct executable *program);

/* Where Kerne's own programs are linked to begin. */
#define LOADER_USUAL_BASE UINT64_C(0x80400000)

struct loader_order {
    uint64_t child;         /* reference; not started yet */
    struct storage_run run; /* at least what the program needs, and no more than
                             * there are addresses behind its first */
    const struct executable *program; /* as executable_check has it */
    const uint8_t *file;   /* null: its segments are in the run already */
    const char *arguments; /* fewer than KERNE_ARGUMENT_BYTES */
    uint64_t ticks_per_second;
    struct kerne_range image; /* lent to it, not to be written; empty: none.
                                 With it, programs can be run in its free
                                 storage, or where they lie in the image */
    struct kerne_range device_tree; /* the same; what of it the child has is
                                       another question: see devices.h */
};

/* The result is the nucleus's.  With any but normal the child has no windows,
 * and may be loaded again or removed. */
uint64_t loader_load(const struct loader_order *order);

/* ---- in parts ------------------------------------------------------------ */

/* For a parent that keeps its children's pages itself: what a child begins
 * with, which it finds behind its program's last segment.  Of the run only the
 * number of pages counts. */
struct kerne_start loader_record(const struct loader_order *order);

/* Opens the windows, and sets the registers; as loader_load().  A run that has
 * no place (`first` is 0) gets no windows. */
uint64_t loader_open(const struct loader_order *order,
                     const struct kerne_start *record);

/* The rights in what is behind the program.  Whoever has an image loads
 * programs from it into its own free storage, and can lend them no right that
 * it lacks itself. */
uint64_t loader_heap_rights(const struct kerne_start *record);
