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

/* The same when the thread has waited, with the file that it is opening. */
long fifo_open_again(struct thread *t, struct file **ret_file);

bool file_is_pipe(const struct file *file);

/* What lies in a pipe to be read, as far as it is in one piece; what of it has
 * been taken is passed by; and how much more it takes. */
const char *pipe_bytes(struct file *file, uint64_t *ret_bytes);
void pipe_pass(struct file *file, uint64_t bytes);
uint64_t pipe_room(const struct file *file);

/* The node by which one that has no name is opened anew, with a use; null: the
 * file is no pipe, or no frame is left. */
struct node *pipe_node(struct file *file);
