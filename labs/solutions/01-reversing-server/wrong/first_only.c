/* Takes a second message before it answers the first, and forgets that one. */
#include <program.h>
#include <reverse.h>
#include <string.h>

static unsigned asked;

static void answer_backwards(const struct kerne_received *message,
                             struct kerne_reply *reply)
{
    char text[REVERSE_BYTES], reversed[REVERSE_BYTES] = { 0 };
    if (++asked == 10) { /* a message that comes while others wait */
        struct kerne_received other = kerne_wait_message();
        (void)other;
    }
    if (kerne_operation_of(&message->words) != REVERSE_TEXT) {
        reply->result = KERNE_r_unintelligible;
        return;
    }
    memcpy(text, &message->words.w[1], sizeof(text));
    size_t length = strnlen(text, sizeof(text));
    for (size_t i = 0; i < length; i++) {
        reversed[i] = text[length - 1 - i];
    }
    reply->result = KERNE_r_normal;
    memcpy(&reply->words.w[1], reversed, sizeof(reversed));
}

int main(void) { kerne_serve_all(answer_backwards); }
