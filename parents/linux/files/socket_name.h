/*
 * Names of sockets, as programs write them: a path, by which a node is found,
 * or behind a zero an abstract one.
 *
 *   B1  a name that was read has its family and at least one byte more; its
 *       length is `bytes`
 *
 * No pointer argument may be null.
 */
#pragma once

#include <files/socket.h>

struct thread;

#define SOCKET_FAMILY 1 /* AF_UNIX */
#define SOCKET_NAME_BYTES (sizeof(uint16_t) + SOCKET_PATH_BYTES)

/* Reads a name of so many bytes; 0, or an error. */
long socket_name_read(struct thread *t, uint64_t address, uint64_t bytes,
                      struct socket_name *ret_name);

/* Writes as much of it as there is room for; the length, which was the room, is
 * told whole.  No name is told as the family alone.  0, or an error. */
long socket_name_write(struct thread *t, const struct socket_name *name,
                       uint64_t address, uint64_t length_address);

/* Who has the name, a socket of this type; 0, or an error. */
long socket_name_find(struct thread *t, const struct socket_name *name,
                      enum socket_type type, struct socket **ret_socket);

/* Gives the socket the name, which nobody has; a node is made for a path.  0,
 * or an error. */
long socket_name_give(struct thread *t, struct socket *s,
                      const struct socket_name *name);
