/*
 * Threads, each with its process of the nucleus.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <processes/process.h>

/* Makes a thread of a process in a space, of which it takes over the caller's
 * use; not started.  Null: it cannot be made, and the use is the caller's. */
struct thread *thread_make(struct process *p, uint32_t id, struct space *space);

/* Takes a thread away, from wherever it is. */
void thread_end(struct thread *t);

/* Before it ends, or runs another program: what it had locked there, by its
 * robust list, says so, its id is cleared, and who vforked it goes on. */
void thread_leaves_space(struct thread *t);

/* The thread of this id; null: there is none. */
struct thread *thread_find(uint32_t id);

/* Gives it another id. */
void thread_set_id(struct thread *t, uint32_t id);

/* An id that nobody has. */
uint32_t process_new_id(void);

/* Its parent learns that a process has ended; it may be gone afterwards. */
void process_tell_parent(struct process *p);
