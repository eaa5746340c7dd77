/*
 * Actions: what the programs of a process want done with its signals.
 *
 *   H1  after a fork both have the same, until one of the two changes
 *       something; with CLONE_SIGHAND they are shared, and stay so
 *   H2  they have as many users as processes have them; only those that
 *       actions_own() gave are changed
 *   H3  SIGKILL and SIGSTOP are as by default, and no mask has them
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <processes/pending.h>
#include <stdbool.h>

struct process;

struct action {
    uint64_t handler; /* SIGNAL_DEFAULT, SIGNAL_IGNORE, or an address */
    uint64_t flags;
    sigset mask;
};
#define SIGNAL_DEFAULT 0
#define SIGNAL_IGNORE 1

struct actions {
    uint32_t users;
    bool is_shared;
    struct action action[LINUX_SIGNALS];
};

/* With one user; null: no frame is left. */
struct actions *actions_make(void);

/* The same for a new process, for good if `is_shared`.  Null: no frame is left.
 */
struct actions *actions_use(struct process *p, bool is_shared);

/* To be changed.  Null: no frame is left. */
struct actions *actions_own(struct process *p);

/* `actions` may be null. */
void actions_drop(struct actions *actions);

/* Before another program runs: what was to be handled is as by default. */
void actions_execute(struct process *p);

static inline bool action_is_handled(const struct action *action)
{
    return action->handler != SIGNAL_IGNORE &&
           action->handler != SIGNAL_DEFAULT;
}

/* Does it stop a process by default? */
static inline bool signal_is_stop(int signal)
{
    return signal >= LINUX_SIGSTOP && signal <= LINUX_SIGTTOU;
}

#define SIGSET_STOPS                                       \
    (SIGSET_OF(LINUX_SIGSTOP) | SIGSET_OF(LINUX_SIGTSTP) | \
     SIGSET_OF(LINUX_SIGTTIN) | SIGSET_OF(LINUX_SIGTTOU))

/* Do they say that nothing is to be done with it? */
static inline bool actions_ignore(const struct actions *actions, int signal)
{
    uint64_t handler = actions->action[signal - 1].handler;
    return handler == SIGNAL_IGNORE ||
           (handler == SIGNAL_DEFAULT &&
            (signal == LINUX_SIGCHLD || signal == LINUX_SIGCONT ||
             signal == LINUX_SIGURG || signal == LINUX_SIGWINCH));
}
