/*
 * Requests to a disk or an area at some pace, and what they cost: for the
 * parents of a driver and of a store that disk.py runs.
 */
#ifndef PACE_H
#define PACE_H

#include <segments.h>
#include <skeleton.h>

#define PACE_FLIGHT 8            /* requests under way, at most */
#define PACE_REQUEST (64 * 1024) /* bytes of one, at most */

struct pace {
    const char *name;
    uint64_t operation, grant, bytes, at_once;
    bool is_random;
};

/* Of what the requests go to. */
struct course {
    struct parent *parent; /* who asks; it and all below it pay */
    const char *label;     /* of its figures */
    uint64_t address;
    uint64_t bytes;  /* moved in a round, from its beginning on */
    uint64_t traced; /* of these */
    unsigned rounds;
    char *run; /* for what is moved without a grant */
};

/* Says what a KiB costs at each of the paces.  With a name, runs up to that one
 * and then once between two calls that the nucleus refuses, for a trace that
 * begins and ends with them. */
void pace_all(const struct course *course, const struct pace *paces,
              size_t count, const char *show);

#endif
