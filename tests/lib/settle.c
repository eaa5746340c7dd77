#include "settle.h"

#include <family.h>

#define TRIES 100000

/* Each of these ends one conversation, or takes it a step on; false: there is
 * none to end. */

static bool take_event(void)
{
    struct kerne_received r = kerne_test_event(0);
    return KERNE_EVENT_KIND(r.event) != KERNE_NO_EVENT &&
           expect_result(kerne_get_event(r.buffer), normal);
}

static bool answer_held(void)
{
    uint64_t buffer;
    struct kerne_words words;
    if (kerne_describe(0, KERNE_DESCRIBE_HELD, 0, &buffer, &words) !=
        KERNE_r_normal) {
        return false;
    }
    uint64_t result = kerne_send_answer(buffer, KERNE_r_normal, WORDS(0));
    return result == KERNE_r_gone || expect_result(result, normal);
}

static bool end_sent(void)
{
    uint64_t buffer;
    struct kerne_words words;
    if (kerne_describe(0, KERNE_DESCRIBE_SENT, 0, &buffer, &words) !=
        KERNE_r_normal) {
        return false;
    }
    if (words.w[0] == KERNE_ANSWERED) {
        kerne_wait_answer(buffer, &words);
        return true;
    }
    return words.w[2] || expect_result(kerne_regret_message(buffer), normal);
}

void settle(void)
{
    unsigned tries = 0;
    while (tries < TRIES && (take_event() || answer_held() || end_sent())) {
        tries++;
    }
    expect(tries < TRIES);
}
