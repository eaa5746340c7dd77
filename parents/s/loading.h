/*
 * Loading the program that the description names.
 */
#ifndef LOADING_H
#define LOADING_H

#include "system.h"

bool loading_command(struct system *system); /* load */

/* Finds the file that the description names; *ret_arguments is what follows.
 * False: refused, in words. */
bool loading_find(struct system *system, struct archive_member *ret_file,
                  const char **ret_arguments);

/* Loads it into a child that was created.  False: refused, in words. */
bool loading_load(struct system *system, struct child *child);

#endif
