/*
 * Puts a program into a child: from its file into a run of the parent's own
 * storage, with a start record behind it, windows for it in the child, and
 * the registers that a program begins with.
 *
 * The child sees the run from the program's first page on, without holes:
 * what the parent has at run.first + n, the child has at base + n.  Pages
 * between segments belong to the run, but the child has no window there.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <executable.h>
#include <kerne.h>
#include <storage.h>

/* The stretch of a child's addresses that has pages: its storage, and behind
 * it what it is lent, which may be empty. */
uint64_t loader_bytes(uint64_t pages, const struct kerne_range *image,
                      const struct kerne_range *device_tree);

/* Window tables that a child needs for `bytes` bytes from `base` on. */
uint64_t loader_tables(uint64_t base, uint64_t bytes);

/* The least storage with which a program is loaded: besides the program, its
 * start record and one page of heap. */
uint64_t loader_needed(const struct executable *executable);

/* Where Kerne's own programs are linked to begin. */
#define LOADER_USUAL_BASE UINT64_C(0x80400000)

struct loader_order {
    uint64_t child; /* reference; not started yet */
    struct storage_run run;
    const uint8_t *file;
    uint64_t bytes; /* of the file */
    const char *arguments;
    uint64_t ticks_per_second;
    struct kerne_range image; /* lent to it read-only; empty: none.  With it,
                                 programs can be run in its free storage */
    struct kerne_range device_tree; /* the same; what of it the child has is
                                       another question: see devices.h */
};

enum loader_result {
    LOADER_DONE,
    LOADER_FILE,      /* the file is no sound program; see `file` */
    LOADER_TOO_BIG,   /* the run has fewer than `needed` bytes */
    LOADER_ARGUMENTS, /* they are too long */
    LOADER_REFUSED,   /* by the nucleus; see `refusal` */
};

struct loader_report {
    enum loader_result result;
    enum executable_result file;
    uint64_t refusal; /* enum kerne_result */
    uint64_t needed;  /* bytes, as loader_needed says */
    uint64_t base;    /* what the child has at run.first */
    uint64_t entry;
};

/* With any result but done the child has no windows, and may be loaded again
 * or removed. */
struct loader_report loader_load(const struct loader_order *order);
