/*
 * Jobs: a session at its terminal, and which of its groups is in front.
 *
 *   J1  a terminal controls one session at most, and no session has two
 *   J2  only the foreground group of that session reads; others of it are
 *       stopped, if they want to
 *
 * No pointer argument may be null.
 */
#pragma once

#include <processes/process.h>
#include <terminals/terminal.h>

/* Is it the terminal of the process's session? */
bool jobs_are_of(const struct terminal *terminal, const struct process *p);

/* It becomes that of the session which the process leads, with the process's
 * group in the foreground.  False: the process leads none, or the session or
 * the terminal has another. */
bool jobs_begin(struct terminal *terminal, const struct process *p);

/* Who is not in the foreground does not read (SIGTTIN), nor change anything
 * (SIGTTOU): 0, it may; else what the call returns. */
long jobs_may(const struct terminal *terminal, struct thread *t, int signal);

/* To those in the foreground. */
void jobs_signal(const struct terminal *terminal, int signal);

/* A session's leader has ended: its terminal, if it has one, is free. */
void jobs_leader_ended(const struct process *leader);

/* The other side of the terminal is gone: the leader is told, too. */
void jobs_hang_up(struct terminal *terminal);
