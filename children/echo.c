/* echo: a server.  It answers each message with the words that came in it,
 * and knows nothing of who sends them; talk is a client. */
#include "echo.h"

#include <program.h>

static void answer_with_the_same(const struct kerne_received *message,
                                 struct kerne_reply *reply)
{
    if (kerne_operation_of(&message->words) == ECHO_TEXT) {
        reply->result = KERNE_r_normal;
        reply->words = message->words;
    }
}

int main(void) { kerne_serve_all(answer_with_the_same); }
