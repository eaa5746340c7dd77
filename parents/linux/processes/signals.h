/*
 * Signals as they are sent: each is noted for its thread or process, or does at
 * once what it does by default.
 *
 *   G1  what is ignored and not blocked is not noted
 *   G2  while a signal to stop is noted, none to go on is, and the other way
 *       round
 *   G3  of a process that is stopped no thread runs, and no signal is due: they
 *       wait until it goes on; but SIGKILL ends it
 *   G4  a process whose call is being run is not stopped nor ended here, nor is
 *       another thread of it interrupted: that waits until the call is done
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <processes/actions.h>
#include <processes/process.h>

/* Of a process that is stopped, in the lower half of its status; the status of
 * one that goes on; and what SIGCHLD says then. */
#define LINUX_IS_STOPPED 0x7f
#define LINUX_IS_CONTINUED 0xffff
enum { LINUX_CLD_STOPPED = 5, LINUX_CLD_CONTINUED };

/* Sends one to a process, or to one thread of it.  0; -LINUX_EAGAIN: too many
 * wait. */
long signal_process(struct process *p, const struct siginfo *info);
long signal_thread(struct thread *t, const struct siginfo *info);

/* The thread has written where nobody reads: SIGPIPE. */
void signal_no_reader(struct thread *t);

/* A timer's: it goes on when the signal has been taken, or now, if it does not
 * wait.  `t` is a thread of the process, or null: for any. */
void signal_of_ticker(struct process *p, struct thread *t,
                      const struct siginfo *info, struct ticker *ticker);

/* Of a set, none waits any more for the process or a thread of it. */
void signals_forget(struct process *p, sigset set);

/* Those that had to wait until a call was done. */
void signals_resume(void);

/* Reads what a program says with a signal; it may not speak as the system, but
 * to itself (`to` is whose id it is).  0 or an error. */
long signal_info_read(struct thread *t, uint64_t address, uint64_t signal,
                      uint32_t to, struct siginfo *ret_info);

/* To all processes of a group. */
void signal_group(uint32_t group, int signal);

/* The same, or (group 0) to all but the first process and one more (null: no
 * more), what `info` says; signal 0: to none.  False: there are no such
 * processes. */
bool signal_all(uint32_t group, const struct process *but,
                const struct siginfo *info);

/* Takes a process out of running, unless it is in an orphaned group and may say
 * no: its threads' calls may come to an end meanwhile, but not they themselves
 * behind them. */
void signal_stop(struct process *p, int signal);

/* Is by default nothing to be done with it?  The first process, as that of a
 * namespace of Linux's, has only those that it handles; but what it does itself
 * ends it, and so do keys, which come from outside. */
bool signal_is_nothing(const struct process *p, const struct siginfo *info);

/* Is nothing to be done with it? */
static inline bool signal_is_ignored(const struct process *p,
                                     const struct siginfo *info)
{
    uint64_t handler = p->actions->action[info->signal - 1].handler;
    return handler == SIGNAL_IGNORE ||
           (handler == SIGNAL_DEFAULT && signal_is_nothing(p, info));
}

/* Those that the thread is to be interrupted for. */
static inline sigset signal_due(const struct thread *t)
{
    if (t->process->takes_no_signals) { return 0; }
    return (t->pending.set | t->process->pending.set) & ~t->blocked;
}

static inline bool signal_is_due(const struct thread *t)
{
    return signal_due(t) != 0;
}
