/*
 * talk WORDS: a client of echo.  Sends each word in a message, and prints what
 * the answer brings.  Without words it asks the operator for lines to send,
 * until an empty one.
 */
#include "echo.h"

#include <program.h>
#include <stdio.h>

static uint64_t echo;

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
        talk(argv[i]);
    }
    if (argc > 1) {
        return 0;
    }
    printf("Each line goes to echo; an empty one ends this.\n");
    char line[ECHO_BYTES];
    while (fgets(line, sizeof(line), stdin) != NULL && line[0] != '\n') {
        line[strcspn(line, "\n")] = 0;
        talk(line);
    }
    return 0;
}
