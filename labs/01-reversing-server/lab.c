/* A server that answers each text backwards: yours to write. */
#include <program.h>
#include <reverse.h>

static void answer_backwards(const struct kerne_received *message,
                             struct kerne_reply *reply)
{
    reply->result = KERNE_r_normal;
    reply->words = message->words;
}

int main(void) { kerne_serve_all(answer_backwards); }
