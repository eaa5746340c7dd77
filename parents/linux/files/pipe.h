/*
 * Pipes, with a name (fifos) and without.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <files/file.h>

/* Opens a fifo; it may wait for the other side. */
long fifo_open(struct thread *t, struct node *node, uint32_t flags,
               struct file **ret_file);
