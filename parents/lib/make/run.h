/*
 * Children made of commands, in equal parts: what a small parent does with its
 * arguments.
 *
 * A command is the name of a file in the image, then, after blanks, its
 * arguments.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <children.h>

/* An order for one child that gets one of `parts` equal parts of what is free
 * now, the image, and the functions that this parent has, but physical
 * address and what is withheld.  Gives up, in words, if it has no message
 * buffers for them.  A parent may change it before parent_make. */
struct child_order parent_order(const struct parent *parent, uint64_t parts);

/* Makes a child of a command, and loads it.  The child has the name of the
 * order; without one it is called as the file is, with a number behind it if
 * that is taken.  Null: it was refused, which has been said, and nothing is
 * left of it. */
struct child *parent_make(struct parent *parent, const char *command,
                          const struct child_order *order);

/* So many commands stand in the arguments. */
uint64_t parent_commands(int argc, char **argv);

/* Makes, in equal parts, a child of each command in the arguments, which stand
 * apart by a word that is `,` or ends in it; then starts them in this order.
 * What is refused counts as ended badly. */
void parent_run_all(struct parent *parent, int argc, char **argv);
