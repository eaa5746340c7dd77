/*
 * TAP 14 on the UART, and the end of the machine.
 *
 * For the root only: it writes the UART by polling, and the test device.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Of printf's there are %s, %u, %lu, %#lx and %%.  A line "# ..." is a remark,
 * and belongs to the result before it. */
void tap_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The version line; before anything else. */
void tap_begin(void);

/* One test's line. */
void tap_result(bool good, const char *name);
void tap_skip(const char *name, const char *reason);

/* The plan, then power off: exit status 0 if all was good, else 1. */
_Noreturn void tap_end(void);

/* Power off at once with this exit status, without a plan: the runner takes
 * that as a failure. */
_Noreturn void tap_power_off(unsigned status);
