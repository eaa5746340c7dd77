/*
 * fcfs: first come, first served.  Each job is let run to its end, whatever it
 * does, before the next begins, in the order in which they arrive.  The number
 * before a job says when that is, in milliseconds:
 *
 *     fcfs 0 primes 300000, 20 hello, 10 primes 1000
 */
#include "jobs.h"

static uint64_t begin;

static uint64_t arrival(const struct job *job)
{
    return begin + kerne_ticks(job->number * 1000);
}

/* The first to arrive of those that are left; of two at once, the first in the
 * list. */
static struct job *first_come(const bool served[JOBS_MAX])
{
    struct job *first = NULL;
    for (unsigned i = 0; i < jobs.count; i++) {
        struct job *job = &jobs.job[i];
        if (!served[i] && (first == NULL || job->number < first->number)) {
            first = job;
        }
    }
    return first;
}

/* Returns the time from its arrival to its end. */
static uint64_t serve(struct job *job)
{
    while (kerne_get_clock() < arrival(job)) { jobs_wait(arrival(job)); }
    job_make(job, 1);
    uint64_t began = kerne_get_clock();
    jobs_run(job);
    jobs_wait(JOBS_FOREVER);
    uint64_t end = kerne_get_clock();
    jobs_say("%c arrived at %lu ms, waited %lu, took %lu, and had %lu",
             job->letter, (unsigned long)job->number,
             jobs_milliseconds(began - arrival(job)),
             jobs_milliseconds(end - began), jobs_milliseconds(job->ticks));
    job_remove(job);
    jobs_run(NULL);
    return end - arrival(job);
}

int main(void)
{
    bool served[JOBS_MAX] = { false };
    uint64_t all = 0;
    jobs_begin(kerne_start_record->arguments, false);
    begin = kerne_get_clock();
    for (unsigned i = 0; i < jobs.count; i++) {
        struct job *job = first_come(served);
        served[job - jobs.job] = true;
        all += serve(job);
    }
    jobs_chart();
    jobs_say("on average %lu ms from arrival to end",
             jobs_milliseconds(all / jobs.count));
    return 0;
}
