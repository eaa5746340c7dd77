/*
 * Locks on files: of whole ones, by flock, and of bytes, by fcntl.
 *
 *   K1  a lock belongs to a process, or to an open file, and goes with it; a
 *       process's on a file go as soon as it closes any descriptor of that file
 *   K2  locks of one owner on bytes of a file do not overlap, and those of one
 *       kind do not touch
 *   K3  who waits does so for the one lock that is in its way
 *   K4  no process waits for a lock whose owner waits for it
 *
 * No pointer argument may be null.
 */
#pragma once

#include <files/file.h>

struct process;

/* fcntl's orders about locks; -LINUX_EINVAL: it is none. */
long locks_control(struct thread *t, struct file *file, uint64_t order,
                   uint64_t address);

/* The process closes a descriptor of the file. */
void locks_close(struct process *p, const struct file *file);

/* All locks of an owner go. */
void locks_end(struct lock **locks);
