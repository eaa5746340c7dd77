/* Time: by messages to `clock`. */
#include "program.h"

uint64_t kerne_delay(uint64_t ticks)
{
    static uint64_t clock;
    static bool found;
    if (!found) {
        clock = kerne_find("clock");
        found = true;
    }
    struct kerne_words answer;
    return kerne_ask(clock, KERNE_CLOCK_DELAY, ticks, 0, &answer);
}

/* Seconds and their rest apart: a product of all would overflow in days. */
uint64_t kerne_ticks(uint64_t microseconds)
{
    uint64_t rate = kerne_start_record->ticks_per_second;
    return microseconds / 1000000 * rate +
           (microseconds % 1000000 * rate + 999999) / 1000000;
}

uint64_t kerne_microseconds(uint64_t ticks)
{
    uint64_t rate = kerne_start_record->ticks_per_second;
    return ticks / rate * 1000000 + ticks % rate * 1000000 / rate;
}
