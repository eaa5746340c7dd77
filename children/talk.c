/*
 * talk WORDS: a client of echo.  Sends each word in a message, and prints what
 * the answer brings.  Without words it asks the operator for lines to send,
 * until an empty one.  An echo that has gone may come back at its old address:
 * talk says what was not answered, and goes on.
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
static bool talk(const char *text)
{
    struct kerne_words message = { { KERNE_OPERATION(ECHO_TEXT, 0) } };
    struct kerne_words answer;
    memcpy(&message.w[KERNE_WORD_FIRST], text, strnlen(text, ECHO_BYTES));

    uint64_t result = kerne_converse(echo, &message, &answer);
    if (result == KERNE_r_does_not_exist) {
        printf("echo is gone: it had %sreceived `%s`\n",
               answer.w[KERNE_WORD_STATUS] == KERNE_HAD_BEEN_RECEIVED ? ""
                                                                      : "not ",
               text);
        return false;
    }
    if (result != KERNE_r_normal) {
        kerne_give_up("echo: %s", kerne_result_text(result));
    }
    printf("echo answers: %.*s\n", ECHO_BYTES,
           (const char *)&answer.w[KERNE_WORD_FIRST]);
    return true;
}

int main(int argc, char **argv)
{
    int missed = 0;
    echo = kerne_find("echo");
    for (int i = 1; i < argc; i++) {
        if (!fits(argv[i])) { return 1; }
    }
    for (int i = 1; i < argc; i++) { missed += !talk(argv[i]); }
    if (argc > 1) { return missed > 0; }
    printf("Each line goes to echo; an empty one ends this.\n");
    char line[KERNE_LINE_BYTES + 1];
    while (fgets(line, sizeof(line), stdin) != NULL && line[0] != '\n') {
        line[strcspn(line, "\n")] = 0;
        if (fits(line)) { missed += !talk(line); }
    }
    return missed > 0;
}
