/* Which results of which functions have been seen. */
#pragma once

#include "model/model.h"

const char *seen_name(uint64_t function);

/* Points: every result of each function has been seen, and functions outside of
 * somebody's mask and what is no function were refused. */
void seen_report(const char *profile);
