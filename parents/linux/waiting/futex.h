/*
 * Futexes: words of programs' storage on which threads wait.
 *
 *   X1  a thread that waits for a futex is in the list of its key's hash; the
 *       key is the space and the address, or of shared storage the file and
 *       the place in it
 *
 * No pointer argument may be null.
 */
#pragma once

#include <memory/space.h>

struct thread;

struct futex_key {
    const void *in; /* a space or a node; null: none */
    uint64_t at;
};

/* A thread's wait. */
struct futex_wait {
    struct futex_key key;
    uint32_t bits;
    bool is_woken;
    struct thread *next, *previous;
};

/* Wakes so many who wait there; how many there were. */
long futex_wake(struct space *space, uint64_t address, uint64_t most);

/* The thread ends: what it had locked, by its robust list, says so. */
void futex_owner_ends(struct thread *t);
