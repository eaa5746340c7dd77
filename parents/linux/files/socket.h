/*
 * Unix's local sockets: streams, packets in a row, and single ones.
 *
 *   O1  of two that are connected each has the other as its peer, until one of
 *       them ends; a single one's peer is only where it sends to
 *   O2  a socket has at most SOCKET_BYTES that nobody has read, however they
 *       are divided: each piece counts with its record
 *   O3  who has a name is found by it: at its node, or in the list of abstract
 *       names
 *   O4  a peer that awaits accept belongs to the socket that listens, which it
 *       knows until then
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <files/parcel.h>

#define SOCKET_PATH_BYTES 108
#define SOCKET_BYTES 131072 /* that wait to be read, at most */
enum socket_type { SOCKET_STREAM = 1, SOCKET_SINGLE = 2, SOCKET_ROW = 5 };

/* sockaddr_un; `bytes` of it are there, 0: no name. */
struct socket_name {
    uint16_t family;
    char path[SOCKET_PATH_BYTES];
    uint32_t bytes;
};

struct piece; /* of what was received */

struct socket {
    uint32_t users; /* its file, and those whose peer it is */
    enum socket_type type;
    bool is_listening, has_ended;
    bool reads_no_more, writes_no_more; /* by shutdown */
    bool was_connected;
    struct socket *peer; /* with a use; null: none */
    struct piece *first, *last;
    uint64_t received; /* bytes, records included */
    struct socket_name name;
    struct node *node;            /* that has the name; null: none */
    struct socket *next_abstract; /* in the list, if the name is abstract */
    struct socket *first_waiting, *next_waiting; /* for accept */
    struct socket *listener;     /* while it awaits accept; else null */
    struct file *file;           /* null: it awaits accept */
    uint32_t in_flight;          /* parcels in sockets that have its file */
    bool is_reached;             /* of files/parcel.c, as the next one */
    struct socket *next_reached;
    bool wants_sender; /* who receives is told who sent */
    uint32_t waiting, most_waiting;
    int32_t error;    /* to be told once; 0: none */
    uint32_t process; /* id of whom it was made by */
    struct queue to_read, to_write;
};

/* Null: no frame is left. */
struct socket *socket_make(enum socket_type type, uint32_t process);
struct file *socket_file(struct socket *s, uint32_t flags);
void socket_drop(struct socket *s);

/* Of a file; null: it is none. */
struct socket *socket_of(const struct file *file);

/* Makes two of them peers, that have none. */
void socket_join(struct socket *a, struct socket *b);

/* Gives it a name: of a node, whose use is the socket's from then on, or (null)
 * an abstract one. */
void socket_set_name(struct socket *s, const struct socket_name *name,
                     struct node *node);

/* Who has an abstract name; null: nobody. */
struct socket *socket_find(const struct socket_name *name);

/* No more a peer of anybody's. */
void socket_part(struct socket *s);

/* The socket ends: its peer is told, its name is free. */
void socket_end(struct socket *s);

/* What goes with bytes. */
struct socket_note {
    struct socket_name from; /* whom they come from */
    uint32_t process;        /* who has sent them */
    struct parcel *parcel;   /* null: none */
    bool is_cut;             /* of a packet, not all was received */
};

/* How the bytes are to be moved. */
enum { SOCKET_PEEK = 2, SOCKET_WHOLE = 0x20 };

/* Sends to the peer, or to `to` if that is not null.  Bytes, or an error.  Of
 * the note (null: the caller sends no parcel) the parcel is the receiver's if
 * it is null then. */
long socket_send(struct socket *s, struct socket *to, struct transfer *from,
                 struct socket_note *note);

/* How many bytes can be received: of a packet, or, of a stream, all. */
uint64_t socket_bytes(const struct socket *s);

/* Receives: of a packet, what has no room is lost.  With SOCKET_WHOLE the
 * packet's length is told.  If bytes come, the note has what came with them: at
 * most one parcel, which is the caller's; with SOCKET_PEEK the socket's. */
long socket_receive(struct socket *s, struct transfer *to, unsigned how,
                    struct socket_note *note);

/* For each parcel that lies in it. */
void socket_each_parcel(struct socket *s,
                        void (*visit)(const struct parcel *p,
                                      struct socket **list),
                        struct socket **list);
