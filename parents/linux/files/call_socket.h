/*
 * What all calls about sockets begin with, and how they wait.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <files/socket.h>

enum { SOCKET_DONTWAIT = 0x40 };

/* The file of a socket, which is its own, by a descriptor; 0, or an error. */
long socket_for(struct thread *t, uint64_t number, struct file **ret_file);

/* Waits in the queue; or -LINUX_EAGAIN, if the file or SOCKET_DONTWAIT among
 * the flags says so. */
long socket_wait(struct thread *t, const struct file *file, uint64_t flags,
                 struct queue *queue);
