/* The grader's second child of lab 5: it is gone before its delay ends. */
#include <program.h>

#define LATE ((UINT64_C(1) << 62) + 5) /* four times as much: 20 */

int main(void)
{
    struct kerne_words answer;
    uint64_t buffer, clock = kerne_find("clock");
    struct kerne_words late = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                  LATE } };
    (void)kerne_send_message(clock, &late, &buffer);
    (void)kerne_ask(clock, KERNE_CLOCK_DELAY, 10000, 0, &answer);
    return 0;
}
