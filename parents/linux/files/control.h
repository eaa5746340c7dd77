/*
 * Control messages, by which a message of a socket's brings descriptors, and
 * says who has sent it.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <files/socket.h>

struct thread;

/* Where they are, and what recvmsg tells of them. */
struct control {
    uint64_t address, bytes;
    uint32_t flags;
};

#define CONTROL_CLOSE_BY_EXEC 0x40000000u /* of recvmsg: the descriptors */

/* Reads what is to go with bytes, in the note; 0, or an error and no parcel. */
long control_read(struct thread *t, const struct control *from,
                  struct socket_note *note);

/* Gives the caller what has come, as far as there is room: what then is there
 * has so many bytes.  The parcel stays as it is. */
void control_write(struct thread *t, const struct socket *s,
                   const struct socket_note *note, uint64_t how,
                   struct control *to);
