#include "censor.h"

static char **word; /* behind its `-` */
static int words;

int censor_begin(int argc, char **argv)
{
    word = argv + 1;
    while (words + 1 < argc && word[words][0] == '-') { words++; }
    return words;
}

void censor_text(char *text, uint64_t bytes)
{
    for (uint64_t i = 0; i < bytes; i++) {
        for (int w = 0; w < words; w++) {
            size_t length = strlen(word[w] + 1);
            if (length <= bytes - i &&
                memcmp(text + i, word[w] + 1, length) == 0) {
                memset(text + i, '*', length);
            }
        }
    }
}

/* One byte of the relay is kept for the newline that may be lacking. */
static void end_line(struct relay *relay)
{
    if (relay->bytes == RELAY_BYTES) { relay->bytes--; }
    uint64_t bytes = relay->bytes;
    if (bytes > 0 && relay->area[bytes - 1] != '\n') {
        relay->area[bytes++] = '\n';
    }
    relay->words.w[KERNE_WORD_LAST] = relay->words.w[KERNE_WORD_FIRST] + bytes;
}

void censor(struct relay *relay)
{
    uint64_t *taken = &relay->words.w[KERNE_WORD_BYTES];
    bool is_answer = relay->result != 0;
    censor_text(relay->area,
                is_answer ? relay_text_bytes(relay) : relay->bytes);
    if (is_answer) {
        /* The newline that was added is not the client's. */
        *taken = *taken < relay->bytes ? *taken : relay->bytes;
    } else if (kerne_operation_of(&relay->words) == KERNE_OUTPUT) {
        end_line(relay);
    }
}
