/*
 * The store's driver: its child, which works in the store's own pages.
 *
 *   V1  a driver that ends is reset with its device, and started anew; what was
 *       under way is then asked for again.  A reset takes nothing that the
 *       device has answered for
 *
 * No pointer argument may be null, unless its comment says so.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <skeleton.h>
#include <store.h>

struct child;

#define DRIVER_BUFFERS 8

/* Makes the driver's child, and lets it work in so much of the parent's
 * storage.  Gives up, in words, if it cannot. */
void driver_begin(struct parent *parent, struct store *store);

/* Asks what disk there is, and mounts it when that is answered. */
void driver_ask(void);

bool driver_is_writable(void);

/* The status that the device had last when it failed. */
uint64_t driver_fault(void);

/* Of the core: begins a transfer. */
void driver_transfer(struct store *store, struct transfer *transfer);

/* On the account of this sender's message; 0: on one that nobody knows. */
void driver_works_for(uint64_t sender);

/* An answer: true if it is the driver's, and is dealt with. */
bool driver_answer(const struct kerne_received *received);

/* The parent's hook: the driver has ended. */
bool driver_ended(struct parent *own, struct child *child);

#endif
