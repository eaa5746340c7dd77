/*
 * What /proc tells of a process's memory.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <memory/space.h>
#include <proc/made.h>

/* The space of a process; null: it has ended. */
struct space *memory_of(const struct process *p);

/* In bytes: of all areas, those with data, the stack, those with code; the
 * pages that are there, and which of these are the image's or a file's; those
 * that are out in the store. */
struct memory_sizes {
    uint64_t all, data, stack, code;
    uint64_t resident, of_files, out;
};

/* All 0: it has ended. */
struct memory_sizes memory_sizes(const struct process *p);

/* For rows: statm, maps, cmdline and environ. */
void memory_say_statm(struct text *text, const struct subject *of);
void memory_say_maps(struct text *text, const struct subject *of);
void memory_say_arguments(struct text *text, const struct subject *of);
void memory_say_environment(struct text *text, const struct subject *of);
