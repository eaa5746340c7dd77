/*
 * The lines that are kept, in boxes, one for each addressee.
 *
 * K1  A line stays until its addressee asks for it, is gone, or the operator
 *     takes it back.  No time ends that.
 * K2  The lines of a box are given in their order, whole.
 * K3  A box of its own is kept for the parent, so that the operator can always
 *     write to it.
 * K4  What was kept for one that is gone is shown to the operator, and to
 *     nobody given.
 */
#ifndef KEEP_H
#define KEEP_H

#include "path.h"

#include <program.h>

#define BOXES 9
#define BOX_BYTES 4096

/* For one more line, however long. */
bool keep_has_room(const struct addressee *to);

/* Keeps a line that ends in a newline; false: there is no room. */
bool keep_line(const struct addressee *to, const char *text, size_t bytes);

/* The first line that is kept for it; null: none.  It stays until
 * keep_drop_first(). */
const char *keep_first(const struct addressee *to, size_t *ret_bytes);
void keep_drop_first(const struct addressee *to);

/* The operator takes back what is kept for it; how many bytes. */
size_t keep_take_back(const struct addressee *to);

/* It is gone, with all inside it: what was kept for them is shown. */
void keep_gone(const struct addressee *of);

/* Shows such lines as far as there is room on the way to the terminal. */
void keep_show_unread(void);

#endif
