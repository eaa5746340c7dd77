/*
 * A commit: what is live becomes durable, all of it or nothing.
 *
 *   first the data and the tables, to fresh pages;    a flush;
 *   then the root, in the place of the one before the last;    a flush.
 */
#pragma once

#include <stdbool.h>

struct store;
struct transfer;

/* Begins one if it is wanted, or goes on with it.  True: the store is in
 * another phase. */
bool commit_step(struct store *store);

/* A transfer of the tables, or the sole one, has ended. */
void commit_done(struct store *store, const struct transfer *transfer,
                 bool is_good);
