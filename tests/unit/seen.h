/* Which results of which functions have been seen. */
#pragma once

#include "model/model.h"

const char *seen_name(uint64_t function);

/* A point for each function: everything that can happen to it has. */
void seen_report(const char *profile);
