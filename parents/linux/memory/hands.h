/*
 * Which pages go to the store: two hands go round all regions, one a good way
 * behind the other.  The first closes the windows of the pages that it meets,
 * and where the second still finds them closed, the page goes.  So a page that
 * is used stays, for the price of one more fault.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <memory/space.h>

/* Sends pages out while frames are short, and there are some that may go. */
void hands_turn(void);

/* A space is new; one ends. */
void hands_note(struct space *space);
void hands_forget(struct space *space);
