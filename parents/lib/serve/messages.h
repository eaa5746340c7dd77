/*
 * The parent's side of the contract with programs (children/lib/parent.h):
 * what a parent does with the messages and breaks of its children, in the one
 * form that every operating system uses.
 *
 *   M1  a child has at most one text held; a second one meanwhile is rejected,
 *       so that a child that floods its parent takes no room from others
 *   M2  what a child says is a line, of at most KERNE_TEXT_BYTES; the next one
 *       of the same message is asked for by the answer.  What is no character
 *       in it the console will show
 *   M3  a child that finished, gave up or broke is stopped, and its message is
 *       answered then: a message that is held lets its receiver work on the
 *       sender's account, and this one would be held for as long as the child
 *       stays
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <breaks.h>
#include <children.h>
#include <describe.h>
#include <parent.h>

struct parent;

/* Handles a message or break that was received: a text is printed under its
 * child's name, and what is not in the contract is unintelligible. */
void parent_message(struct parent *parent,
                    const struct kerne_received *received);

/* Answers each text that has been printed meanwhile. */
void parent_answer_printed(struct parent *parent);

/* A child has ended in this state, finished, given up or broken, and is
 * stopped.  `why` it did: as it says, or as its break does; may be empty.  Its
 * end stands in parent->ending, and is left to the hook `ended`; or is reported
 * and removed. */
#define PARENT_ENDING_BYTES (KERNE_TEXT_BYTES + 16)
void parent_ended(struct parent *parent, struct child *child,
                  enum child_state state, const char *why);

/* Copies the first line of a received message's area, without its newline, and
 * at most KERNE_TEXT_BYTES of it in whole characters; *ret_bytes is how much of
 * the area that was.  False: it cannot be read, and the text is empty. */
bool parent_copy_text(const struct kerne_received *received,
                      char ret_text[KERNE_TEXT_BYTES + 1], uint64_t *ret_bytes);
