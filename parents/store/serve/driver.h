/*
 * A store's disk with a driver that is the store's child, and works in the
 * store's own pages.
 *
 *   W1  a driver that ends is reset with its device, and started anew; what was
 *       under way is then asked for again.  A reset takes nothing that the
 *       device has answered for
 *
 * No pointer argument may be null, unless its comment says so.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include "medium.h"

struct child;

#define DRIVER_BUFFERS 8

/* Makes the driver's child, and lets it work in so much of the parent's
 * storage.  Gives up, in words, if it cannot. */
const struct medium *driver_begin(struct parent *parent, struct store *store);

/* On the account of this sender's message; 0: on one that nobody knows. */
void driver_works_for(uint64_t sender);

/* The parent's hook: the driver has ended. */
bool driver_ended(struct parent *own, struct child *child);

#endif
