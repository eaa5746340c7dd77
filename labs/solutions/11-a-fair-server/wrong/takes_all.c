/* A server that is fair to its clients, who pay for each other. */
#include <program.h>
#include <work.h>

#define CLIENTS KERNE_CHILDREN

/* When each client was served last, by its number: turns, from 1 on. */
static uint64_t served[CLIENTS], turns;

static uint64_t *of(const struct kerne_received *r)
{
    return &served[KERNE_SENDER_ADDRESS(r->sender) % CLIENTS];
}

#define HELD 64

static struct kerne_received held[HELD]; /* in order of arrival */
static unsigned count;

/* Takes all messages that are there, and chooses of these. */
static struct kerne_received next_message(void)
{
    unsigned best = 0;
    while (count == 0 ||
           (count < HELD &&
            KERNE_EVENT_KIND(kerne_test_event(0).event) != KERNE_NO_EVENT)) {
        held[count++] = kerne_wait_message();
    }
    for (unsigned i = 1; i < count; i++) {
        if (*of(&held[i]) < *of(&held[best])) { best = i; }
    }
    struct kerne_received r = held[best];
    count--;
    for (unsigned i = best; i < count; i++) { held[i] = held[i + 1]; }
    *of(&r) = ++turns;
    return r;
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
