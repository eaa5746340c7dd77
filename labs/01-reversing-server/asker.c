/* The grader's client: it asks what lab 1 must know, and more of it at once. */
#include <program.h>
#include <reverse.h>
#include <stdio.h>
#include <string.h>

#define AT_ONCE 6

static const char *const texts[] = {
    "again", "", "a", "level", "Never odd or even", "12345678",
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRST",
};

static struct kerne_words message_of(uint64_t operation, const char *text)
{
    struct kerne_words m = { { KERNE_OPERATION(operation, 0) } };
    memcpy(&m.w[1], text, strnlen(text, REVERSE_BYTES));
    return m;
}

int main(void)
{
    uint64_t server = kerne_find("student");
    uint64_t buffer[AT_ONCE];
    struct kerne_words answer;
    for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct kerne_words m = message_of(REVERSE_TEXT, texts[i]);
        (void)kerne_converse(server, &m, &answer);
    }
    struct kerne_words odd = message_of(REVERSE_TEXT + 1, "not this");
    (void)kerne_converse(server, &odd, &answer);
    for (unsigned i = 0; i < AT_ONCE; i++) {
        char text[2] = { (char)('a' + i), 'z' };
        struct kerne_words m = { { KERNE_OPERATION(REVERSE_TEXT, 0) } };
        memcpy(&m.w[1], text, sizeof(text));
        (void)kerne_send_message(server, &m, &buffer[i]);
    }
    for (unsigned i = 0; i < AT_ONCE; i++) {
        (void)kerne_wait_answer(buffer[i], &answer);
    }
    puts("asked");
    return 0;
}
