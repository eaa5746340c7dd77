/*
 * Timers that a process makes.
 */
#pragma once

struct process;

/* They go with the process, and with its program. */
void posix_timers_end(struct process *p);
