/*
 * Requests to a disk or an area at some pace, and what they cost: for the
 * programs that disk.py runs.
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

enum pace_mark {
    PACE_BEGINS, /* a round */
    PACE_ENDS,
    PACE_IS_OVER, /* all rounds are */
    PACE_TRACED,  /* a round that is traced begins, or ends */
};

/* What the requests go to. */
struct course {
    uint64_t address;
    uint64_t bytes;  /* moved in a round, from its beginning on */
    uint64_t traced; /* of these */
    unsigned rounds; /* 0: without end */
    char *run;       /* for what is moved without a grant */
    void (*mark)(const struct pace *pace, enum pace_mark mark);
};

/* Runs at each of the paces.  With a name, once at each up to that one, and
 * then once to be traced. */
void pace_all(const struct course *course, const struct pace *paces,
              size_t count, const char *show);

/* What a round costs, as the account of a process and all below it says; or how
 * long it takes. */
struct tally {
    bool is_time; /* by the clock: nanoseconds for a KiB */
    struct parent *parent;
    const char *label; /* of the figures */
    uint64_t process;  /* a reference; 0: the caller */
    uint64_t kib;      /* moved in a round */
    uint64_t before, best;
};

/* Says the best of all rounds when they are over: idle time, which nobody pays
 * for, makes work for the nucleus.  A trace begins and ends with a call that
 * the nucleus refuses. */
void tally_mark(struct tally *tally, const char *name, enum pace_mark mark);

#endif
