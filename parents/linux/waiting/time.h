/*
 * What time it is.
 */
#pragma once

#include <abi.h>
#include <stdbool.h>

#define TIME_SECOND UINT64_C(1000000000) /* nanoseconds */

/* Nanoseconds since this system began, which never go back. */
uint64_t time_now(void);

/* Seconds and nanoseconds since 1970; if nobody has told the day, this system
 * began in that moment. */
struct linux_time time_of_day(void);

/* Nanoseconds in so many ticks of the machine's clock. */
uint64_t time_of_ticks(uint64_t ticks);

/* Is it a time, of at least 0? */
bool time_is_good(const struct linux_time *time);

/* Nanoseconds of one that is; more than 272 years are as many. */
uint64_t time_nanoseconds(const struct linux_time *time);

/* So many nanoseconds as a timespec. */
struct linux_time time_spec(uint64_t nanoseconds);

struct thread;

/* Reads nanoseconds from a program's timespec.  Returns 0 or an error. */
long time_read(struct thread *t, uint64_t address, uint64_t *ret);

/* The same, how long a call may wait; of address 0 it is TIME_FOR_EVER. */
#define TIME_FOR_EVER UINT64_MAX
long time_read_wait(struct thread *t, uint64_t address, uint64_t *ret);

/* This system begins. */
void time_begin(void);

/* When the machine's clock stood at 0, so many seconds had passed since 1970;
 * at most TIME_DAY_MOST. */
#define TIME_DAY_MOST (INT64_C(1) << 33)
void time_set_day(int64_t seconds);
