#include "jobs.h"

#include <words.h>

#define JOB_HEAP (64 * 1024)
#define JOB_NUMBER 8 /* of its child; below are the names that jobs see */

struct jobs jobs;

static struct child_order order; /* for each of them */
static struct job *last_ended;
static uint64_t alarm; /* 0: none, or it has come */

/* ---- the list ------------------------------------------------------------ */

/* One job, the first `length` characters of the list. */
static void read_job(const char *list, size_t length)
{
    struct job *job = &jobs.job[jobs.count];
    struct words words;
    if (jobs.count == JOBS_MAX) {
        kerne_give_up("it runs %d jobs at most", JOBS_MAX);
    }
    if (!words_read(&words, list, length) ||
        !words_number(&words, "", &job->number) ||
        job->number > JOBS_NUMBER_MAX || words_look(&words) == NULL) {
        kerne_give_up("it expected a number up to %d, a program and its "
                      "arguments, and got `%.*s`",
                      JOBS_NUMBER_MAX, (int)length, list);
    }
    job->letter = (char)('a' + jobs.count++);
    job->time = job->number;
    strcpy(job->command, words_rest(&words));
    if (job->number == 0 && jobs.no_zero != NULL) {
        kerne_give_up("%c %s", job->letter, jobs.no_zero);
    }
}

/* ---- beginning ----------------------------------------------------------- */

static bool ended(struct parent *parent, struct child *child)
{
    struct job *job = &jobs.job[child->number - JOB_NUMBER];
    job->ticks = job_ticks(job);
    job->finished = child->state == CHILD_FINISHED;
    if (!job->finished) {
        parent_say(parent, "%c %s", job->letter, parent->ending);
    }
    last_ended = job;
    return true;
}

/* Without a console, what the jobs print is thrown away. */
static bool event(struct parent *parent, const struct kerne_received *received)
{
    (void)parent;
    uint64_t kind = KERNE_EVENT_KIND(received->event);
    bool is_alarm = kind == KERNE_ANSWER && received->buffer == alarm;
    bool is_lost = jobs.is_quiet && kind == KERNE_MESSAGE &&
                   kerne_operation_of(&received->words) == KERNE_OUTPUT;
    if (is_alarm) { alarm = 0; }
    if (is_lost) {
        uint64_t bytes = kerne_area_bytes(&received->words, KERNE_GRANT_READ);
        kerne_send_answer(received->buffer, KERNE_r_normal,
                          &(struct kerne_words){ { 0, bytes } });
    }
    return is_alarm || is_lost;
}

void jobs_begin(const char *list)
{
    struct parent *parent = &jobs.parent;
    parent->ended = ended;
    parent->event = event;
    parent_begin(parent);
    parent_needs_image(parent);
    if (parent->clock == KERNE_VACANT) {
        kerne_give_up("it sees no clock, and cannot schedule");
    }
    parent_present(parent, "clock", parent->clock);
    if (!jobs.is_quiet) {
        parent_present(parent, "console", parent->console.address);
    }
    do {
        size_t length = strcspn(list, ",");
        read_job(list, length);
        list += length + 1;
    } while (list[-1] == ',');
    order = parent_order(parent, jobs.one_by_one ? 1 : jobs.count);
    jobs.begin = kerne_get_clock();
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

void job_make(struct job *job)
{
    uint64_t number = JOB_NUMBER + (uint64_t)(job - jobs.job);
    struct child_order its_order = order;
    its_order.number = &number;
    its_order.bytes = bytes_for(job->command, order.bytes);
    job->child = parent_make(&jobs.parent, job->command, &its_order);
    if (job->child == NULL) {
        kerne_give_up("it cannot make its job %c", job->letter);
    }
}

uint64_t job_ticks(const struct job *job)
{
    struct accounts accounts;
    bool there =
        job->child != NULL && accounts_read(job->child->reference, &accounts);
    return there ? accounts.time.with_all_below : job->ticks;
}

struct job *jobs_earliest(bool there)
{
    struct job *first = NULL;
    for (unsigned i = 0; i < jobs.count; i++) {
        struct job *job = &jobs.job[i];
        if ((!there || job->child != NULL) &&
            (first == NULL || job->time < first->time)) {
            first = job;
        }
    }
    return first;
}

/* ---- who runs ------------------------------------------------------------ */

#define STRETCHES 1024
#define COLUMNS 60

static struct stretch {
    const struct job *job; /* null: nobody, as at first */
    uint64_t from;
} stretch[STRETCHES];
static unsigned last; /* of them */
static struct job *running;

static void note(struct job *job)
{
    running = job;
    if (last + 1 < STRETCHES) {
        stretch[++last] = (struct stretch){ job, kerne_get_clock() };
    }
}

void jobs_run(struct job *job)
{
    if (running == job) { return; }
    if (running != NULL && running->child->state == CHILD_STARTED) {
        child_stop(&jobs.parent, running->child);
    }
    if (job != NULL) { child_start(&jobs.parent, job->child); }
    note(job);
}

void job_remove(struct job *job)
{
    if (running == job) { note(NULL); }
    child_remove(&jobs.parent, job->child);
    job->child = NULL;
}

void jobs_chart(void)
{
    static char row[JOBS_MAX][COLUMNS];
    uint64_t end =
        last + 1 < STRETCHES ? kerne_get_clock() : stretch[last].from;
    uint64_t length = end - jobs.begin;
    unsigned i = 0;
    memset(row, '.', sizeof row);
    for (unsigned column = 0; column < COLUMNS; column++) {
        uint64_t middle =
            jobs.begin + length * (2 * column + 1) / (2 * COLUMNS);
        while (i < last && stretch[i + 1].from <= middle) { i++; }
        const struct job *job = stretch[i].job;
        if (job != NULL) { row[job - jobs.job][column] = '#'; }
    }
    jobs_say("who ran when, in %lu ms:", jobs_milliseconds(length));
    for (i = 0; i < jobs.count; i++) {
        jobs_say("%c %.*s", jobs.job[i].letter, COLUMNS, row[i]);
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
    while (last_ended == NULL && alarm != 0) { parent_serve_one(&jobs.parent); }
    if (alarm != 0) { kerne_regret_message(alarm); }
    return last_ended;
}
