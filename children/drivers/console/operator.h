/*
 * The operator's side: characters become lines.
 *
 * O1  Lines go to the addressee: at first the driver's parent, from then on
 *     whom the operator named last after the attention key, or to whom that
 *     one has passed the operator on: only the addressee can, and only to its
 *     own child or back to the system around it.  When it is gone, they go to
 *     the system around it.
 * O2  The prompt comes when the addressee waits for a line, and with the
 *     attention key.  No time brings it, and no time drops a line: one that
 *     the addressee does not wait for is kept (keep.h).
 * O3  What is typed while there is no prompt waits, and is echoed when the
 *     prompt has come.  Attention after it brings the prompt, and so keeps its
 *     place in the order.  Only if no more lines can be kept for the addressee,
 *     attention is taken first, so that the operator is never locked out.  What
 *     stood before it goes on if lines go where they went, and is dropped
 *     otherwise, so that nobody performs what was meant for another one; the
 *     operator is told.  A person at ./run's terminal needs no prompt: it comes
 *     as soon as he types.
 * O4  A line of more characters than there is room for is refused as a whole.
 * O5  The line being typed is hidden by output, and shown again when nothing
 *     has been written for QUIET; at once if it has been begun.  Attention in
 *     its middle keeps it: it comes back behind the attention line.
 * O6  Once a terminal has told its size (keys.h, KEY_SIZE), the line is edited
 *     as edit.h has it; before that, it only grows and shrinks at its end.
 * O7  While the addressee holds a raw stream (raw.h), there is no line: keys go
 *     to it as they are typed, until control ], which is attention.  Half a
 *     line that was typed for it before is the first of these keys.
 */
#ifndef OPERATOR_H
#define OPERATOR_H

#include <program.h>

#define QUIET 50000 /* microseconds */

/* Something was written, or the addressee has asked for more. */
void operator_wait_for_quiet(uint64_t now);

/* Lines go elsewhere now, to one that may not wait for one yet. */
void operator_passed(void);

/* Shows the line and takes typed characters, as far as may be at this time,
 * in ticks.  Returns when there is more to do if nothing happens before; 0:
 * nothing. */
uint64_t operator_run(uint64_t now);

#endif
