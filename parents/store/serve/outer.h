/*
 * A store's disk that is a process in sight: an area in use of another store,
 * the driver of a disk, or whoever stands in its place.  Transfers are messages
 * with areas of the store's own pages; a flush is passed on.
 */
#ifndef OUTER_H
#define OUTER_H

#include "medium.h"

/* The process of this name; or the area of this name, of the store called `of`
 * (null: none), which it then uses for writing.  Gives up, in words, if there
 * is none. */
const struct medium *outer_begin(struct parent *parent, struct store *store,
                                 const char *name, const char *of);

#endif
