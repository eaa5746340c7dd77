/*
 * Sets of signals, and those that wait for a thread or a process.
 *
 *   Q1  a signal below LINUX_SIGRTMIN waits once, with what was said first; one
 *       from there on as often as it was sent, and so does a timer's
 *   Q2  each record is of a signal in the set, the oldest first; one without a
 *       record (there was no room for it) has just its number
 *   Q3  records are as many as are counted, but for those of timers, which are
 *       counted as long as the timer is there
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <abi.h>
#include <stdbool.h>
#include <stddef.h>

typedef uint64_t sigset;

#define SIGSET_OF(signal) (UINT64_C(1) << ((signal)-1))
#define SIGSET_NEVER_BLOCKED \
    (SIGSET_OF(LINUX_SIGKILL) | SIGSET_OF(LINUX_SIGSTOP))

/* What `code` says of where a signal comes from. */
enum {
    LINUX_SI_USER = 0,
    LINUX_SI_KERNEL = 0x80,
    LINUX_SI_QUEUE = -1,
    LINUX_SI_TIMER = -2,
    LINUX_SI_TKILL = -6,
};

struct siginfo {
    int32_t signal, error, code, pad;
    union {
        struct {
            int32_t process;
            uint32_t user;
            union {
                int32_t status; /* of a child */
                uint64_t value; /* of the sender's */
            };
        } sender;
        struct {
            int32_t id, overrun;
            uint64_t value;
        } timer;
        uint64_t address; /* of a fault */
        uint64_t field[14];
    };
};
_Static_assert(sizeof(struct siginfo) == 128, "size of siginfo");

struct ticker;

struct pending_signal {
    struct pending_signal *next;
    struct siginfo info;
    struct ticker *ticker; /* that it is of, and that waits for its being taken;
                            * null: none */
};

struct pending {
    sigset set;
    struct pending_signal *first; /* with more to say than their number */
};

/* Records that may wait, at first; RLIMIT_SIGPENDING. */
#define PENDING_MOST 1024

/* Counts one more record (Q3), if there are fewer than `most`.  False: there
 * are as many. */
bool pending_count(uint64_t most);
void pending_uncount(void);

/* One more waits, by Q1, with at most so many records; `ticker` may be null,
 * and is told if there is one.  0; -LINUX_EAGAIN: there is no room for what it
 * says, which must not be lost. */
long pending_note(struct pending *pending, const struct siginfo *info,
                  struct ticker *ticker, uint64_t most);

/* Takes one out; it need not be there. */
void pending_take(struct pending *pending, int signal,
                  struct siginfo *ret_info);

/* Takes all out, or all of a signal. */
void pending_end(struct pending *pending);
void pending_forget(struct pending *pending, int signal);
