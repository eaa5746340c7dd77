/*
 * What processes have used, as it is told.
 */
#pragma once

#include <stdint.h>

struct thread;

/* Writes a struct rusage of so many nanoseconds and pages; nothing at address
 * 0.  Returns 0 or an error. */
long usage_write_if(struct thread *t, uint64_t address, uint64_t time,
                    uint64_t pages);
