/*
 * Parcels: open files that are on their way in a socket.
 *
 *   A1  a parcel has a use of each of its files
 *   A2  one that lies in a socket is counted there, and in each socket that it
 *       has (`in_flight`); it is in the list of all such parcels
 *   A3  a socket that has no other users than parcels in sockets of which the
 *       same holds, ends: at the latest when the last other user has dropped it
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <files/file.h>

#define PARCEL_MOST 253 /* files, as on Linux */

struct socket;

struct parcel {
    struct parcel *next, *previous; /* of all that lie in sockets */
    struct parcel **place;          /* in a piece of that socket's */
    struct socket *at;              /* null: it lies in none */
    bool is_lost;                   /* nobody can receive it */
    uint64_t count;
    struct file *file[];
};

/* With a use of each file, of which there are at most PARCEL_MOST; null: no
 * frame is left. */
struct parcel *parcel_make(struct file *const *file, uint64_t count);

/* Of storage; `p` may be null. */
uint64_t parcel_bytes(const struct parcel *p);

/* Puts it into a socket, at that place of its piece. */
void parcel_put(struct parcel *p, struct socket *at, struct parcel **place);

/* Takes out what lies at a place. */
struct parcel *parcel_take(struct parcel **place);

/* Drops one that lies in no socket, with its files; `p` may be null. */
void parcel_drop(struct parcel *p);

/* A socket's file has lost a user that was no parcel in a socket: what only
 * parcels lead to is looked for among all of them, and ends. */
void parcels_collect(void);
