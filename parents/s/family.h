/*
 * The care for the children while they live: their messages and breaks, and
 * their end.
 */
#ifndef FAMILY_H
#define FAMILY_H

#include "system.h"

/* Handles any event that s receives: answers to s's own messages, messages of
 * children and the console, breaks. */
void family_event(struct system *system, const struct kerne_received *received);

/* Removes a child; the names that stood for it go with it, but `console`,
 * which is the driver's again.  The result is the nucleus's. */
uint64_t family_remove(struct system *system, struct child *child);

/* What s notes about a child. */
struct note *family_note(struct system *system, const struct child *child);

#endif
