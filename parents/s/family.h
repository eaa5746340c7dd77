/*
 * The care for the children while they live, and their end; and the console of
 * this system, with the names under which the children find it and the clock.
 *
 * Where s sees a `console` when it begins, that one is its console.  Where
 * there is none it has the driver as its child `terminal`.  In both cases
 * `console` is a name that s presents among its children and can point
 * elsewhere (command `present`), while `terminal` is always the real one.
 * The clock is presented only if the children could not see it otherwise.
 *
 * A disk gets a `store`, which has the driver as its own child; or, on a small
 * machine, and if the store gives up, the bare driver `disk`.
 */
#pragma once

#include "s.h"

/* A driver that s starts by itself. */
struct driver {
    const char *name, *of;
    const char
        *command; /* with the device's address, line, and the name of s */
    enum device_kind kind;
    uint64_t bytes, buffers, processes;
    uint64_t withheld;     /* functions */
    bool has_image;        /* it has a driver of its own */
    struct child *child;   /* null: there is none; of the terminal: s has seen
                               * a console */
    uint64_t restarts;     /* in quick succession */
    uint64_t restarted_at; /* the last one, in ticks */
};
extern struct driver terminal, disk;

/* Finds the console, or starts its driver; presents the names.  Gives up
 * when s would be without a console. */
void family_begin(void);

/* A child has ended: the hook of skeleton.h. */
bool family_ended(struct parent *parent, struct child *child);

/* Removes a child; the names that stood for it go with it, but `console`,
 * which is the driver's again.  False: refused, as s.parent.refusal says. */
bool family_remove(struct child *child);

/* What was being made by a line that has failed is not left behind. */
void family_undo(void);

/* s cannot go on: says so as well as it can, and ends. */
_Noreturn void family_give_up(const char *text);
