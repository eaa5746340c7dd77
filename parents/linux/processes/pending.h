/*
 * Sets of signals, and those that wait for a thread or a process.
 *
 *   Q1  however often a signal of the set is sent, it waits once, with what was
 *       said first
 *   Q2  each record is of a signal in the set, the oldest first; one without a
 *       record (no frame was left) has just its number
 *
 * No pointer argument may be null.
 */
#pragma once

#include <abi.h>
#include <stddef.h>

typedef uint64_t sigset;

#define SIGSET_OF(signal) (UINT64_C(1) << ((signal)-1))
#define SIGSET_NEVER_BLOCKED \
    (SIGSET_OF(LINUX_SIGKILL) | SIGSET_OF(LINUX_SIGSTOP))

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

/* One more waits, unless it does already. */
void pending_note(struct pending *pending, const struct siginfo *info);

/* Takes one out; it need not be there. */
void pending_take(struct pending *pending, int signal,
                  struct siginfo *ret_info);

/* Takes all out. */
void pending_end(struct pending *pending);
