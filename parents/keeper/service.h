/* Services: how they begin, die, and are started anew. */
#pragma once

#include "keeper.h"

/* The service of this name; null: none.  A free entry has an empty name; it is
 * the caller's to fill in, and for service_begin(). */
struct service *service_named(const char *name);

/* Starts a service's program, for the first time or anew.  False: that was
 * refused, which has been said, and the service is dead. */
bool service_begin(struct service *service);

/* A child of the keeper has finished, given up or broken: removes it, and does
 * what the rule says. */
void service_ended(struct child *child);

/* An answer of the clock: a pause is over.  False: it is none. */
bool service_pause_over(const struct kerne_received *received);

/* Removes what runs of it, and forgets it with all that it left. */
void service_forget(struct service *service);

/* Does any service run, or pause? */
bool service_any_lives(void);

/* The address of a service's program, whether it runs or not. */
uint64_t service_address(const struct service *service);

const char *service_state_text(const struct service *service);
