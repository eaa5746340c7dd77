/* least served first: the job that has had the least time runs next.  The
 * number before a job is the millisecond at which it arrives:
 *
 *     student 0 alpha 40, 0 beta 20, 25 gamma 20
 */
#include <jobs.h>

#define QUANTUM 2000 /* microseconds */

/* When it arrives, in ticks. */
static uint64_t arrival(const struct job *job)
{
    return jobs.begin + kerne_ticks(job->number * 1000);
}

/* Makes those that have arrived; returns when the next one will.  A job's time
 * is then JOBS_FOREVER: it will not come again. */
static uint64_t admit(void)
{
    uint64_t next = JOBS_FOREVER;
    for (struct job *job = jobs.job; job < jobs.job + jobs.count; job++) {
        if (job->time == JOBS_FOREVER) { continue; }
        if (arrival(job) <= kerne_get_clock()) {
            job_make(job);
            job->time = JOBS_FOREVER;
        } else if (arrival(job) < next) {
            next = arrival(job);
        }
    }
    return next;
}

/* Null: none is there. */
static struct job *least_served(void)
{
    struct job *least = NULL;
    for (struct job *job = jobs.job; job < jobs.job + jobs.count; job++) {
        if (job->child == NULL) { continue; }
        if (least == NULL || job_ticks(job) < job_ticks(least)) { least = job; }
    }
    return least;
}

int main(void)
{
    jobs.is_quiet = true;
    jobs_begin(kerne_start_record->arguments);
    for (;;) {
        uint64_t next = admit();
        struct job *job = least_served();
        if (job == NULL && next == JOBS_FOREVER) { return 0; }
        jobs_run(job);
        uint64_t end = kerne_get_clock() + kerne_ticks(QUANTUM);
        struct job *ended = jobs_wait(job != NULL && end < next ? end : next);
        if (ended != NULL) { job_remove(ended); }
    }
}
