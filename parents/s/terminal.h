/*
 * The console of this system, and the names under which the children find it
 * and the clock.
 *
 * Where s sees a `console` when it begins, that one is its console.  Where
 * there is none it has the driver as its child `terminal`.  In both cases
 * `console` is a name that s presents among its children and can point
 * elsewhere (command `present`), while `terminal` is always the real one.
 * The clock is presented only if the children could not see it otherwise.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include "system.h"

/* Finds the console, or starts its driver; presents the names.  Gives up
 * when s would be without a console. */
void terminal_begin(struct system *system);

/* Removes the driver, whatever state it is in, and starts it anew. */
void terminal_restart(struct system *system);

/* Points the name `console` at the terminal again. */
void terminal_present(struct system *system);

/* Names under which children always find the real thing, as `console` may not
 * be: nobody else bears them or stands for them. */
bool terminal_is_real(const char *name);

/* Is this one of the processes and names that the system itself needs? */
bool terminal_needs(const struct system *system, const struct child *child);

#endif
