#include "pace.h"

#define TICK 100 /* instructions, where time counts them; else nanoseconds */

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

void pace_all(const struct course *course, const struct pace *paces,
              size_t count, const char *show)
{
    for (const struct pace *pace = paces; pace < paces + count; pace++) {
        unsigned rounds = show == NULL ? course->rounds : 1;
        for (unsigned i = 0; rounds == 0 || i < rounds; i++) {
            course->mark(pace, PACE_BEGINS);
            move(course, pace, course->bytes);
            course->mark(pace, PACE_ENDS);
        }
        if (show == NULL) {
            course->mark(pace, PACE_IS_OVER);
        } else if (strcmp(pace->name, show) == 0) {
            course->mark(pace, PACE_TRACED);
            move(course, pace, course->traced);
            course->mark(pace, PACE_TRACED);
            return;
        }
    }
}

void tally_mark(struct tally *tally, const char *name, enum pace_mark mark)
{
    struct kerne_time_record record;
    (void)kerne_describe_time(tally->process, &record);
    uint64_t now = tally->is_time ? kerne_get_clock() : record.with_all_below;
    uint64_t taken = (now - tally->before) * TICK / tally->kib;
    switch (mark) {
    case PACE_BEGINS: tally->before = now; break;
    case PACE_ENDS:
        if (tally->best == 0 || taken < tally->best) { tally->best = taken; }
        break;
    case PACE_IS_OVER:
        parent_say(tally->parent, "bench %s.%s %lu %s", tally->label, name,
                   (unsigned long)tally->best,
                   tally->is_time ? "nanoseconds" : "instructions");
        tally->best = 0;
        break;
    case PACE_TRACED: (void)kerne_set_share(0, 0); break;
    }
}
