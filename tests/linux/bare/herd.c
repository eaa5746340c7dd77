/* Many children at once, and again and again. */
#include "bare.h"

enum { PPOLL = 73, POLLIN = 1 };

static void twenty(void)
{
    long child[20], sum = 0, signals = 0;
    for (long i = 0; i < 20; i++) {
        child[i] = fork_child();
        if (child[i] == 0) { leave(i); }
    }
    for (long i = 0; i < 20; i++) {
        long status = status_of(child[i]);
        sum += status >> 8 & 255;
        signals += (status & 127) != 0 || status < 0;
    }
    expect(signals, 0, "twenty.end_by_themselves");
    expect(sum, 190, "twenty.each_with_its_status");
}

/* Each makes the next one, and ends with what that ends with, and 1. */
static long chain(long left)
{
    long child = left == 0 ? -1 : fork_child();
    if (child == 0) { leave(chain(left - 1)); }
    return child < 0 ? 0 : (status_of(child) >> 8) + 1;
}

static void many(void)
{
    long wrong = 0;
    for (long i = 0; i < 300; i++) {
        long child = fork_child();
        if (child == 0) { leave(7); }
        wrong += status_of(child) != 7 << 8;
    }
    expect(wrong, 0, "many.one_after_the_other");
    expect(chain(15), 15, "many.in_each_other");
}

/* More than there can be: it is said, and those that are there go on. */
static void bomb(void)
{
    long count = 0, result, wrong = 0;
    while ((result = fork_child()) > 0) { count++; }
    if (result == 0) {
        int both[2];
        char byte;
        call(PIPE2, both, 0);
        call(READ, both[0], &byte, 1);
    }
    expect(result, -EAGAIN, "bomb.is_refused");
    expect(count > 10, 1, "bomb.is_large");
    call(RT_SIGPROCMASK, 0, 0, 0, 8);
    call(KILL, -1, SIGKILL);
    for (; count > 0; count--) { wrong += status_of(-1) >= 0; }
    expect(call(WAIT4, -1, 0, 0, 0), -ECHILD, "bomb.all_are_gone");
    long child = fork_child();
    if (child == 0) { leave(7); }
    expect(status_of(child), 7 << 8, "bomb.there_is_room_again");
    (void)wrong;
}

/* A group of which most have ended, and nobody has waited for them: the others
 * are reached. */
static void graves(void)
{
    static const long long_time[2] = { 100, 0 };
    int both[2];
    char byte;
    call(PIPE2, both, O_NONBLOCK);
    long leader = fork_child();
    if (leader == 0) {
        call(SETPGID, 0, 0);
        for (long i = 0; i < 600; i++) {
            if (fork_child() > 0) { continue; }
            while (i % 50 == 0) { call(NANOSLEEP, long_time); }
            leave(0);
        }
        call(WRITE, both[1], "x", 1);
        for (;;) { call(NANOSLEEP, long_time); }
    }
    call(CLOSE, both[1]);
    long waited[1] = { both[0] | (long)POLLIN << 32 };
    call(PPOLL, waited, 1, 0, 0, 8);
    expect(call(READ, both[0], &byte, 1), 1, "graves.most_have_ended");
    expect(call(KILL, -leader, SIGKILL), 0, "graves.the_living_are_there");
    expect(call(READ, both[0], &byte, 1), 0, "graves.all_of_them_end");
    while (call(WAIT4, -1, 0, 0, 0) > 0) {}
    call(CLOSE, both[0]);
}

void test(void)
{
    twenty();
    graves();
    many();
    bomb();
}
