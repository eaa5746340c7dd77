/*
 * Processes as files: pidfd.
 *
 *   J1  a pidfd knows its process until that is forgotten
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <files/file.h>

struct process;
struct pidfd;

/* Gives the caller a descriptor of a process; an error otherwise. */
long pidfd_give(struct thread *t, struct process *p, uint32_t flags);

/* The process of a pidfd (null: it has been forgotten), and whether it does not
 * wait.  0, or -LINUX_EBADF. */
long pidfd_find(struct thread *t, uint64_t number, struct process **ret_process,
                bool *ret_at_once);

/* A process is forgotten: they know it no more. */
void pidfds_forget(struct process *p);
