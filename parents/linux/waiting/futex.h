/*
 * Futexes: words of a program's storage on which threads wait.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <memory/space.h>

void futex_wake_all(struct space *space, uint64_t address);
