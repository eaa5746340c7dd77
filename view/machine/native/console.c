/* While the machine waits, its clock goes as the host's, or jumps. */
#define _GNU_SOURCE /* for ppoll */
#include "console.h"
#include "record.h"
#include "replay.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SLICE 200000 /* instructions between two looks at what is typed */
#define STATUS_WAITS_FOR_EVER 3

static bool input_has_ended;

static uint64_t now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static void show(struct machine *m)
{
    const uint8_t *bytes;
    size_t count = machine_sent(m, &bytes);
    while (count > 0) {
        ssize_t done = write(STDOUT_FILENO, bytes, count);
        if (done < 0 && errno == EINTR) { continue; }
        if (done <= 0) { exit(1); } /* nobody reads it */
        bytes += done;
        count -= (size_t)done;
    }
}

/* Reads what is typed, as much as the device takes.  Returns whether any. */
static bool take(struct machine *m)
{
    uint8_t bytes[64];
    size_t room = machine_typing_room(m);
    if (room > sizeof(bytes)) { room = sizeof(bytes); }
    if (input_has_ended || room == 0) { return false; }
    struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
    if (poll(&in, 1, 0) <= 0) { return false; }
    ssize_t count = read(STDIN_FILENO, bytes, room);
    if (count <= 0) {
        input_has_ended = count == 0 || errno != EINTR;
        return false;
    }
    return machine_type(m, bytes, (size_t)count) > 0;
}

/* While the machine waits: until the time of its clock has passed here too, or
 * somebody types.  False: nothing can ever happen. */
static bool wait(struct machine *m, uint64_t until)
{
    uint64_t begin = now(), from = machine_clock(m);
    uint64_t deadline = machine_deadline(m);
    if (deadline > until) { deadline = until; }
    if (deadline == MACHINE_NEVER && input_has_ended) { return false; }
    uint64_t left = deadline - from;
    struct timespec time = { .tv_sec = (time_t)(left / 1000000000),
                             .tv_nsec = (long)(left % 1000000000) };
    struct pollfd in = { .fd = input_has_ended ? -1 : STDIN_FILENO,
                         .events = POLLIN };
    (void)ppoll(&in, 1, deadline == MACHINE_NEVER ? NULL : &time, NULL);
    uint64_t passed = now() - begin;
    machine_pass(m, passed < left ? from + passed : deadline);
    (void)take(m);
    return true;
}

static bool jump(struct machine *m, uint64_t until)
{
    if (machine_deadline(m) == MACHINE_NEVER && until == MACHINE_NEVER) {
        return false;
    }
    machine_pass(m, until);
    return true;
}

static int end(const char *why, int status)
{
    (void)fprintf(stderr, "machine: %s\n", why);
    return status;
}

int console_hold(struct machine *m, struct session *session,
                 const struct options *options)
{
    input_has_ended = options->at_once;
    while (machine_clock(m) < options->until) {
        replay_type(m);
        record_look(m);
        uint64_t last =
            replay_next() < options->until ? replay_next() : options->until;
        uint64_t until = machine_clock(m) + SLICE;
        if (until > last) { until = last; }
        enum machine_state state = session != NULL ? session_run(session, until)
                                                   : machine_run(m, until);
        show(m);
        if (state == MACHINE_HALTED) { return (int)machine_exit_status(m); }
        if (take(m) || state == MACHINE_RUNS) { continue; }
        bool goes_on = options->at_once ? jump(m, last) : wait(m, last);
        if (!goes_on) {
            return end("it waits, and nothing can happen any more",
                       STATUS_WAITS_FOR_EVER);
        }
    }
    return 0;
}
