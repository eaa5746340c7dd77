/*
 * Kept windows: those that a space had onto pages of files in the image, when
 * it goes.  The process that has them waits for another space; if that is of
 * the same program, it begins with them, and need not break for each.
 *
 *   KW1  they let nobody write, and are onto pages of the image, which stay
 *   KW2  a space gets one only where an area of its own allows the same, and
 *        the others are closed
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct kept;
struct node;
struct space;

/* What spaces of the same program have in common; null: nothing. */
const void *kept_key(struct node *program);

/* Closes all windows of a space but those, which are not its own any more.
 * Null: there are none. */
struct kept *kept_make(struct space *space);

/* Is it of spaces with this key? */
bool kept_is_of(const struct kept *kept, const void *key);

/* Those in space->kept become the space's, as far as its areas allow it; none
 * is kept then. */
void kept_adopt(struct space *space);

/* Closes them; null: there are none. */
void kept_close(struct kept *kept, uint64_t reference);
