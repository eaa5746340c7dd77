/*
 * Where the operator's lines go: the addressee, and the lines that wait until
 * a process takes them.  See O1 and O2 of operator.h.
 */
#ifndef POST_H
#define POST_H

#include "request.h"

/* Lines that can wait.  A line that nobody takes costs one of them. */
#define LINES 6

enum post_outcome {
    POST_DROPPED, /* and the operator was told why */
    POST_GIVEN,   /* the addressee has it, or will find it */
};

/* `parent`: the name under which the operator reaches the driver's parent,
 * the first addressee. */
void post_open(const char *parent);

/* The sender of a message as the operator knows it. */
void post_path(const struct kerne_received *message, char *ret_text,
               size_t bytes);

/* From now on lines go to whom `name` means: the parent, a process in sight, or
 * one that waits for a line, by its path or the end of it.  False: that is
 * nobody or not clear; nothing has changed, and the operator was told. */
bool post_address(const char *name);

/* The addressee itself asks that lines go to a child of its own (words 1 and 2,
 * a name) or to the system around it (no name).  False: the sender is not the
 * addressee, or there is no such place. */
bool post_pass(const struct kerne_received *message);

/* Tells the operator where lines go, if post_pass() did not do so: on the way
 * into a tower only the last place matters, that of the next prompt. */
void post_tell_passed(void);

/* Drops what is asked for no more (request.h, R3), and looks for another
 * addressee if this one has gone while it waited for a line. */
void post_drop_gone(void);

/* Gives the addressee a line of `bytes` bytes, its newline included. */
enum post_outcome post_line(const char *text, size_t bytes);

/* True if the addressee waits for input. */
bool post_addressee_waits(void);

/* An input came: if a line waits for its sender, it is given now. */
void post_input_came(const struct kerne_received *message);

/* True if the event is the answer to a line that was sent.  *ret_addressee:
 * and it is the addressee's. */
bool post_line_answered(const struct kerne_received *event,
                        bool *ret_addressee);

#endif
