#include <waiting/time.h>

#include <program.h>

#define SECOND INT64_C(1000000000)

static uint64_t first_tick;
static int64_t day_first; /* nanoseconds since 1970, when this system began */

uint64_t time_of_ticks(uint64_t ticks)
{
    uint64_t each = kerne_start_record->ticks_per_second;
    return ticks / each * (uint64_t)SECOND +
           ticks % each * (uint64_t)SECOND / each;
}

uint64_t time_now(void)
{
    return time_of_ticks(kerne_get_clock() - first_tick);
}

struct linux_time time_of_day(void)
{
    int64_t now = day_first + (int64_t)time_now();
    return (struct linux_time){ now / SECOND, now % SECOND };
}

void time_begin(void) { first_tick = kerne_get_clock(); }

void time_set_day(int64_t seconds)
{
    day_first = seconds * SECOND + (int64_t)time_of_ticks(first_tick);
}
