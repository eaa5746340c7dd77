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
