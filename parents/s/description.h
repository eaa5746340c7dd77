/*
 * Commands that prepare the next process: its name and what it will get.
 */
#ifndef DESCRIPTION_H
#define DESCRIPTION_H

#include "system.h"

/* Enough for every program in the boot image. */
#define USUAL_BYTES (1024 * 1024)
#define USUAL_BUFFERS 16
#define USUAL_PROCESSES 8

bool description_new(struct system *system);
bool description_size(struct system *system);
bool description_buf(struct system *system);
bool description_internal(struct system *system);
bool description_tables(struct system *system);
bool description_function(struct system *system);
bool description_share(struct system *system); /* of an existing one, too */
bool description_prog(struct system *system);
bool description_keep(struct system *system);
bool description_image(struct system *system);

/* The defaults for a process of this name. */
void description_begin(struct system *system, const char *name);

/* The description that a child was made of becomes the one in preparation. */
void description_take_over(struct system *system, const struct child *child);

/* Refuses what is no name. */
bool description_is_name(struct system *system, const char *name);

/* Refuses, with the remedy, a name that is taken: by a child, by s itself, or
 * by what children must always find under it. */
bool description_name_is_free(struct system *system, const char *name);

#endif
