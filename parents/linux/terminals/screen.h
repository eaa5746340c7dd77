/*
 * The terminal /dev/console: its other side is the console.  Where that has a
 * terminal, and grants it, the keys come as they are typed and bytes go as they
 * are (raw.h); otherwise lines come and go, which the console has edited and
 * shown itself.
 *
 *   C1  before the keys are shown to come here for the first time, what goes
 *       out goes in lines, so that it is seen
 *   C2  what is typed and finds no room waits here, and no more is asked for
 *
 * No pointer argument may be null.
 */
#pragma once

#include <stdbool.h>

struct kerne_received;

/* Makes terminal_console; gives up, in words, if no frame is left. */
void screen_begin(void);

/* Has it a terminal whose keys come as they are typed? */
bool screen_is_raw(void);

/* Sends what goes out, and asks for what is typed, as far as may be now. */
void screen_send(void);

/* Says a line about the programs, where it can be seen while they run. */
void screen_say(const char *text);

/* Waits until all is printed; no more comes. */
void screen_end(void);

/* Is this an answer of the console's to this?  Then it is done. */
bool screen_answer(const struct kerne_received *received);
