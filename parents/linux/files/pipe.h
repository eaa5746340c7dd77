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

/* The node by which one that has no name is opened anew, with a use; null: the
 * file is no pipe, or no frame is left. */
struct node *pipe_node(struct file *file);
