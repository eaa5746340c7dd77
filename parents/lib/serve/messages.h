/*
 * The parent's side of the contract with programs (children/lib/parent.h):
 * what a parent does with the messages and breaks of its children, in the one
 * form that every operating system uses.
 *
 *   M1  a child has at most one text held; a second one meanwhile is rejected,
 *       so that a child that floods its parent takes no room from others
 *   M2  what a child says is at most KERNE_TEXT_BYTES long, and holds nothing
 *       but printable characters
 *   M3  a child that finished, gave up or broke is stopped, and its message is
 *       answered then: a message that is held lets its receiver work on the
 *       sender's account, and this one would be held for as long as the child
 *       stays
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <breaks.h>
#include <describe.h>
#include <children.h>
#include <parent.h>

enum parent_message {
    PARENT_HANDLED, /* answered; nothing to tell */
    PARENT_TEXT,    /* `text`; owed: parent_text_printed() */
    PARENT_FINISHED,
    PARENT_GAVE_UP, /* `text` says why */
    PARENT_BROKE,   /* `text` says how */
    PARENT_OTHERS,  /* not of a child, or not in this contract: not answered */
};

struct parent_event {
    enum parent_message kind;
    struct child *child;
    char text[KERNE_TEXT_BYTES + 1];
};

/* Handles a message or break that was received.  Only the kind is set with
 * PARENT_HANDLED and PARENT_OTHERS. */
void parent_message(struct children *children,
                    const struct kerne_received *received,
                    struct parent_event *ret_event);

/* The text that this child sent has been printed. */
void parent_text_printed(struct child *child);

/* How a child ended, to follow its name: "finished, status 0", "broke: ...",
 * "gave up: ...". */
#define PARENT_ENDING_BYTES (KERNE_TEXT_BYTES + 16)
void parent_ending(const struct parent_event *event,
                   char ret_how[PARENT_ENDING_BYTES]);

/* Copies the area of a received message, at most KERNE_TEXT_BYTES of it, as
 * printable text without the newline at its end; *ret_bytes is how much of the
 * area that was.  False: it cannot be read, and the text is empty. */
bool parent_copy_text(const struct kerne_received *received,
                      char ret_text[KERNE_TEXT_BYTES + 1], uint64_t *ret_bytes);
