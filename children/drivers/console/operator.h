/*
 * The operator's side: characters become lines.
 *
 * O1  Lines go to the addressee: at first the driver's parent, from then on
 *     whom the operator named last after the attention key, or to whom that
 *     one has passed the operator on: only the addressee can, and only to its
 *     own child or back to the system around it.  When it is gone, they go to
 *     the system around it.
 * O2  The operator is never locked out.  After a line the prompt comes when
 *     the addressee waits for input or has answered the line, or when the line
 *     could not be given; and after PATIENCE in any case.  Attention brings
 *     it at once.
 * O3  What is typed while there is no prompt waits, and is echoed when the
 *     prompt has come.  Attention after it keeps its place in the order.
 * O4  A line of more characters than there is room for is refused as a whole.
 * O5  The line being typed is hidden by output, and shown again when nothing
 *     has been written for QUIET; at once if it has been begun.
 */
#ifndef OPERATOR_H
#define OPERATOR_H

#include <program.h>

/* In microseconds. */
#define PATIENCE 1000000
#define PATIENCE_FOR_NEW 5000000 /* with one that was just passed to */
#define QUIET 50000

/* At the start, and after each call that may make the line due. */
void operator_open(uint64_t now);

/* Something was written, or the addressee has asked for more. */
void operator_wait_for_quiet(uint64_t now);

/* The addressee has answered the line: ready for the next one. */
void operator_line_taken(uint64_t now);

/* Lines go elsewhere now, to one that may not wait for one yet. */
void operator_passed(uint64_t now);

/* Shows the line and takes typed characters, as far as may be at this time,
 * in ticks.  Returns when there is more to do if nothing happens before; 0:
 * nothing. */
uint64_t operator_run(uint64_t now);

#endif
