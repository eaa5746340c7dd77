/*
 * What a program's file must be before a parent will load it: a static ELF64
 * executable for RISC-V.  Everything in the file is taken for hostile; after
 * executable_check() the loader may rely on every field below.
 * No nucleus is needed: this file runs natively, too.  No pointer argument may
 * be null, unless its comment says so.
 */
#pragma once

#include <stdint.h>

#define EXECUTABLE_SEGMENTS 8
/* Programs lie below this address: Sv39 has no more for a process. */
#define EXECUTABLE_ADDRESS_END (UINT64_C(1) << 38)

struct executable_segment {
    uint64_t address; /* page-aligned */
    uint64_t bytes;   /* in storage, at least 1 */
    uint64_t offset;  /* in the file, */
    uint64_t in_file; /* this many bytes, at most `bytes` */
    uint64_t rights;  /* KERNE_READ ..., never writing with execution */
};

/* Segments ascend, and no two touch the same page. */
struct executable {
    uint64_t entry;
    uint64_t first; /* page-aligned: the first segment */
    uint64_t last;  /* page-aligned: behind the last segment */
    unsigned count; /* at least 1 */
    struct executable_segment segment[EXECUTABLE_SEGMENTS];
};

/* Null, or why the file is refused, to follow "the file ...".  *ret_executable
 * is written with null only. */
const char *executable_check(const uint8_t *file, uint64_t bytes,
                             struct executable *ret_executable);

/* The same of a file of which only so many bytes are there yet, from its first
 * on. */
const char *executable_check_head(const uint8_t *file, uint64_t there,
                                  uint64_t bytes,
                                  struct executable *ret_executable);

/* Lays a program out from `to` on, page-aligned, in so many bytes, at least as
 * many as it takes: its segments from the file (null: they are there), and
 * zeros. */
void executable_lay(const struct executable *executable, const uint8_t *file,
                    uint64_t to, uint64_t bytes);

/* One page of that, the one that the program has at `address`, page-aligned. */
void executable_lay_page(const struct executable *executable,
                         const uint8_t *file, uint64_t address, void *to);
