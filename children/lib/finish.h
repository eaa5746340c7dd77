/* How the library's parts end a program: of no use to programs. */
#pragma once

#include <stdbool.h>

/* What writes the unfinished last line of standard output; null until there
 * is one, so that a program without stdio contains no stdio. */
extern void (*kerne_before_finish)(void);

/* Something that was written to standard output did not arrive: a program that
 * ends well otherwise has failed. */
extern bool kerne_output_lost;
