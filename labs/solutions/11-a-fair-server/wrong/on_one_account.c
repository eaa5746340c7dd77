/* A server that is fair to its clients, and works on the account of whoever
 * came first. */
#include <program.h>
#include <work.h>

#define CLIENTS KERNE_CHILDREN

/* When each client was served last, by its number: turns, from 1 on. */
static uint64_t served[CLIENTS], turns;

static uint64_t *of(const struct kerne_received *r)
{
    return &served[KERNE_SENDER_ADDRESS(r->sender) % CLIENTS];
}

/* Which message is next: the first of that client who was served the longest
 * time ago.  The others stay in the queue. */
static struct kerne_received next_message(void)
{
    struct kerne_received best = kerne_wait_event(0), r = best;
    while (KERNE_EVENT_KIND(r.event) != KERNE_NO_EVENT) {
        if (*of(&r) < *of(&best)) { best = r; }
        r = kerne_test_event(r.buffer);
    }
    kerne_get_event(best.buffer);
    *of(&best) = ++turns;
    return best;
}

int main(void)
{
    for (;;) {
        struct kerne_received r = next_message();
        kerne_work_for_oneself();
        struct kerne_words answer = r.words;
        if (kerne_operation_of(&r.words) == WORK_DO) {
            answer.w[1] = work_of(r.words.w[1]);
            kerne_send_answer(r.buffer, KERNE_r_normal, &answer);
        } else {
            kerne_send_answer(r.buffer, KERNE_r_unintelligible, &answer);
        }
    }
}
