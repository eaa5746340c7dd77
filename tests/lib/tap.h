/*
 * TAP 14 on the UART, and the end of the machine.
 *
 * For the root only: it writes the UART by polling, and the test device.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

void tap_text(const char *text);
void tap_number(uint64_t number);
void tap_hexadecimal(uint64_t number);

/* The version line; before anything else. */
void tap_begin(void);

/* One test's line.  What follows as `tap_remark` belongs to it. */
void tap_result(bool good, const char *name);
void tap_skip(const char *name, const char *reason);

/* Begins a line "# "; the caller ends it with "\n". */
void tap_remark(void);

/* The plan, then power off: exit status 0 if all was good, else 1. */
_Noreturn void tap_end(void);

/* Power off at once with this exit status, without a plan: the runner takes
 * that as a failure. */
_Noreturn void tap_power_off(unsigned status);
