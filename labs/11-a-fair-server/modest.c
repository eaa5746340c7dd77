/* modest N: the grader's client that asks N times, once at a time, and rests
 * between. */
#include <program.h>
#include <stdlib.h>
#include <work.h>

int main(int argc, char **argv)
{
    uint64_t server = kerne_find("student"), wrong = 0;
    uint64_t wanted = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    struct kerne_words answer;
    for (uint64_t i = 0; i < wanted; i++) {
        (void)kerne_ask(server, WORK_DO, i, 0, &answer);
        wrong += answer.w[1] != work_of(i);
        kerne_delay(kerne_ticks(2000));
    }
    return wrong > 0;
}
