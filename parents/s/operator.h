/*
 * The operator's line: read, performed command by command, and answered.
 *
 * What a command prints is on paper before the next one begins, and before the
 * console is asked for the next line; so no line can make s print faster than
 * the console does.
 */
#ifndef OPERATOR_H
#define OPERATOR_H

#include "system.h"

/* Does all that can be done without waiting: prints, performs commands, asks
 * for a line.  To be called before each wait. */
void operator_proceed(struct system *system);

/* A line has come: `bytes` bytes in the console's input. */
void operator_line(struct system *system, uint64_t bytes);

/* The arguments that s was started with are its first line; false: there are
 * none. */
bool operator_argument_line(struct system *system);

/* For commands: prints a line of their result. */
void operator_print(struct system *system, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* For commands: prints why a command is refused, and ends the line.  Always
 * false, so that a command can return it. */
bool operator_refuse(struct system *system, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
