/* TAP on standard output. */
#pragma once

#include <stdbool.h>

void tap_begin(void);

/* One point.  What is remarked before it is printed behind it if it fails. */
void tap_point(bool good, const char *name);
void tap_remark(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The plan; returns the exit status. */
int tap_end(void);
