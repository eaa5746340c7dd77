/*
 * The conversation with the console, by events: what a parent says is queued
 * here and goes to the console in one message after another; what its operator
 * types comes as the answer to one input message.
 *
 *   O1  at most one output, one input, one sense, one pass and one delay are
 *       on their way
 *   O2  text is sent in the order in which it was said, in whole lines; what
 *       does not fit any more is counted as lost, and said to be so
 *   O3  no function here waits, but console_flush()
 *   O4  a console that has answered a sense has answered whatever removed
 *       processes had asked of it: their buffers are free again.  It is told
 *       who that was, for the lines that it keeps for them
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <calls.h>
#include <children.h>
#include <parent.h>
#include <stdbool.h>

#define CONSOLE_COLUMNS 80        /* where the console has not said how many */
#define CONSOLE_OUTPUT_BYTES 1024 /* at most in one message */
#define CONSOLE_WORDS_BYTES 768   /* with a line, what a relay takes at once */

enum console_message {
    CONSOLE_OUTPUT,
    CONSOLE_INPUT,
    CONSOLE_SENSE,
    CONSOLE_PASS,
    CONSOLE_DELAY, /* the console did not take a message: try later */
    CONSOLE_MESSAGES,
};

struct console {
    uint64_t address; /* where the console is */
    uint64_t clock;   /* to try again; KERNE_VACANT: none */

    char *text;       /* said, and not yet printed */
    uint64_t room;    /* for it */
    uint64_t said;    /* bytes, since the beginning */
    uint64_t printed; /* bytes, since the beginning */
    uint64_t lost;    /* lines that found no room */
    uint64_t columns; /* of the terminal, as the last answer says; 0: of none */

    uint64_t buffer[CONSOLE_MESSAGES]; /* 0: none is on its way */
    uint64_t output_bytes;
    unsigned fruitless; /* answers in a row that a page was missing */
    char input[KERNE_LINE_BYTES];
    char words[CONSOLE_WORDS_BYTES]; /* directly behind it, for completion */

    /* Removed since the last sense.  Nothing is created before all are told,
     * so there are no more than children at one time. */
    char gone_name[CHILDREN_MAX][KERNE_NAME_BYTES];
    uint64_t gone;

    bool passes_inwards; /* the pass that is on its way */
    bool is_deaf;        /* the console does not know what a line is: none
                          * will come */
};

/* Says a text of at most 511 printable characters, in as many lines as it
 * takes. */
void console_say(struct console *console, const char *text);

/* Sends what can be sent. */
void console_send(struct console *console);

/* Waits until all is printed and sensed; what the console does not take after
 * some attempts is thrown away. */
void console_flush(struct console *console);

/* The child of this name was removed: the console is to sense that (O4). */
void console_removed(struct console *console, const char *name);

/* Is there a removal that the console has not sensed yet, or a pass that it has
 * not answered? */
bool console_is_behind(const struct console *console);

/* Asks for a line, if no input is on its way, and one may come. */
void console_ask(struct console *console);

/* Words to which what is typed may be completed: none; and some more, divided
 * by blanks, if there is room.  They are asked with from the next time on. */
void console_no_words(struct console *console);
void console_add_words(struct console *console, const char *words);

/* Passes the operator on, if his lines come here: to the child of this name, or
 * with an empty name to the system around this one. */
void console_pass(struct console *console, const char *name);

/* Handles an answer that was received, if it is to one of its messages; returns
 * how many bytes of a line have been typed, which stand in `input`. */
uint64_t console_answer(struct console *console,
                        const struct kerne_received *received);
