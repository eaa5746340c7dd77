/*
 * Commands that act on the chosen process.
 */
#ifndef CONTROL_H
#define CONTROL_H

#include "system.h"

bool control_proc(struct system *system);
bool control_start(struct system *system);
bool control_stop(struct system *system);
bool control_break(struct system *system);
bool control_remove(struct system *system);
bool control_present(struct system *system);

/* The chosen process; null, and refused, if there is none. */
struct child *control_chosen(struct system *system);

/* The same for a command that changes it: refused for what the system needs
 * itself, and for mere names. */
struct child *control_changeable(struct system *system, const char *command);

/* Refuses, if this is no process but a name. */
bool control_is_process(struct system *system, const struct child *child);

/* Refuses in words unless the nucleus's result is normal. */
bool control_done(struct system *system, const char *name, uint64_t result);

/* "running", "stopped": to follow "it is ...". */
const char *control_state_words(enum child_state state);

/* What the operator can do with it as it is: "`start` starts it". */
const char *control_remedy(const struct system *system,
                           const struct child *child);

/* Refuses a command that does not suit the child's state, with the remedy. */
bool control_refuse_state(struct system *system, const char *command,
                          const struct child *child);

/* Says which names nobody answers to because this child does not run. */
void control_warn_of_names(struct system *system, const struct child *child);

/* Refuses, if no program has been loaded. */
bool control_has_program(struct system *system, const struct child *child);

#endif
