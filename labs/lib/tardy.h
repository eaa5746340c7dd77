/* Between the tardy server of lab 10 and its client. */
#pragma once

#include <calls.h>

/* TARDY_ANSWER: answered with the same words so many microseconds after it was
 * received; before that, the server sends its client so many messages. */
#define TARDY_ANSWER 40
#define TARDY_REPORT 41 /* answered at once: what became of a request */
#define TARDY_KNOCK 42  /* from the server: the client answers it */

enum tardy_word {
    TARDY_NUMBER = 1,
    TARDY_DELAY = 2,    /* microseconds */
    TARDY_PATIENCE = 3, /* of the client, in microseconds */
    TARDY_KNOCKS = 4,
    TARDY_RESULT = 5, /* of a report, and the answer's TARDY_NUMBER behind it */
    TARDY_ANSWERED = 6,
};
