/* A client that does not wait for ever: it waits for the clock, and then
 * looks. */
#include <program.h>
#include <tardy.h>
#include <stdio.h>

#define TOO_LATE 0 /* no result of an answer: there is none in time */

static uint64_t send(uint64_t server, const struct kerne_words *message,
                     uint64_t ticks, uint64_t *ret_alarm, uint64_t *ret_asked)
{
    struct kerne_words delay = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                   ticks } };
    uint64_t result =
        kerne_send_message(kerne_find("clock"), &delay, ret_alarm);
    if (result != KERNE_r_normal) { return result; }
    result = kerne_send_message(server, message, ret_asked);
    if (result != KERNE_r_normal) { kerne_regret_message(*ret_alarm); }
    return result;
}

/* Sends the message, and waits for its answer, so many ticks and no longer.
 * Result: the answer's, or TOO_LATE, or of what could not be sent. */
static uint64_t ask_within(uint64_t server, const struct kerne_words *message,
                           uint64_t ticks, struct kerne_words *ret_answer)
{
    uint64_t alarm, asked;
    uint64_t result = send(server, message, ticks, &alarm, &asked);
    if (result != KERNE_r_normal) { return result; }
    struct kerne_received r = kerne_wait_event(0);
    while (r.buffer != alarm) { r = kerne_wait_event(r.buffer); }
    kerne_get_event(r.buffer);
    struct kerne_received answer = kerne_test_event(0);
    if (answer.buffer == asked) {
        kerne_get_event(asked);
        *ret_answer = answer.words;
        return KERNE_EVENT_RESULT(answer.event);
    }
    if (r.buffer == alarm) {
        kerne_regret_message(asked);
        return TOO_LATE;
    }
    kerne_regret_message(alarm);
    *ret_answer = r.words;
    return KERNE_EVENT_RESULT(r.event);
}

struct request {
    uint64_t delay, patience, knocks; /* in microseconds */
};

static const struct request requests[] = {
    { 0, 20000, 0 },    { 2000, 20000, 0 },   { 30000, 5000, 0 },
    { 3000, 20000, 0 }, { 3000, 20000, 3 },   { 30000, 5000, 2 },
    { 4900, 5000, 0 },  { 4940, 5000, 0 },    { 4960, 5000, 0 },
    { 4970, 5000, 0 },  { 4980, 5000, 0 },    { 4985, 5000, 1 },
    { 4990, 5000, 0 },  { 5000, 5000, 1 },    { 5020, 5000, 0 },
    { 0, 1000, 2 },     { 200000, 1000, 0 },  { 200000, 1000, 1 },
    { 200000, 500, 0 }, { 200000, 1000, 0 },  { 200000, 1000, 0 },
    { 200000, 500, 0 }, { 200000, 20000, 0 }, { 0, 20000, 1 },
};

/* Answers each message that has come meanwhile. */
static void answer_knocks(void)
{
    struct kerne_received r = kerne_test_event(0);
    while (KERNE_EVENT_KIND(r.event) != KERNE_NO_EVENT) {
        bool is_message = KERNE_EVENT_KIND(r.event) == KERNE_MESSAGE;
        uint64_t last = is_message ? 0 : r.buffer;
        if (is_message) {
            kerne_get_event(r.buffer);
            kerne_send_answer(r.buffer, KERNE_r_normal, &r.words);
        }
        r = kerne_test_event(last);
    }
}

static void ask(uint64_t server, uint64_t number, const struct request *request)
{
    struct kerne_words answer = { { 0 } }, none;
    struct kerne_words m = { { KERNE_OPERATION(TARDY_ANSWER, 0), number,
                               request->delay, request->patience,
                               request->knocks } };
    m.w[TARDY_RESULT] =
        ask_within(server, &m, kerne_ticks(request->patience), &answer);
    m.w[TARDY_ANSWERED] = answer.w[TARDY_NUMBER];
    m.w[0] = KERNE_OPERATION(TARDY_REPORT, 0);
    answer_knocks();
    (void)kerne_converse(kerne_find("tardy"), &m, &none);
}

int main(void)
{
    uint64_t tardy = kerne_find("tardy"), nobody = KERNE_ADDRESS(0, 7);
    static const struct request in_vain = { 0, 20000, 0 };
    ask(nobody, 100, &in_vain);
    for (uint64_t i = 0; i < sizeof requests / sizeof requests[0]; i++) {
        ask(tardy, i, &requests[i]);
    }
    puts("asked");
    return 0;
}
