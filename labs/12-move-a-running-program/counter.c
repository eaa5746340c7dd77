/* The grader's program that is moved: it computes, with numbers of both kinds,
 * says how far it is, and now and then has an alarm at the clock meanwhile. */
#include <program.h>
#include <stdio.h>

#define STEPS 8
#define ROUNDS 150000

int main(void)
{
    uint64_t clock = kerne_find("clock"), alarm = 0, number = 1;
    struct kerne_words answer,
        delay = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0), kerne_ticks(500) } };
    double sum = 0;
    for (unsigned step = 0; step < STEPS; step++) {
        if (step % 2 == 0) { (void)kerne_send_message(clock, &delay, &alarm); }
        for (unsigned i = 1; i <= ROUNDS; i++) {
            number = number * UINT64_C(6364136223846793005) + i;
            sum += (double)(number >> 40) / i;
        }
        uint64_t result =
            step % 2 == 0 ? kerne_wait_answer(alarm, &answer) : KERNE_r_normal;
        printf("step %u: %lu, %lu, %lu\n", step, (unsigned long)result,
               (unsigned long)(number >> 32), (unsigned long)(sum * 1e3));
    }
    return 0;
}
