/* Signals: one that computes is interrupted, and goes on where it was. */
#include "bare.h"

enum { SIGUSR2 = 12, ROUNDS = 300 };
struct action {
    void (*handler)(int signal);
    unsigned long flags, mask;
};

static volatile int handled;

static void count(int signal)
{
    handled += signal == SIGUSR1 ? 1 : 1000000;
    double x = handled;
    __asm__ volatile("fadd.d %0, %0, %0" : "+f"(x)); /* its own registers */
    call(GETPID);
}

static void handle(long signal, void (*handler)(int signal), unsigned long mask)
{
    struct action action = { handler, 0, mask };
    expect(call(RT_SIGACTION, signal, &action, 0, 8), 0, "action.is_taken");
}

/* All registers hold on to what they had, or the sum is another one. */
static long computed(long rounds)
{
    double parts[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    long sum = 1, a = 3, b = 5, c = 7, d = 11;
    for (long i = 0; i < rounds; i++) {
        a = a * 31 + (b ^ i);
        b = b * 37 + (c ^ a);
        c = c * 41 + (d ^ b);
        d = d * 43 + (sum ^ c);
        sum += a ^ b ^ c ^ d;
        parts[i % 8] = parts[(i + 3) % 8] * 0.5 + (double)(i % 1000);
    }
    for (int i = 0; i < 8; i++) { sum = sum * 3 + (long)(parts[i] * 1024); }
    return sum;
}

/* The child says when it is there, computes until it has been interrupted
 * often enough, and computes the same all the time. */
static void computes(void)
{
    int both[2];
    long wanted = computed(20000);
    call(PIPE2, both, 0);
    long child = fork_child();
    if (child == 0) {
        char one = 1;
        call(WRITE, both[1], &one, 1);
        while (handled < ROUNDS) {
            if (computed(20000) != wanted) { leave(1); }
        }
        leave(0);
    }
    char one;
    call(READ, both[0], &one, 1);
    long status = -1;
    for (long sent = 0; sent < 100 * ROUNDS; sent++) {
        long pause[2] = { 0, 200000 };
        call(KILL, child, SIGUSR1);
        call(NANOSLEEP, pause, 0);
        int told;
        if (call(WAIT4, child, &told, 1, 0) == child) {
            status = told;
            break;
        }
    }
    expect(status, 0, "computing.goes_on_where_it_was");
    call(CLOSE, both[0]);
    call(CLOSE, both[1]);
}

/* One that is blocked waits; a handler is entered when it no longer is. */
static void blocked(void)
{
    unsigned long set = 1ul << (SIGUSR2 - 1), old;
    handled = 0;
    call(RT_SIGPROCMASK, 0, &set, &old, 8);
    call(KILL, call(GETPID), SIGUSR2);
    expect(handled, 0, "blocked.waits");
    call(RT_SIGPROCMASK, 1, &set, 0, 8);
    expect(handled, 1000000, "blocked.no_more");
    call(KILL, call(GETPID), SIGUSR1);
    expect(handled, 1000001, "sent_to_itself.at_once");
}

/* Two signals that no mask keeps away. */
static void never_blocked(void)
{
    enum { SIGSTOP = 19, SIGCONT = 18 };
    unsigned long all = -1ul, old, now = 0;
    unsigned long never = 1ul << (SIGKILL - 1) | 1ul << (SIGSTOP - 1);
    struct action action = { count, 0, all };
    call(RT_SIGPROCMASK, 2, &all, &old, 8);
    call(RT_SIGPROCMASK, 0, 0, &now, 8);
    expect((long)(now & never), 0, "blocked.all_but_two");
    call(RT_SIGPROCMASK, 2, &old, 0, 8);
    call(RT_SIGPROCMASK, 0, &all, 0, 8);
    call(RT_SIGPROCMASK, 0, 0, &now, 8);
    expect((long)(now & never), 0, "blocked.no_more_of_them");
    long child = fork_child();
    while (child == 0) {}
    call(KILL, child, SIGKILL);
    expect(status_of(child), SIGKILL, "blocked.is_killed");
    call(RT_SIGPROCMASK, 2, &old, 0, 8);
    call(RT_SIGACTION, SIGUSR2, &action, 0, 8);
    action.mask = 0;
    call(RT_SIGACTION, SIGUSR2, 0, &action, 8);
    expect((long)(action.mask & never), 0, "blocked.nor_by_a_handler");
}

/* A handler for once, and one that may interrupt itself. */
static void once(void)
{
    enum { RESETHAND = 1 << 31, NODEFER = 0x40000000 };
    struct action action = { count, (unsigned)RESETHAND, 0 };
    handled = 0;
    long child = fork_child();
    if (child == 0) {
        call(RT_SIGACTION, SIGUSR1, &action, 0, 8);
        call(KILL, call(GETPID), SIGUSR1);
        call(KILL, call(GETPID), SIGUSR1);
        leave(handled);
    }
    expect(status_of(child), SIGUSR1, "once.is_handled_once");
    call(RT_SIGACTION, SIGUSR1, &action, 0, 8);
    call(KILL, call(GETPID), SIGUSR1);
    expect(handled, 1, "once.is_handled");
    call(RT_SIGACTION, SIGUSR1, 0, &action, 8);
    expect((long)action.handler, 0, "once.is_the_default_again");
}

void test(void)
{
    handle(SIGUSR1, count, 0);
    handle(SIGUSR2, count, 0);
    computes();
    blocked();
    never_blocked();
    once();
}
