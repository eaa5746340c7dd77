/*
 * What time it is.
 */
#pragma once

#include <abi.h>

/* Nanoseconds since this system began, which never go back. */
uint64_t time_now(void);

/* Seconds and nanoseconds since 1970: nobody tells this machine, so it is as
 * late as the youngest file of the image when this system begins. */
struct linux_time time_of_day(void);

/* Nanoseconds in so many ticks of the machine's clock. */
uint64_t time_of_ticks(uint64_t ticks);

struct thread;

/* Reads nanoseconds from a program's timespec.  Returns 0 or an error. */
long time_read(struct thread *t, uint64_t address, uint64_t *ret);

void time_begin(int64_t seconds);
