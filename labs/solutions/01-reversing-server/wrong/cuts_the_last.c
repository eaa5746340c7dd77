/* A server that answers each text backwards, but not a whole one. */
#include <program.h>
#include <reverse.h>
#include <string.h>

static void answer_backwards(const struct kerne_received *message,
                             struct kerne_reply *reply)
{
    char text[REVERSE_BYTES], reversed[REVERSE_BYTES] = { 0 };
    if (kerne_operation_of(&message->words) != REVERSE_TEXT) {
        reply->result = KERNE_r_unintelligible;
        return;
    }
    memcpy(text, &message->words.w[1], sizeof(text));
    text[sizeof(text) - 1] = 0;
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++) {
        reversed[i] = text[length - 1 - i];
    }
    reply->result = KERNE_r_normal;
    reply->words.w[0] = message->words.w[0];
    memcpy(&reply->words.w[1], reversed, sizeof(reversed));
}

int main(void) { kerne_serve_all(answer_backwards); }
