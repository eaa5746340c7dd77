/*
 * Raw streams: a program has the operator's keys as they are typed, and writes
 * bytes as they are.
 *
 * W1  Keys go to the addressee (operator.h, O1), and only while it holds a
 *     stream.  So nothing but whom lines go to decides, and nobody takes the
 *     keys from another one.
 * W2  No key is lost: what it does not ask for is kept for it, STREAM_BYTES,
 *     and more waits to be received.
 * W3  Control ] is never a program's.  It is taken before all that nobody
 *     reads.
 * W4  While the screen is a program's, nobody else's output is written: it is
 *     held (held.h); what finds no room there waits, and who wrote it waits
 *     with it.  So does another one's stream.
 * W5  The screen is the console's again, whatever was made of it (modes.h),
 *     before the console says a word; and it says whose all above is.
 * W6  A stream is its message: it ends when that is regretted, or its sender
 *     is gone.
 * W7  No stream is shown, and nobody is told a size, before the terminal has
 *     told its own, or SETTLES since the driver began is over: then there is
 *     none.  Keys for who holds a stream wait so long.
 */
#ifndef RAW_H
#define RAW_H

#include "request.h"

#define STREAMS 8 /* that something is kept of */
#define STREAM_BYTES 1024
#define SETTLES 1000000 /* microseconds */

/* A message that has come, with an area of so many bytes: what the answer is;
 * 0: none yet. */
uint64_t raw_message(const struct kerne_received *message, uint64_t bytes);

/* With the size of the terminal, and the turn. */
void raw_answer(const struct request *request, uint64_t result, uint64_t status,
                uint64_t bytes);

/* Looks whether it is known if there is a terminal (W7); the first time is the
 * beginning of the driver.  Then who asked for the size is answered.  Returns
 * when to look again, in ticks as `now`; 0: nobody needs it. */
uint64_t raw_settle(uint64_t now);
bool raw_is_settled(void);

/* Does the addressee hold a stream? */
bool raw_is_due(void);

/* Makes the screen the addressee's, and these bytes the first keys for it,
 * which were typed before; or the console's again. */
void raw_show(const char *typed, size_t bytes);
void raw_hide(void);
bool raw_shows(void);

/* Takes what was typed, as far as somebody asks for it or it can be kept.
 * True: control ] comes next. */
bool raw_run(void);

/* Gives those who ask what is kept for them, and drops what is kept for those
 * that have no stream any more. */
void raw_give(void);

/* Takes the next text that the addressee wants written; false: there is
 * none. */
bool raw_take_output(struct request *ret_request);

#endif
