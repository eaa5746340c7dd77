/*
 * Moving bytes between a program and an open file, in parts: what the calls do
 * that read and write.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <files/file.h>

/* One way. */
struct move {
    struct file *file;
    bool is_read;
    uint64_t *position; /* in the file, which moves; null: the file's own */
};

/* The file of a descriptor, that can be read or written as `is_read` says.  0;
 * -LINUX_EBADF; -LINUX_EINVAL. */
long move_file(struct thread *t, uint64_t number, struct move *ret_move);

/* Moves what can be now: bytes, or an error. */
long move_part(const struct move *m, struct transfer *transfer);

/* What such a part came to is what the call returns, but -LINUX_EAGAIN: it
 * waits, unless the file says otherwise; and of -LINUX_EPIPE the thread is
 * told. */
long move_or_wait(struct thread *t, const struct move *m, long result);

/* The same of a write, with the thread's progress: the rest waits. */
long move_total(struct thread *t, const struct move *m, long result);
