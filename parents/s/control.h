/*
 * The chosen process: what it is, and what may be done with it.
 */
#pragma once

#include "s.h"

/* The chosen process; null, and refused, if there is none. */
struct child *control_chosen(void);

/* The same, but refused for mere names. */
struct child *control_process(void);

/* The same for a command that changes it: refused for what s needs itself, too.
 */
struct child *control_changeable(void);

/* Refuses, if it has no program yet. */
bool control_has_program(const struct child *child);

/* Whether it broke or gave up, and stays only to be looked at. */
bool control_has_failed(const struct child *child);

/* Refuses in words unless the nucleus's result is normal. */
bool control_done(const struct child *child, uint64_t result);

/* "running", "stopped": to follow "it is ...". */
const char *control_state(const struct child *child);

/* Says what it is, and what can be done with it. */
void control_show(const struct child *child);

/* Refuses a command that does not suit the child's state, with the remedy. */
bool control_refuse_state(const struct child *child);

/* Says which names nobody answers to because this child does not run. */
void control_warn_of_names(const struct child *child);

/* The name that stands for a child, behind another one (null: the first);
 * null: no more. */
struct child *control_next_name(const struct child *child,
                                const struct child *before);

/* Names under which children always find the real thing, as `console` may not
 * be: nobody else bears them or stands for them. */
bool control_is_real(const char *name);
