/*
 * What clients ask of the store: messages of docs/man/programs/store.md.
 *
 *   Q1  who owns an area, and the store's own parent, may do all with it.  Its
 *       users may write it, and read it if it is private; all others may read
 *       it if it is not
 *   Q2  what comes before the disk is mounted waits until it is
 *   Q3  a sibling is known by its name among the store's siblings, of all that
 *       is inside it; the parent by the empty name.  Who is gone is nobody
 *
 * No pointer argument may be null, unless its comment says so.
 */
#ifndef CLIENTS_H
#define CLIENTS_H

#include <program.h>
#include <store.h>

void clients_begin(struct store *store);

/* A message that is none of a child. */
void clients_message(const struct kerne_received *received);

/* The store has been mounted, or its device is silent: does what came before,
 * or refuses it. */
void clients_go_on(void);

/* Of the core. */
void clients_finished(struct store *store, struct store_work *work);
uint64_t clients_copy(struct store_work *work, uint64_t offset, void *own,
                      uint64_t bytes);

#endif
