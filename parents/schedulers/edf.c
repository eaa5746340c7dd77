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
    uint64_t deadline; /* of the one that runs, or ran last */
    uint64_t met, missed;
    uint64_t needed; /* ticks: the most that one had */
    bool finished;   /* one of them has */
} task[JOBS_MAX];

static uint64_t period(unsigned i)
{
    return kerne_ticks(jobs.job[i].number * 1000);
}

static uint64_t longest_period(void)
{
    uint64_t longest = 0;
    for (unsigned i = 0; i < jobs.count; i++) {
        longest = period(i) > longest ? period(i) : longest;
    }
    return longest;
}

static void end(unsigned i, bool met)
{
    uint64_t ticks = job_ticks(&jobs.job[i]);
    task[i].met += met;
    task[i].missed += !met;
    task[i].finished |= met;
    task[i].needed = ticks > task[i].needed ? ticks : task[i].needed;
    job_remove(&jobs.job[i]);
}

/* Jobs that are not there now: each has its part of what is free. */
static uint64_t jobs_missing(void)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < jobs.count; i++) {
        count += jobs.job[i].child == NULL;
    }
    return count;
}

/* Begins what is due, in place of what has not finished. */
static void release(uint64_t now, bool shares)
{
    for (unsigned i = 0; i < jobs.count; i++) {
        struct job *job = &jobs.job[i];
        if (now < task[i].deadline) { continue; }
        if (job->child != NULL) { end(i, false); }
        while (task[i].deadline <= now) { task[i].deadline += period(i); }
        job_make(job, jobs_missing());
        if (shares) { child_start(&jobs.parent, job->child); }
    }
}

/* The earliest deadline, of all or of those that have work to do. */
static unsigned earliest(bool at_work)
{
    unsigned first = JOBS_MAX;
    for (unsigned i = 0; i < jobs.count; i++) {
        if ((!at_work || jobs.job[i].child != NULL) &&
            (first == JOBS_MAX || task[i].deadline < task[first].deadline)) {
            first = i;
        }
    }
    return first;
}

static void run_until(uint64_t last, bool shares)
{
    while (kerne_get_clock() < last) {
        release(kerne_get_clock(), shares);
        unsigned first = earliest(true);
        if (!shares) { jobs_run(first == JOBS_MAX ? NULL : &jobs.job[first]); }
        struct job *ended = jobs_wait(task[earliest(false)].deadline);
        if (ended != NULL) {
            unsigned i = (unsigned)(ended - jobs.job);
            bool in_time = kerne_get_clock() <= task[i].deadline;
            end(i, ended->finished && in_time);
        }
    }
}

static void report(void)
{
    uint64_t load = 0;
    bool more = false;
    for (unsigned i = 0; i < jobs.count; i++) {
        const struct task *t = &task[i];
        jobs_say("%c: period %lu ms, needs %s%lu; met %lu, missed %lu",
                 jobs.job[i].letter, (unsigned long)jobs.job[i].number,
                 t->finished ? "" : "more than ", jobs_milliseconds(t->needed),
                 (unsigned long)t->met, (unsigned long)t->missed);
        load += t->needed * 100 / period(i);
        more |= !t->finished;
    }
    jobs_say("load %s%lu %%", more ? "more than " : "", (unsigned long)load);
}

int main(int argc, char **argv)
{
    const char *list = kerne_start_record->arguments;
    bool shares = argc > 1 && strcmp(argv[1], "shares") == 0;
    jobs_begin(shares ? strstr(list, "shares") + strlen("shares") : list, true);
    for (unsigned i = 0; i < jobs.count; i++) {
        if (jobs.job[i].number == 0) {
            kerne_give_up("%c has a period of 0 ms: it is late at once",
                          jobs.job[i].letter);
        }
        task[i].deadline = kerne_get_clock();
    }
    run_until(kerne_get_clock() + PERIODS * longest_period(), shares);
    if (!shares) { jobs_chart(); }
    report();
    return 0;
}
