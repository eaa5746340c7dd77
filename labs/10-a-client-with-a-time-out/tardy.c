/* The grader's server: it answers each message when that one is due, and knocks
 * at its client meanwhile. */
#include <program.h>
#include <tardy.h>

#define HELD 32

/* A message that is to be answered when the clock has answered `alarm`. */
struct held {
    uint64_t buffer, alarm;
    struct kerne_words words;
};

static struct held held[HELD];
static uint64_t clock;

static void hold(const struct kerne_received *r)
{
    struct held *h = held;
    uint64_t knock;
    struct kerne_words late = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0) } };
    struct kerne_words hello = { { KERNE_OPERATION(TARDY_KNOCK, 0) } };
    late.w[1] = kerne_ticks(r->words.w[TARDY_DELAY]);
    for (uint64_t i = 0; i < r->words.w[TARDY_KNOCKS]; i++) {
        (void)kerne_send_message(KERNE_SENDER_ADDRESS(r->sender), &hello,
                                 &knock);
    }
    while (h->buffer != 0) { h++; }
    *h = (struct held){ .buffer = r->buffer, .words = r->words };
    (void)kerne_send_message(clock, &late, &h->alarm);
}

static void ring(uint64_t alarm)
{
    for (struct held *h = held; h < held + HELD; h++) {
        if (h->buffer != 0 && h->alarm == alarm) {
            kerne_send_answer(h->buffer, KERNE_r_normal, &h->words);
            h->buffer = 0;
        }
    }
}

int main(void)
{
    struct kerne_words none = { { 0 } };
    clock = kerne_find("clock");
    for (;;) {
        struct kerne_received r = kerne_serve(0, 0, &none);
        if (KERNE_EVENT_KIND(r.event) == KERNE_ANSWER) {
            ring(r.buffer);
        } else if (kerne_operation_of(&r.words) == TARDY_ANSWER) {
            hold(&r);
        } else {
            kerne_send_answer(r.buffer, KERNE_r_normal, &none);
        }
    }
}
