/* The grader's first child of lab 5: it asks for the time in every way. */
#include <time_told.h>

#define UNKNOWN 33
#define MILLISECOND UINT64_C(10000) /* ticks */

int main(void)
{
    struct kerne_words answer;
    uint64_t clock = kerne_find("clock");
    tell_time();
    (void)kerne_ask(clock, KERNE_SENSE, 0, 0, &answer);
    (void)kerne_ask(clock, KERNE_CLOCK_DELAY, 5 * MILLISECOND, 0, &answer);
    tell_time();
    (void)kerne_ask(clock, KERNE_CLOCK_UNTIL,
                    kerne_get_clock() + 2 * MILLISECOND, 0, &answer);
    tell_time();
    (void)kerne_ask(clock, KERNE_CLOCK_UNTIL, 1, 0, &answer);
    (void)kerne_ask(clock, UNKNOWN, 0, 0, &answer);
    tell_time();
    return 0;
}
