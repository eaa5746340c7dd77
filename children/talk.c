/*
 * talk WORDS: a client of echo.  Sends each word in a message, and prints what
 * the answer brings.  Without words it asks the operator for lines to send,
 * until an empty one.
 */
#include "echo.h"

#include <program.h>
#include <stdio.h>

static uint64_t echo;

/* What is too long is not sent: its answer would look like another text. */
static bool fits(const char *text)
{
    size_t length = strlen(text);
    if (length > ECHO_BYTES) {
        printf("talk: expected at most %d characters; got %u: `%.20s...`\n",
               ECHO_BYTES, (unsigned)length, text);
    }
    return length <= ECHO_BYTES;
}

/* One conversation: eight words there, eight words back. */
static void talk(const char *text)
{
    struct kerne_words message = { { KERNE_OPERATION(ECHO_TEXT, 0) } };
    struct kerne_words answer;
    memcpy(&message.w[1], text, strnlen(text, ECHO_BYTES));

    uint64_t result = kerne_converse(echo, &message, &answer);
    if (result != KERNE_r_normal) {
        kerne_give_up("echo: %s", kerne_result_text(result));
    }
    printf("echo answers: %.*s\n", ECHO_BYTES, (const char *)&answer.w[1]);
}

int main(int argc, char **argv)
{
    echo = kerne_find("echo");
    for (int i = 1; i < argc; i++) {
        if (!fits(argv[i])) {
            return 1;
        }
    }
    for (int i = 1; i < argc; i++) {
        talk(argv[i]);
    }
    if (argc > 1) {
        return 0;
    }
    printf("Each line goes to echo; an empty one ends this.\n");
    char line[KERNE_LINE_BYTES + 1];
    while (fgets(line, sizeof(line), stdin) != NULL && line[0] != '\n') {
        line[strcspn(line, "\n")] = 0;
        if (fits(line)) {
            talk(line);
        }
    }
    return 0;
}
