/*
 * The contract between a program and any parent.
 *
 * A program speaks to KERNE_PARENT in these messages only, so that it runs
 * under every operating system; a parent handles these, and breaks, in this
 * form only.  See docs/man/parent.md.
 *
 * A program finds, under their usual names and put there by its parent:
 *   console   input, output (children/drivers/console); may be missing
 *   clock     delay, until
 * and begins with a start record (struct kerne_start) in a0.
 *
 *   operation          words                              answer
 *   KERNE_SENSE        -                                  1: I am your parent
 *   KERNE_OUTPUT       1, 2 area: a line of text to the   1: word 0 status 0,
 *                      operator, at most KERNE_TEXT_BYTES word 1 bytes taken
 *   KERNE_FINIS        1 exit status                      1, when it has been
 *                      (the program asks for nothing more) stopped; none, when
 *                                                         it is removed at once
 *   KERNE_GIVE_UP      1, 2 area of text: the program     1, when it has been
 *                      cannot go on, and says why         stopped: as after a
 *                                                         break, it stays
 *   anything else                                         3 unintelligible
 *
 * A break (KERNE_EVENT_KIND() == KERNE_BREAK) comes in the nucleus's form,
 * see kerne.h.  A parent that knows no remedy answers KERNE_STAY, at once,
 * and leaves the child as it is, for inspection, until it is removed.
 */
#pragma once

enum kerne_parent_operation {
    KERNE_FINIS = 16,
    KERNE_GIVE_UP = 18,
};

#define KERNE_TEXT_BYTES 256

/*
 * A program that has no message buffer left for its finis or give up calls this
 * function, which the nucleus does not have: a break needs no buffer.  Of its
 * words, 1 is this number, and 2, 3 and 4 are words 0, 1 and 2 of the message.
 */
#define KERNE_NO_BUFFER_TO_END 1969

/*
 * The console, towards programs:
 *   KERNE_SENSE    1, 2 name of a child that the sender has just removed, or
 *                  zero           answer: 1, word 0 status 0
 *   KERNE_OUTPUT   1, 2 area        answer: 0 status, 1 bytes, 2 characters,
 *                  3 columns of the terminal, 0: there is none
 *   KERNE_INPUT    1, 2 area        answer: the same; the line that the
 *                  operator typed to the sender, its newline included,
 *                  cut to the area.  If the area is granted for reading, too,
 *                  the text from its byte KERNE_LINE_BYTES on is words, divided
 *                  by blanks, that the operator may complete his line to
 * A line waits at the console until it is asked for in this way; whoever wants
 * lines keeps an input pending.
 * Whom the operator's lines go to can pass them on, to a child of its own, or
 * without a name back to the system around it:
 *   KERNE_CONSOLE_PASS   1, 2 name               answer: 1; 2: they do not go
 *                  to the sender; 3: this console cannot
 * A program may have the operator's keys as they are typed, and write bytes as
 * they are, while his lines go to it (raw.h):
 *   KERNE_CONSOLE_RAW    -           no answer while that lasts: the message
 *                  is the right to it, and who regrets it gives it back.
 *                  2: the sender has it already, or too many messages wait;
 *                  3: who presents this console does not grant it
 *   KERNE_CONSOLE_KEYS   1, 2 area; 3 columns, 4 rows, 5 turn, as it knows them
 *                                  answer: 0 status, 1 bytes, 2 the same,
 *                  3 columns, 4 rows, 5 turn; when there are bytes, or one of
 *                  the three is another one.  The turn is another one whenever
 *                  keys go to it anew: it draws its screen again
 *   KERNE_CONSOLE_PUT    1, 2 area   answer: the same, when the bytes are
 *                  written; an empty area, as soon as it is known
 *                  whether there is a terminal
 *                  Both: 2: it has no KERNE_CONSOLE_RAW there
 * Keys that were given are not given again: who regrets a KERNE_CONSOLE_KEYS
 * may lose some.
 */
enum kerne_console_operation {
    KERNE_CONSOLE_PASS = 22,
    KERNE_CONSOLE_RAW = 24,
    KERNE_CONSOLE_KEYS = 26,
    KERNE_CONSOLE_PUT = 28,
};
#define KERNE_LINE_BYTES 256
