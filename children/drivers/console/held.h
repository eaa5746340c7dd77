/*
 * Output that came while the screen was a program's, and is written when it is
 * the console's again.  Its sender does not wait meanwhile.
 *
 * H1  Each output is whole, and they stand in their order.
 * H2  The room is bounded.  One sender has no more than HELD_OF_ONE of it: so
 *     he who writes without end waits alone.
 */
#ifndef HELD_H
#define HELD_H

#include "path.h"

#define HELD_BYTES 8192
#define HELD_OF_ONE 2048

bool held_has_room(const struct addressee *from, size_t bytes);

/* There must be room.  The text has at most `bytes` bytes. */
void held_add(const struct addressee *from, const char *text, size_t bytes);

/* Takes the oldest: its sender and its bytes, of which *ret_text has room for
 * HELD_OF_ONE.  False: there is none. */
bool held_take(struct addressee *ret_from, char *ret_text, size_t *ret_bytes);

#endif
