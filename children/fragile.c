/* fragile: a server that answers as echo does, but breaks when it is sent the
 * text `break`, with that message unanswered in its hands.  `stop` makes it
 * finish with status 1, and `abandon` give up. */
#include "echo.h"

#include <program.h>
#include <stdlib.h>

static bool says(const struct kerne_received *message, const char *text)
{
    return strncmp((const char *)&message->words.w[KERNE_WORD_FIRST], text,
                   ECHO_BYTES) == 0;
}

static void answer_or_break(const struct kerne_received *message,
                            struct kerne_reply *reply)
{
    if (kerne_operation_of(&message->words) != ECHO_TEXT) { return; }
    if (says(message, "break")) {
        __asm__ volatile(".4byte 0xffffffff");
    } else if (says(message, "stop")) {
        exit(1);
    } else if (says(message, "abandon")) {
        kerne_give_up("fragile: as I was told");
    }
    reply->result = KERNE_r_normal;
    reply->words = message->words;
}

int main(void) { kerne_serve_all(answer_or_break); }
