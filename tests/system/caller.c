/*
 * caller NAME COUNT WORD ...: sends so many messages to a process before it
 * takes the first answer, each with one of the words, of which the last stands
 * for all that are lacking; then tells how many answers had each result.
 */
#include "../../children/echo.h"

#include <program.h>
#include <stdio.h>
#include <stdlib.h>

#define RESULTS 6

int main(int argc, char **argv)
{
    static const struct kerne_words nothing;
    unsigned long answers[RESULTS] = { 0 };
    uint64_t buffer;
    if (argc < 4) { kerne_give_up("caller: expected NAME COUNT WORD ..."); }
    uint64_t server = kerne_find(argv[1]);
    unsigned long sent = 0, wanted = strtoul(argv[2], NULL, 10);
    for (int word = 3; sent < wanted; sent++) {
        struct kerne_words message = { { KERNE_OPERATION(ECHO_TEXT, 0) } };
        memcpy(&message.w[KERNE_WORD_FIRST], argv[word],
               strnlen(argv[word], ECHO_BYTES));
        if (kerne_send_message(server, &message, &buffer) != KERNE_r_normal) {
            kerne_give_up("caller: it has buffers for %lu messages", sent);
        }
        word += word + 1 < argc;
    }
    while (sent > 0) {
        struct kerne_received received =
            kerne_serve(0, KERNE_r_normal, &nothing);
        if (KERNE_EVENT_KIND(received.event) == KERNE_ANSWER) {
            answers[KERNE_EVENT_RESULT(received.event) % RESULTS]++;
            sent--;
        }
    }
    printf("answers 1 to 5: %lu %lu %lu %lu %lu\n", answers[1], answers[2],
           answers[3], answers[4], answers[5]);
    return 0;
}
