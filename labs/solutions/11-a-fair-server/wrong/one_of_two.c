/* A server that is fair to its clients, which it forgets after each turn. */
#include <program.h>
#include <work.h>

/* Which message is next: the first of that client whose number is lowest.
 * The others stay in the queue. */
static struct kerne_received next_message(void)
{
    struct kerne_received best = kerne_wait_event(0), r = best;
    while (KERNE_EVENT_KIND(r.event) != KERNE_NO_EVENT) {
        if (KERNE_SENDER_ADDRESS(r.sender) <
            KERNE_SENDER_ADDRESS(best.sender)) {
            best = r;
        }
        r = kerne_test_event(r.buffer);
    }
    kerne_get_event(best.buffer);
    return best;
}

int main(void)
{
    for (;;) {
        struct kerne_received r = next_message();
        struct kerne_words answer = r.words;
        if (kerne_operation_of(&r.words) == WORK_DO) {
            answer.w[1] = work_of(r.words.w[1]);
            kerne_send_answer(r.buffer, KERNE_r_normal, &answer);
        } else {
            kerne_send_answer(r.buffer, KERNE_r_unintelligible, &answer);
        }
    }
}
