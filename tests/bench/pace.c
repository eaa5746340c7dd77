#include "pace.h"

#define INSTRUCTIONS 100 /* in a tick, where time counts them */

static uint64_t place; /* in requests, of the last one */

/* As a generator of random numbers that comes to each part before it comes to
 * one again. */
static void go_on(const struct course *course, const struct pace *pace)
{
    uint64_t parts = course->bytes / pace->bytes;
    place =
        (pace->is_random ? place * 1664525 + 1013904223 : place + 1) % parts;
}

/* Keeps so many requests under way; output has ended when it is flushed. */
static void move(const struct course *course, const struct pace *pace,
                 uint64_t bytes)
{
    static char area[PACE_FLIGHT][PACE_REQUEST]
        __attribute__((aligned(KERNE_PAGE)));
    uint64_t buffer[PACE_FLIGHT];
    uint64_t count = bytes / pace->bytes;
    uint64_t segments = pace->bytes / KERNE_SEGMENT;
    for (uint64_t i = 0; i < count + pace->at_once; i++) {
        uint64_t k = i % pace->at_once;
        struct kerne_words words;
        if (i >= pace->at_once &&
            kerne_wait_answer(buffer[k], &words) != KERNE_r_normal) {
            kerne_give_up("%s: an error", pace->name);
        }
        if (i >= count) { continue; }
        go_on(course, pace);
        words = kerne_segments_message(
            pace->operation, pace->grant,
            pace->grant == 0 ? course->run + k * PACE_REQUEST : area[k],
            segments, place * segments);
        (void)kerne_send_message(course->address, &words, &buffer[k]);
    }
    struct kerne_segments_done done;
    if (pace->operation == KERNE_OUTPUT &&
        kerne_segments_flush(course->address, &done) != KERNE_r_normal) {
        kerne_give_up("%s: %s", pace->name, kerne_segments_text(&done));
    }
}

/* The best of some rounds: idle time, which nobody pays for, makes work for the
 * nucleus. */
static void measure(const struct course *course, const struct pace *pace)
{
    uint64_t best = UINT64_MAX;
    for (unsigned round = 0; round < course->rounds; round++) {
        struct kerne_time_record before, after;
        (void)kerne_describe_time(0, &before);
        move(course, pace, course->bytes);
        (void)kerne_describe_time(0, &after);
        uint64_t ticks = after.with_all_below - before.with_all_below;
        best = ticks < best ? ticks : best;
    }
    parent_say(course->parent, "bench %s.%s %lu instructions", course->label,
               pace->name,
               (unsigned long)(best * INSTRUCTIONS / (course->bytes / 1024)));
}

void pace_all(const struct course *course, const struct pace *paces,
              size_t count, const char *show)
{
    for (size_t i = 0; i < count; i++) {
        if (show == NULL) {
            measure(course, &paces[i]);
            continue;
        }
        move(course, &paces[i], course->bytes);
        if (strcmp(paces[i].name, show) == 0) {
            (void)kerne_set_share(0, 0);
            move(course, &paces[i], course->traced);
            (void)kerne_set_share(0, 0);
            return;
        }
    }
}
