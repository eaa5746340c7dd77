/*
 * What the store's disk is: its driver, a child (driver.h); or any process in
 * sight that takes segments (outer.h).
 *
 *   V1  what the device has not answered for in time is a malfunction, also for
 *       clients who come while it is silent; it is mounted again when all has
 *       been answered, so that nothing comes late
 *
 * No pointer argument may be null, unless its comment says so.
 */
#ifndef MEDIUM_H
#define MEDIUM_H

#include <skeleton.h>
#include <store.h>

struct medium {
    /* Asks what disk there is; the answer goes to medium_sensed(). */
    void (*ask)(void);
    /* Of the core: begins a transfer. */
    void (*transfer)(struct store *store, struct transfer *transfer);
    /* An answer: true if it is the device's, and is dealt with. */
    bool (*answer)(const struct kerne_received *received);
};

struct medium_state {
    bool is_asked; /* what there is */
    bool is_writable;
    bool is_silent;
    uint64_t fault; /* the status with which it failed last */
};
extern struct medium_state medium_state;

/* The answer to sense: mounts what there is.  Gives up, in words, if there is
 * no disk; `why`: what is to be said then; null: what the answer says. */
void medium_sensed(struct store *store, const struct kerne_received *received,
                   const char *why);

#endif
