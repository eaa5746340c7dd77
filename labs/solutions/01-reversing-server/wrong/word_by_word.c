/* Reverses the bytes of each word, not of the text. */
#include <program.h>
#include <reverse.h>

static void answer_backwards(const struct kerne_received *message,
                             struct kerne_reply *reply)
{
    if (kerne_operation_of(&message->words) != REVERSE_TEXT) {
        reply->result = KERNE_r_unintelligible;
        return;
    }
    reply->result = KERNE_r_normal;
    for (int i = 1; i < KERNE_WORDS; i++) {
        reply->words.w[i] = __builtin_bswap64(message->words.w[i]);
    }
}

int main(void) { kerne_serve_all(answer_backwards); }
