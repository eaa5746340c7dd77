/* Wards: how they begin, die, and are started anew. */
#ifndef WARD_H
#define WARD_H

#include "keeper.h"

/* The ward of this name; null: none. */
struct ward *ward_named(struct keeper *keeper, const char *name);

/* A free entry, or null.  It is the caller's to fill in and to ward_begin. */
struct ward *ward_free(struct keeper *keeper);

/* Starts a ward's program, for the first time or anew.  False: that was
 * refused, which has been said, and the ward is dead. */
bool ward_begin(struct keeper *keeper, struct ward *ward);

/* A child of the keeper has finished, given up or broken: removes it, and does
 * what the rule says.  */
void ward_ended(struct keeper *keeper, const struct parent_event *event);

/* An answer of the clock: a pause is over.  False: it is none. */
bool ward_pause_over(struct keeper *keeper,
                     const struct kerne_received *received);

/* Removes what runs of it, and forgets it with all that it left. */
void ward_forget(struct keeper *keeper, struct ward *ward);

/* Does any ward run, or pause? */
bool ward_any_lives(const struct keeper *keeper);

/* The address of a ward's program, whether it runs or not. */
uint64_t ward_address(const struct keeper *keeper, const struct ward *ward);

/* The ward whose child this is. */
struct ward *ward_of(struct keeper *keeper, const struct child *child);

const char *ward_state_text(const struct ward *ward);

#endif
