/*
 * Where the operator's lines go: the addressee.  See O1 and O2 of operator.h.
 */
#ifndef POST_H
#define POST_H

#include "request.h"

/* `parent`: the name under which the operator reaches the driver's parent,
 * the first addressee. */
void post_open(const char *parent);

/* The prompt, which says to whom lines go if that is not the parent: `> `, or
 * `s/s2/talk> `. */
#define POST_PROMPT_BYTES (KERNE_NAME_BYTES + 1 + PATH_SHOWN + 3)
void post_prompt(char ret_text[POST_PROMPT_BYTES]);

/* The path of whom lines go to; it stays in use, and changes. */
const char *post_addressee(void);

/* For completion, divided by blanks: the words that the addressee has left
 * behind the line in the area of its input (parent.h); the names that can be
 * typed after the attention key.  Their length, 0: there are none. */
#define POST_WORDS_BYTES 2048
size_t post_words(char ret_words[POST_WORDS_BYTES]);
size_t post_names(char ret_names[POST_WORDS_BYTES]);

/* The sender of a message as the operator knows it. */
void post_path(const struct kerne_received *message, char *ret_text,
               size_t bytes);

/* Who sent a message; whom lines go to. */
struct addressee post_sender(const struct kerne_received *message);
const struct addressee *post_whom(void);

/* Somebody of this path writes. */
void post_heard(const char *path);

/* From now on lines go to whom `name` means: the parent, a process in sight, or
 * one inside another system, by its path or the end of it, that waits for a
 * line or, if none such does, was heard lately; all may begin as in the prompt.
 * False: that is nobody or not clear; nothing has changed, and the operator was
 * told. */
bool post_address(const char *name);

/* How often post_address() has made lines go to another one. */
unsigned post_moves(void);

/* The addressee itself asks that lines go to a child of its own (words 1 and 2,
 * a name) or to the system around it (no name).  False: the sender is not the
 * addressee, or there is no such place. */
bool post_pass(const struct kerne_received *message);

/* Tells the operator where lines go, if post_pass() did not do so: on the way
 * into a tower only the last place matters, that of the next prompt. */
void post_tell_passed(void);

/* The sender has removed a child (words 1 and 2, a name; without one nothing
 * is done): lines that were for it, or anybody inside it, go to the sender
 * from now on; those already kept for them are shown as unread. */
void post_gone(const struct kerne_received *message);

/* Drops what is asked for no more (request.h, R3), and looks for another
 * addressee if this one has gone while it waited for a line. */
void post_drop_gone(bool all);

/* Can the addressee be given another line, or can one be kept for it? */
bool post_has_room(void);

/* A line that stands for the end of input: nothing is given of it.  What was
 * typed has no such character. */
#define POST_END_OF_INPUT "\x04"

/* Gives the addressee a line of `bytes` bytes, its newline included; or keeps
 * it until the addressee's next input.  False: there is no room for that, and
 * the operator was told. */
bool post_line(const char *text, size_t bytes);

/* Takes back what is kept for the addressee; how many bytes. */
size_t post_take_back(void);

/* True if the addressee waits for input. */
bool post_addressee_waits(void);

/* An input came: if a line is kept for its sender, it is given now. */
void post_input_came(const struct kerne_received *message);

#endif
