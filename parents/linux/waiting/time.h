/*
 * What time it is.
 */
#pragma once

#include <abi.h>

/* Nanoseconds since this system began, which never go back. */
uint64_t time_now(void);

/* Seconds and nanoseconds since 1970; if nobody has told the day, this system
 * began in that moment. */
struct linux_time time_of_day(void);

/* Nanoseconds in so many ticks of the machine's clock. */
uint64_t time_of_ticks(uint64_t ticks);

struct thread;

/* Reads nanoseconds from a program's timespec.  Returns 0 or an error. */
long time_read(struct thread *t, uint64_t address, uint64_t *ret);

/* This system begins. */
void time_begin(void);

/* When the machine's clock stood at 0, so many seconds had passed since 1970;
 * at most TIME_DAY_MOST. */
#define TIME_DAY_MOST (INT64_C(1) << 33)
void time_set_day(int64_t seconds);
