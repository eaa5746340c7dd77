/*
 * Processes and threads.  A thread is a process of the nucleus; a process of
 * Linux's is some threads with what they share.
 *
 *   P1  a process lives until its parent has waited for it, or does not want
 *       to; without threads it is a zombie
 *   P2  each thread has one number among the nucleus's children, and its own
 *       entry in thread_of[]
 *   P3  a thread's buffer is the break that it waits in; 0: it runs
 *   P4  what is shared is counted by its users: spaces, descriptors, scopes,
 *       actions
 *   P5  a process ends in its own call, or between two events of the loop: so
 *       no signal, and no other's end, takes anybody away
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <abi.h>
#include <kerne.h>
#include <memory/space.h>
#include <processes/alternate.h>
#include <processes/pending.h>
#include <waiting/futex.h>
#include <waiting/ticker.h>
#include <waiting/wait.h>

#define PROCESS_NAME_BYTES 16
#define LINUX_INIT 1 /* its id */
#define PROCESS_INTERVALS 3

struct actions;
struct descriptors;
struct lock;
struct node;
struct pidfd;
struct posix_timer;

/* What threads with CLONE_FS share. */
struct scope {
    uint32_t users;
    uint32_t umask;
    struct node *folder; /* the current one */
};

struct process {
    uint32_t id, group, session;
    struct process *parent; /* null: the first has none */
    struct process *first_child, *next_sibling, *previous_sibling;
    struct process *next_of_hash, *next_killed;
    struct thread *threads; /* null: it is a zombie */
    uint32_t thread_count;
    union {
        struct {
            bool is_ending;  /* killed, or its threads are being removed */
            bool is_stopped; /* its threads are; signals wait meanwhile */
        };
        uint16_t takes_no_signals; /* either */
    };
    bool has_executed; /* since its fork */
    int32_t status;    /* as wait4 tells it */
    int32_t exit_signal;
    bool is_stop_told, is_continue_told;
    struct node *program; /* /proc/self/exe; null: none */
    char name[PROCESS_NAME_BYTES];
    struct scope *scope;
    struct descriptors *descriptors;
    struct lock *locks; /* on bytes of files; null: none */
    struct actions *actions;
    struct pending pending;  /* for any of its threads */
    struct queue children;   /* who waits for a child to change */
    struct queue ended;      /* who waits for it, by a pidfd */
    struct pidfd *pidfds;    /* that know it; null: none */
    uint64_t started;        /* time_now() */
    uint64_t ended_time;     /* nanoseconds that threads ran which have ended */
    uint64_t child_time;     /* and children it has waited for */
    struct ticker interval[PROCESS_INTERVALS]; /* of setitimer */
    struct posix_timer *timers;     /* that it has made; null: none */
    int32_t next_timer;             /* its number */
    struct queue signalled;         /* who waits for signals: a signalfd */
    uint64_t signals, signals_hard; /* that may wait for it: a limit */
};

/* What a call said, to be run again. */
struct call {
    uint64_t number;
    uint64_t argument[6];
};

struct thread {
    uint32_t id;
    uint32_t number; /* among the nucleus's children */
    uint64_t reference;
    struct process *process;
    struct thread *next; /* of the process */
    struct thread *next_of_hash;
    struct space *space;
    uint64_t buffer;  /* of its break; 0: it runs */
    struct call call; /* in which it waits */
    bool is_waiting, is_ready;
    bool is_timed_out; /* its deadline has come */
    bool waits_for_page;
    uint64_t deadline;     /* of time_now(); 0: none */
    uint64_t own_time;     /* nanoseconds, on carriers that it has left */
    uint64_t ticks_before; /* that its carrier ran for others */
    uint64_t progress;     /* of a call that is run again; 0 when one begins */
    struct file *opening;  /* a fifo's side that waits for the other; or null */
    struct futex_wait futex;
    struct thread *next_ready;
    struct thread *next_timed, *previous_timed;
    struct waiter waiter;
    struct queue *queue;    /* that the waiter is in; null: none */
    struct waiter *several; /* of poll and the like: a record; null: none */
    void (*forget)(struct thread *t); /* takes those out of their queues */
    union {
        struct {
            uint32_t attention; /* something is to be done before it goes on */
            uint32_t is_again;  /* the call has waited already */
        };
        uint64_t is_unusual; /* either */
    };
    sigset blocked, saved_blocked;
    sigset wanted; /* rt_sigtimedwait waits for one of them; 0: it does not */
    bool is_blocked_for_call; /* `blocked` is a call's, the other its own */
    struct pending pending;
    struct alternate_stack stack;
    uint64_t clear_id;    /* its id is cleared there when it ends; 0: nowhere */
    uint64_t robust_list; /* 0: none */
    /* It waits until that one needs its space no more, and the other way round;
     * null: none does. */
    struct thread *vforked, *borrower;
};

extern struct thread *thread_of[KERNE_CHILDREN];

/* The first process, with its one thread, not started; null: it cannot be made.
 */
struct thread *process_first(void);

/* clone: a new thread, or a process with one, which begins where the caller
 * does.  Returns its id, or an error. */
struct clone_order {
    uint64_t flags, stack, parent_id, child_id, tls;
    uint64_t pidfd; /* where it is told */
    int exit_signal;
};
long process_clone(struct thread *t, const struct clone_order *order);

/* The process of this id, zombies too; null: there is none. */
struct process *process_find(uint32_t id);

/* All of them, one behind the other (null: the first); null: no more. */
struct process *process_next(const struct process *before);

/* Nanoseconds that its threads have run. */
uint64_t process_time(const struct process *p);

/* Nobody of the group has a parent outside of it, in the session: who could let
 * it go on? */
bool process_group_is_orphaned(uint32_t group);

/* Who has the most pages of its own, and how many; the first process only if no
 * other has any. */
struct process *process_largest(uint64_t *ret_pages);

/* Ends one thread: the last one ends the process with this status. */
void thread_exit(struct thread *t, int32_t status);

/* Ends all of a process's threads: only where nothing else is under way, as in
 * its own call. */
void process_exit(struct process *p, int32_t status);

/* The same, soon: nobody's call is run before.  Until then no signal is due. */
void process_kill(struct process *p, int32_t status);
void process_end_killed(void);

/* All of them, when the first one has ended. */
void process_end_all(void);

/* A zombie that was waited for goes. */
void process_forget(struct process *p);

/* The caller has a space of its own from now on, for exec.  False:
 * it cannot be made. */
bool thread_renew(struct thread *t, struct space *space);

/* The status of wait4. */
static inline int32_t status_of_exit(uint64_t code)
{
    return (int32_t)(code & 0xff) << 8;
}
