/*
 * lottery: each 10 ms a ticket is drawn, and the job that holds it runs.  The
 * number before a job says how many tickets it has:
 *
 *     lottery 3 primes 1000000, 1 primes 1000000
 */
#include "jobs.h"

#define QUANTUM 10000 /* microseconds */

static uint64_t drawn[JOBS_MAX];

static uint64_t random_number(void)
{
    static uint64_t state = 1969;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> 16;
}

/* The tickets of those that have not ended yet. */
static uint64_t tickets(void)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < jobs.count; i++) {
        sum += jobs.job[i].child != NULL ? jobs.job[i].number : 0;
    }
    return sum;
}

/* One of so many tickets. */
static struct job *draw(uint64_t tickets_left)
{
    uint64_t ticket = random_number() % tickets_left;
    struct job *job = jobs.job;
    for (; job->child == NULL || ticket >= job->number; job++) {
        ticket -= job->child != NULL ? job->number : 0;
    }
    drawn[job - jobs.job]++;
    return job;
}

static void report(const struct job *ended)
{
    uint64_t draws = 0;
    uint64_t ticks = 1; /* nobody divides by 0 */
    for (unsigned i = 0; i < jobs.count; i++) {
        draws += drawn[i];
        ticks += job_ticks(&jobs.job[i]);
    }
    jobs_say("%c has ended, after %lu draws", ended->letter,
             (unsigned long)draws);
    for (unsigned i = 0; i < jobs.count; i++) {
        const struct job *job = &jobs.job[i];
        jobs_say("  %c: tickets %lu, draws %lu, time %lu %%", job->letter,
                 (unsigned long)job->number, (unsigned long)drawn[i],
                 (unsigned long)(job_ticks(job) * 100 / ticks));
    }
}

int main(void)
{
    jobs.no_zero = "has no ticket, and would never run";
    jobs_begin(kerne_start_record->arguments);
    for (unsigned i = 0; i < jobs.count; i++) { job_make(&jobs.job[i]); }
    for (uint64_t left; (left = tickets()) > 0;) {
        jobs_run(draw(left));
        struct job *ended = jobs_wait(kerne_get_clock() + kerne_ticks(QUANTUM));
        if (ended != NULL) {
            report(ended);
            job_remove(ended);
        }
    }
    jobs_chart();
    return 0;
}
