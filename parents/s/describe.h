/*
 * What is prepared for the next process: its name, and what it will get.
 */
#pragma once

#include "s.h"

/* Enough for every program in the boot image. */
#define USUAL_BYTES (1024 * 1024)
#define USUAL_BUFFERS 16
#define USUAL_PROCESSES 8

/* The defaults for a process of this name. */
void describe_begin(const char *name);

/* The description that a child was made of becomes the one in preparation. */
void describe_take_over(const struct child *child);

/* Refuses what is no name. */
bool describe_is_name(const char *name);

/* Refuses, with the remedy, a name that is taken: by a child, by s itself, or
 * by what children must always find under it. */
bool describe_name_is_free(const char *name);

/* The same for a new process, to which a child that failed makes way. */
bool describe_name_is_usable(const char *name);

/* The order for the child that is described so. */
struct child_order describe_order(const struct description *description);

/* The functions of the nucleus, as they are called; ended by a null name. */
struct mask_function {
    const char *name;
    uint64_t number;
};
extern const struct mask_function mask_functions[];

/* What a child gets of s's own functions if nothing is said: all but `physical
 * address`, which together with a device would open all storage to it. */
uint64_t mask_usual(void);

/* Reads `all`, `none`, `foreign`, or functions by name or number with commas
 * between them; "-" before one takes it away again: all,-create_internal.
 * False: refused, in words. */
bool mask_read(const char *list, uint64_t *ret_mask);
