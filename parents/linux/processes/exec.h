/*
 * Running a program in place of the one that a thread has.
 */
#pragma once

#include <processes/process.h>
#include <processes/program.h>

/* The program at a path, with the arguments and environment that a call's
 * arguments a[1] and a[2] name; or with `own`, which are used up.  An error, or
 * CALL_NO_ANSWER: it runs, or the process has ended. */
long exec_run(struct thread *t, const char *path, const uint64_t *a,
              struct texts *own);
