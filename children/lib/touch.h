/* How the library, and a parent's console, ask again: of no use to programs. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define FRUITLESS 8 /* so often nothing may be taken before it is a failure */

/* Touches each page of an area as its receiver will, so that whoever keeps
 * them elsewhere brings them back now. */
void kerne_touch(uint64_t grant, char *first, size_t bytes);
