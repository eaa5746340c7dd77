/*
 * fcfs: first come, first served.  Each job is let run to its end, whatever it
 * does, before the next begins, in the order in which they arrive.  The number
 * before a job says when that is, in milliseconds:
 *
 *     fcfs 0 primes 300000, 20 hello, 10 primes 1000
 */
#include "jobs.h"

/* Returns the time from its arrival to its end, in milliseconds. */
static uint64_t serve(struct job *job)
{
    while (jobs_now() < job->number) {
        jobs_wait(jobs.begin + kerne_ticks(job->number * 1000));
    }
    job_make(job);
    uint64_t began = jobs_now();
    jobs_run(job);
    jobs_wait(JOBS_FOREVER);
    uint64_t end = jobs_now();
    jobs_say("%c arrived at %lu ms, waited %lu, took %lu, and had %lu",
             job->letter, (unsigned long)job->number,
             (unsigned long)(began - job->number), (unsigned long)(end - began),
             jobs_milliseconds(job->ticks));
    job_remove(job);
    return end - job->number;
}

int main(void)
{
    uint64_t all = 0;
    jobs.one_by_one = true;
    jobs_begin(kerne_start_record->arguments);
    for (unsigned i = 0; i < jobs.count; i++) {
        struct job *first_come = jobs_earliest(false);
        all += serve(first_come);
        first_come->time = JOBS_FOREVER;
    }
    jobs_chart();
    jobs_say("on average %lu ms from arrival to end",
             (unsigned long)(all / jobs.count));
    return 0;
}
