/*
 * The jobs of a small parent that is its children's scheduler: programs of its
 * image, which its arguments list, each behind a number that means what the
 * parent likes:
 *
 *     fcfs 0 primes 300000, 50 hello
 *
 * The jobs are called a, b, c, ... in what the parent says.  A job that has
 * been made is a child like any other, stopped until the parent lets it run.
 *
 *   J1  of the jobs that jobs_run() is used for, at most one is not stopped
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <skeleton.h>

#define JOBS_MAX 8
#define JOBS_NUMBER_MAX 1000000 /* the number before a job, at most */
#define JOBS_FOREVER UINT64_MAX

struct job {
    char letter;
    uint64_t number;
    uint64_t time;                      /* the parent's; at first the number */
    char command[KERNE_ARGUMENT_BYTES]; /* a file, a blank, its arguments */
    struct child *child;                /* null: none now */
    uint64_t ticks; /* that the last one had when it ended */
    bool finished;  /* it came to its end, and did not break */
};

struct jobs {
    struct parent parent;
    unsigned count;
    struct job job[JOBS_MAX];
    uint64_t begin; /* when the last was read, in ticks */

    /* Before jobs_begin(): */
    bool is_quiet;   /* there is no console; what jobs print is thrown away */
    bool one_by_one; /* a job gets all that is free, not its part of it */
    const char *no_zero; /* why the number before a job must not be 0, to follow
                          * its letter; null: it may be */
};
extern struct jobs jobs;

/* Reads the list, and presents the clock and the console.  Gives up, and says
 * why, if that cannot be. */
void jobs_begin(const char *list);

/* Makes a child of it, which is stopped.  Gives up if it is refused.  Costs the
 * loading of the program. */
void job_make(struct job *job);
void job_remove(struct job *job);

/* The one with the least `time`, the first of several; of all, or of those that
 * have been made.  Null: there is none. */
struct job *jobs_earliest(bool there);

/* What it has had up to now, or had when it ended. */
uint64_t job_ticks(const struct job *job);

/* Lets this one run, and no other; null: none. */
void jobs_run(struct job *job);

/* Waits until one of them ends, which is then stopped; or until the clock
 * reaches `until`: null. */
struct job *jobs_wait(uint64_t until);

/* Says who ran when, from jobs.begin on; for as long as that was noted, if
 * there were more changes than there is room for. */
void jobs_chart(void);

/* Says a line. */
#define jobs_say(...) parent_say(&jobs.parent, __VA_ARGS__)

static inline unsigned long jobs_milliseconds(uint64_t ticks)
{
    return (unsigned long)(kerne_microseconds(ticks) / 1000);
}

/* Milliseconds since jobs.begin. */
static inline unsigned long jobs_now(void)
{
    return jobs_milliseconds(kerne_get_clock() - jobs.begin);
}
