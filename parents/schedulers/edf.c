/*
 * edf: earliest deadline first.  Each job is begun anew in each of its periods,
 * and is to have finished before the next; the number before it is its period
 * in milliseconds.  Of those that have work to do, the one runs whose period
 * ends first.  After ten of the longest periods it says what was met and what
 * was missed.  `edf shares ...` lets all run at once, by equal shares.
 *
 *     edf 100 primes 200000, 300 primes 400000
 */
#include "jobs.h"

#define PERIODS 10

static struct task {
    uint64_t met, missed;
    uint64_t needed; /* ticks: the most that one had */
    bool finished;   /* one of them has */
} task[JOBS_MAX];

static uint64_t period(const struct job *job)
{
    return kerne_ticks(job->number * 1000);
}

static void end(struct job *job, bool met)
{
    struct task *t = &task[job - jobs.job];
    uint64_t ticks = job_ticks(job);
    t->met += met;
    t->missed += !met;
    t->finished |= met;
    t->needed = ticks > t->needed ? ticks : t->needed;
    job_remove(job);
}

/* Begins what is due, in place of what has not finished. */
static void release(uint64_t now, bool shares)
{
    for (struct job *job = jobs.job; job < jobs.job + jobs.count; job++) {
        if (now < job->time) { continue; }
        if (job->child != NULL) { end(job, false); }
        while (job->time <= now) { job->time += period(job); }
        job_make(job);
        if (shares) { child_start(&jobs.parent, job->child); }
    }
}

/* A job's time is its deadline: of the one that runs, or ran last. */
static void run_until(uint64_t last, bool shares)
{
    while (kerne_get_clock() < last) {
        release(kerne_get_clock(), shares);
        if (!shares) { jobs_run(jobs_earliest(true)); }
        struct job *ended = jobs_wait(jobs_earliest(false)->time);
        if (ended != NULL) {
            end(ended, ended->finished && kerne_get_clock() <= ended->time);
        }
    }
}

static void report(void)
{
    uint64_t load = 0;
    bool more = false;
    for (unsigned i = 0; i < jobs.count; i++) {
        const struct job *job = &jobs.job[i];
        const struct task *t = &task[i];
        jobs_say("%c: period %lu ms, needs %s%lu; met %lu, missed %lu",
                 job->letter, (unsigned long)job->number,
                 t->finished ? "" : "more than ", jobs_milliseconds(t->needed),
                 (unsigned long)t->met, (unsigned long)t->missed);
        load += t->needed * 100 / period(job);
        more |= !t->finished;
    }
    jobs_say("load %s%lu %%", more ? "more than " : "", (unsigned long)load);
}

int main(int argc, char **argv)
{
    const char *list = kerne_start_record->arguments;
    bool shares = argc > 1 && strcmp(argv[1], "shares") == 0;
    uint64_t longest = 0;
    jobs.is_quiet = true;
    jobs.no_zero = "has a period of 0 ms: it is late at once";
    jobs_begin(shares ? strstr(list, "shares") + strlen("shares") : list);
    for (struct job *job = jobs.job; job < jobs.job + jobs.count; job++) {
        job->time = jobs.begin;
        longest = period(job) > longest ? period(job) : longest;
    }
    run_until(jobs.begin + PERIODS * longest, shares);
    if (!shares) { jobs_chart(); }
    report();
    return 0;
}
