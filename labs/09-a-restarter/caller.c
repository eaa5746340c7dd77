/* caller N: the grader's client.  It has N sums made by `service`, and asks
 * again when that is gone; not for ever. */
#include <calling.h>
#include <program.h>
#include <stdlib.h>

#define ATTEMPTS 25

static bool has_added(uint64_t service, uint64_t number)
{
    struct kerne_words answer;
    for (unsigned i = 0; i < ATTEMPTS; i++) {
        uint64_t result =
            kerne_ask(service, CALLING_ADD, number, 1000, &answer);
        if (result == KERNE_r_normal) { return answer.w[1] == number + 1000; }
        kerne_delay(kerne_ticks(1000));
    }
    return false;
}

int main(int argc, char **argv)
{
    uint64_t service = kerne_find("service");
    unsigned long wanted = argc > 1 ? strtoul(argv[1], NULL, 10) : 0, i = 0;
    while (i < wanted && has_added(service, i)) { i++; }
    return i < wanted;
}
