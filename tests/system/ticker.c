/*
 * ticker N: a program whose time should run N times slower than the machine's,
 * by every clock that it can ask; with 0 it should stand still.  What the
 * machine's time is it knows from its own account.  Says how much is wrong.
 */
#include <program.h>
#include <stdio.h>
#include <stdlib.h>

#define TICKS 200000 /* so long it computes; of the machine's time */

static unsigned wrong;
static uint64_t clock;

static void expect(bool good, const char *what, uint64_t value)
{
    if (!good) {
        wrong++;
        printf("ticker: %s: %lu\n", what, (unsigned long)value);
    }
}

static uint64_t own_time(void)
{
    struct kerne_words time;
    uint64_t next;
    kerne_describe(0, KERNE_DESCRIBE_TIME, 0, &next, &time);
    return time.w[0];
}

static uint64_t told(uint64_t operation, uint64_t word)
{
    struct kerne_words answer;
    uint64_t result = kerne_ask(clock, operation, word, 0, &answer);
    expect(result == KERNE_r_normal, "the clock answers", result);
    return answer.w[1];
}

static uint64_t cycles(void)
{
    uint64_t value;
    __asm__ volatile("rdcycle %0" : "=r"(value));
    return value;
}

/* It is alone, but for those that serve it: the machine's time is a little
 * more than its own. */
static void compute(uint64_t times)
{
    uint64_t before = kerne_get_clock();
    uint64_t asked_before = told(KERNE_SENSE, 0);
    uint64_t own = own_time();
    uint64_t cycle = cycles();
    while (own_time() - own < TICKS) {}
    own = own_time() - own;
    uint64_t passed = kerne_get_clock() - before;
    uint64_t asked = told(KERNE_SENSE, 0) - asked_before;
    expect(passed * times <= own * 3 / 2, "get clock is too fast", passed);
    expect(asked * times <= own * 3 / 2, "the clock is too fast", asked);
    expect(times == 0 ? passed == 0 : (passed + 1) * times >= own,
           "get clock is too slow, or does not stand", passed);
    expect(times == 0 ? asked == 0 : (asked + 1) * times >= own,
           "the clock is too slow, or does not stand", asked);
    expect((cycles() == cycle) == (times == 0), "cycles", cycles() - cycle);
}

static void wait(uint64_t times)
{
    uint64_t before = kerne_get_clock();
    uint64_t until = before + TICKS / (times == 0 ? 1 : times);
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CLOCK_UNTIL, 0),
                                     until } };
    uint64_t buffer;
    told(KERNE_CLOCK_DELAY, 0);
    told(KERNE_CLOCK_UNTIL, before);
    if (times == 0) {
        kerne_send_message(clock, &message, &buffer);
        expect(kerne_get_clock() == before, "stands", kerne_get_clock());
        struct kerne_received event = kerne_test_event(0);
        expect(KERNE_EVENT_KIND(event.event) == KERNE_NO_EVENT,
               "what is later has come", event.buffer);
        kerne_regret_message(buffer);
    } else {
        uint64_t at = told(KERNE_CLOCK_UNTIL, until);
        expect(at >= until, "the clock is early by", until - at);
        expect(kerne_get_clock() >= at, "and get clock", at);
    }
}

int main(int argc, char **argv)
{
    uint64_t times = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    clock = kerne_find("clock");
    compute(times);
    wait(times);
    printf("ticker: %u wrong\n", wrong);
    return wrong != 0;
}
