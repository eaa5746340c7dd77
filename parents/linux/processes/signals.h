/*
 * Signals: what a program wants done with them, and those that wait.
 */
#pragma once

#include <abi.h>
#include <stdbool.h>
#include <stddef.h>

typedef uint64_t sigset;

#define SIGSET_OF(signal) (UINT64_C(1) << ((signal)-1))
#define SIGSET_NEVER_BLOCKED \
    (SIGSET_OF(LINUX_SIGKILL) | SIGSET_OF(LINUX_SIGSTOP))

struct thread;
struct process;

/* Of a process that is stopped, in the lower half of its status; the status of
 * one that goes on; and what SIGCHLD says then. */
#define LINUX_IS_STOPPED 0x7f
#define LINUX_IS_CONTINUED 0xffff
enum { LINUX_CLD_STOPPED = 5, LINUX_CLD_CONTINUED };

struct action {
    uint64_t handler; /* SIGNAL_DEFAULT, SIGNAL_IGNORE, or an address */
    uint64_t flags;
    sigset mask;
};
#define SIGNAL_DEFAULT 0
#define SIGNAL_IGNORE 1

/* After a fork both have the same, until one of the two changes something; with
 * CLONE_SIGHAND they are shared, and stay so. */
struct actions {
    uint32_t users;
    bool is_shared;
    struct action action[LINUX_SIGNALS];
};

struct siginfo {
    int32_t signal, error, code, pad;
    union {
        struct {
            int32_t process;
            uint32_t user;
            int32_t status; /* of a child, or a value's low half */
        } sender;
        uint64_t address; /* of a fault */
        uint64_t field[14];
    };
};
_Static_assert(sizeof(struct siginfo) == 128, "size of siginfo");

struct pending_signal {
    struct pending_signal *next;
    struct siginfo info;
};

struct pending {
    sigset set;
    struct pending_signal *first; /* with more to say than their number */
};

struct alternate_stack {
    uint64_t address;
    uint32_t flags, pad;
    uint64_t bytes;
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

void pending_end(struct pending *pending);

/* Sends one to a process, or to one thread of it. */
void signal_process(struct process *p, const struct siginfo *info);
void signal_thread(struct thread *t, const struct siginfo *info);

/* To all processes of a group. */
void signal_group(uint32_t group, int signal);

/* Is there one that the thread is to be interrupted for? */
bool signal_is_due(const struct thread *t);

/* Blocks others while a call is run, up to the handler that ends it; or up to
 * its end without one. */
void signal_block_for_call(struct thread *t, sigset set);
void signal_unblock_after_call(struct thread *t);

/* Before a thread goes on, with attention: `value` is what its call is to
 * return (or CALL_RESTART).  Returns the value to answer, CALL_NO_ANSWER if the
 * thread has been answered or is gone. */
long signal_attend(struct thread *t, long value);

/* The same after a fault that has been mended: false, it has been answered, or
 * is gone. */
bool signal_attend_fault(struct thread *t);

/* After a fault of the thread's own: the signal is delivered, or ends it. */
void signal_fault(struct thread *t, int signal, int code, uint64_t address);
