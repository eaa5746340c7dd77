#include "jobs.h"

#include <stdlib.h>

#define JOB_HEAP (64 * 1024)

struct jobs jobs;

static struct job *running; /* as far as jobs_run() knows */
static struct job *last_ended;

/* ---- the list ------------------------------------------------------------ */

/* One job, the first `length` characters of the list. */
static void read_job(const char *list, size_t length)
{
    size_t blanks = strspn(list, " ");
    char *behind;
    uint64_t number = strtoull(list + blanks, &behind, 10);
    size_t begin = (size_t)(behind - list) + strspn(behind, " ");
    if (jobs.count == JOBS_MAX) {
        kerne_give_up("it runs %d jobs at most", JOBS_MAX);
    }
    if (list[blanks] < '0' || list[blanks] > '9' || *behind != ' ' ||
        number > JOBS_NUMBER_MAX || begin >= length) {
        kerne_give_up("it expected a number up to %d, a program and its "
                      "arguments, and got `%.*s`",
                      JOBS_NUMBER_MAX, (int)length, list);
    }
    struct job *job = &jobs.job[jobs.count];
    job->letter = (char)('a' + jobs.count++);
    job->number = number;
    memcpy(job->command, list + begin, length - begin);
}

/* ---- beginning ----------------------------------------------------------- */

static struct job *job_of(const struct child *child)
{
    for (unsigned i = 0; i < jobs.count; i++) {
        if (jobs.job[i].child == child) { return &jobs.job[i]; }
    }
    return NULL;
}

static bool ended(struct parent *parent, struct child *child)
{
    struct job *job = job_of(child);
    job->ticks = job_ticks(job);
    job->finished = child->state == CHILD_FINISHED;
    if (!job->finished) {
        parent_say(parent, "%c %s", job->letter, parent->ending);
    }
    last_ended = job;
    return true;
}

/* Without a console, what the jobs print is thrown away. */
static bool throw_away(struct parent *parent,
                       const struct kerne_received *received)
{
    (void)parent;
    bool is_output = KERNE_EVENT_KIND(received->event) == KERNE_MESSAGE &&
                     kerne_operation_of(&received->words) == KERNE_OUTPUT;
    if (is_output) {
        uint64_t bytes = kerne_area_bytes(&received->words, KERNE_GRANT_READ);
        kerne_send_answer(received->buffer, KERNE_r_normal,
                          &(struct kerne_words){ { 0, bytes } });
    }
    return is_output;
}

/* Whether an alarm has come, jobs_wait() sees for itself. */
static uint64_t alarm;
static bool alarm_came;

static bool event(struct parent *parent, const struct kerne_received *received)
{
    bool is_alarm = KERNE_EVENT_KIND(received->event) == KERNE_ANSWER &&
                    received->buffer == alarm;
    alarm_came |= is_alarm;
    return is_alarm || (jobs.quiet && throw_away(parent, received));
}

void jobs_begin(const char *list, bool quiet)
{
    struct parent *parent = &jobs.parent;
    jobs.quiet = quiet;
    parent->ended = ended;
    parent->event = event;
    parent_begin(parent);
    parent_needs_image(parent);
    if (parent->clock == KERNE_VACANT) {
        kerne_give_up("it sees no clock, and cannot schedule");
    }
    parent_present(parent, "clock", parent->clock);
    if (!quiet) { parent_present(parent, "console", parent->console.address); }
    for (size_t length; (length = strcspn(list, ",")) != strlen(list);
         list += length + 1) {
        read_job(list, length);
    }
    read_job(list, strlen(list));
}

/* ---- one job ------------------------------------------------------------- */

/* What it needs and some room, so that no more has to be cleared; at most its
 * part.  What is wrong with the file, parent_make says. */
static uint64_t bytes_for(const char *command, uint64_t part)
{
    struct archive_member file;
    struct executable executable;
    const char *arguments;
    if (!child_find_file(&jobs.parent, command, &file, &arguments) ||
        executable_check(file.bytes, file.size, &executable) != NULL) {
        return part;
    }
    uint64_t bytes = loader_needed(&executable) + JOB_HEAP;
    return bytes < part ? bytes : part;
}

void job_make(struct job *job, uint64_t parts)
{
    struct child_order order = parent_order(&jobs.parent, parts);
    order.bytes = bytes_for(job->command, order.bytes);
    job->child = parent_make(&jobs.parent, job->command, &order);
    if (job->child == NULL) {
        kerne_give_up("it cannot make its job %c", job->letter);
    }
}

void job_remove(struct job *job)
{
    running = running == job ? NULL : running;
    child_remove(&jobs.parent, job->child);
    job->child = NULL;
}

uint64_t job_ticks(const struct job *job)
{
    struct accounts accounts;
    bool there =
        job->child != NULL && accounts_read(job->child->reference, &accounts);
    return there ? accounts.time.with_all_below : job->ticks;
}

/* ---- who runs ------------------------------------------------------------ */

#define STRETCHES 1024
#define COLUMNS 60

static struct stretch {
    const struct job *job;
    uint64_t from;
} stretch[STRETCHES];
static unsigned stretches;

void jobs_run(struct job *job)
{
    if (running == job && job != NULL) { return; }
    if (running != NULL && running->child->state == CHILD_STARTED) {
        child_stop(&jobs.parent, running->child);
    }
    running = job;
    if (job != NULL) { child_start(&jobs.parent, job->child); }
    if (stretches < STRETCHES) {
        stretch[stretches++] = (struct stretch){ job, kerne_get_clock() };
    }
}

static const struct job *who_ran_at(uint64_t time)
{
    unsigned i = 0;
    while (i + 1 < stretches && stretch[i + 1].from <= time) { i++; }
    return stretch[i].job;
}

void jobs_chart(void)
{
    uint64_t begin = stretch[0].from;
    uint64_t end =
        stretches < STRETCHES ? kerne_get_clock() : stretch[STRETCHES - 1].from;
    jobs_say("who ran when, in %lu ms:", jobs_milliseconds(end - begin));
    for (unsigned i = 0; i < jobs.count; i++) {
        char line[COLUMNS + 1] = { 0 };
        for (unsigned j = 0; j < COLUMNS; j++) {
            uint64_t middle =
                begin + (end - begin) * (2 * j + 1) / (2 * COLUMNS);
            line[j] = who_ran_at(middle) == &jobs.job[i] ? '#' : '.';
        }
        jobs_say("%c %s", jobs.job[i].letter, line);
    }
}

/* ---- what happens to them ------------------------------------------------ */

struct job *jobs_wait(uint64_t until)
{
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CLOCK_UNTIL, 0),
                                     until } };
    if (kerne_send_message(jobs.parent.clock, &message, &alarm) !=
        KERNE_r_normal) {
        kerne_give_up("it has no buffer for its alarm; `buf` gives more");
    }
    last_ended = NULL;
    alarm_came = false;
    while (last_ended == NULL && !alarm_came) {
        parent_serve_one(&jobs.parent);
    }
    if (!alarm_came) { kerne_regret_message(alarm); }
    return last_ended;
}
