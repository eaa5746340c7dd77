/* The grader's child of lab 2: it asks of a console what there is to ask, and
 * what there is not. */
#include <program.h>

#define UNKNOWN 77
#define NOWHERE 0x1000

static const char *const texts[] = {
    "first\n",
    "two lines\nin one message\n",
    "a1 [z] {Z} ~\n",
    "without an end",
};

/* Longer than a console takes at once. */
static char long_text[600];

static void ask(uint64_t console, struct kerne_words message)
{
    struct kerne_words answer;
    (void)kerne_converse(console, &message, &answer);
}

int main(void)
{
    uint64_t console = kerne_find("console");
    size_t bytes;
    char line[16];
    for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        (void)kerne_output(console, texts[i], strlen(texts[i]), &bytes);
    }
    memset(long_text, 'x', sizeof(long_text));
    (void)kerne_output(console, long_text, sizeof(long_text), &bytes);
    (void)kerne_input(console, line, sizeof(line), &bytes);
    ask(console, (struct kerne_words){ { KERNE_OPERATION(KERNE_SENSE, 0) } });
    ask(console, (struct kerne_words){ { KERNE_OPERATION(UNKNOWN, 0) } });
    ask(console, (struct kerne_words){ { KERNE_OPERATION(KERNE_OUTPUT, 0) } });
    ask(console, kerne_area(KERNE_OUTPUT, KERNE_GRANT_READ, line, 0));
    ask(console,
        kerne_area(KERNE_OUTPUT, KERNE_GRANT_READ, (void *)NOWHERE, 16));
    return 0;
}
