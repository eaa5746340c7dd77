/*
 * Linux's clocks, as programs name them.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <abi.h>
#include <stdbool.h>
#include <waiting/ticker.h>

struct thread;

enum {
    CLOCK_REALTIME,
    CLOCK_MONOTONIC,
    CLOCK_PROCESS,
    CLOCK_THREAD,
    CLOCK_REALTIME_COARSE = 5,
    CLOCK_BOOTTIME = 7,
    CLOCK_REALTIME_ALARM,
    CLOCK_BOOTTIME_ALARM,
    CLOCK_TAI = 11,
    CLOCKS,
};

/* Is there such a one? */
static inline bool clock_is_there(uint64_t clock)
{
    return clock < CLOCKS && clock != 10;
}

/* Does it tell the time of day? */
static inline bool clock_is_of_day(uint64_t clock)
{
    return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ||
           clock == CLOCK_REALTIME_ALARM || clock == CLOCK_TAI;
}

struct clock_interval { /* struct itimerspec */
    struct linux_time every, first;
};

/* Reads one of the program's.  0 or an error. */
long clock_read_interval(struct thread *t, uint64_t address,
                         struct clock_interval *ret);

/* Sets a ticker, whose own clock is that already: its first time is a time of
 * the clock, or how long from now on. */
void clock_set_ticker(struct ticker *ticker, uint64_t clock,
                      const struct clock_interval *interval, bool is_absolute);

/* What is left, and the period. */
void clock_tell_interval(const struct ticker *ticker,
                         struct clock_interval *ret);
