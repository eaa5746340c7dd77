/* Waiting for several files: ppoll, pselect6. */
#include "bare.h"

enum { PSELECT6 = 72, PPOLL };
enum { POLLIN = 1, POLLOUT = 4, POLLERR = 8, POLLHUP = 16, POLLNVAL = 32 };
enum { MANY = 200 };

struct wanted {
    int file;
    short events, found;
};
struct action {
    void (*handler)(int signal);
    unsigned long flags, mask;
};

static int both[2];
static volatile int handled;

static long poll_one(long file, short events, long milliseconds, short *found)
{
    long time[2] = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    struct wanted one = { (int)file, events, -1 };
    long result = call(PPOLL, &one, 1, milliseconds < 0 ? 0 : time, 0, 8);
    *found = one.found;
    return result;
}

static long milliseconds(void)
{
    long now[2];
    call(CLOCK_GETTIME, 1, now);
    return now[0] * 1000 + now[1] / 1000000;
}

static void polls(void)
{
    short found;
    expect(poll_one(both[0], POLLIN, 0, &found), 0, "poll.nothing_yet");
    expect(found, 0, "poll.nothing_is_told");
    long before = milliseconds();
    expect(poll_one(both[0], POLLIN, 50, &found), 0, "poll.time_is_over");
    long passed = milliseconds() - before;
    expect(passed >= 50 && passed < 1000, 1, "poll.so_long");
    expect(poll_one(both[1], POLLOUT, -1, &found), 1, "poll.can_be_written");
    call(WRITE, both[1], "x", 1);
    expect(poll_one(both[0], POLLIN | POLLOUT, -1, &found), 1, "poll.one_came");
    expect(found, POLLIN, "poll.can_be_read");
    expect(poll_one(99, POLLIN, -1, &found), 1, "poll.no_file");
    expect(found, POLLNVAL, "poll.is_told_so");
    expect(poll_one(-1, POLLIN, 0, &found), 0, "poll.is_passed_over");
    expect(call(PPOLL, NOTHING_THERE, 1, 0, 0, 8), -EFAULT, "poll.nowhere");
    expect(call(PPOLL, &found, 5000, 0, 0, 8), -EINVAL, "poll.too_many");
    long odd[2] = { 0, 1000000000 };
    struct wanted none = { -1, 0, 0 };
    expect(call(PPOLL, &none, 1, odd, 0, 8), -EINVAL, "poll.odd_time");
    char c;
    call(READ, both[0], &c, 1);
}

static void hangs_up(void)
{
    int pipe[2];
    short found;
    call(PIPE2, pipe, 0);
    call(CLOSE, pipe[1]);
    expect(poll_one(pipe[0], 0, -1, &found), 1, "poll.nobody_writes");
    expect(found, POLLHUP, "poll.hangs_up");
    call(CLOSE, pipe[0]);
}

/* So many queues that a record does not hold them. */
static void many(void)
{
    static struct wanted wanted[MANY];
    for (int i = 0; i < MANY; i++) {
        wanted[i].file = both[0];
        wanted[i].events = POLLIN;
    }
    long child = fork_child();
    if (child == 0) {
        long pause[2] = { 0, 20000000 };
        call(NANOSLEEP, pause, 0);
        call(WRITE, both[1], "y", 1);
        leave(0);
    }
    expect(call(PPOLL, wanted, MANY, 0, 0, 8), MANY, "poll.many_wait");
    char c = 0;
    call(READ, both[0], &c, 1);
    expect(c, 'y', "poll.many_are_told");
    status_of(child);
}

static void selects(void)
{
    unsigned long reads = 1ul << both[0], writes = 1ul << both[1];
    long time[2] = { 0, 1000000 };
    expect(call(PSELECT6, 64, &reads, &writes, 0, 0, 0), 1, "select.one");
    expect((long)reads, 0, "select.nothing_to_read");
    expect((long)writes, 1l << both[1], "select.can_be_written");
    reads = 1ul << both[0];
    expect(call(PSELECT6, 64, &reads, 0, 0, time, 0), 0, "select.time_is_over");
    expect((long)reads, 0, "select.none_is_left");
    reads = 1ul << 60;
    expect(call(PSELECT6, 64, &reads, 0, 0, 0, 0), -EBADF, "select.no_file");
    expect(call(PSELECT6, 60, 0, 0, 0, time, 0), 0, "select.of_nothing");
    expect(call(PSELECT6, -1, 0, 0, 0, time, 0), -EINVAL, "select.negative");
    expect(call(PSELECT6, 64, NOTHING_THERE, 0, 0, 0, 0), -EFAULT,
           "select.nowhere");
    long child = fork_child();
    if (child == 0) {
        call(WRITE, both[1], "z", 1);
        leave(0);
    }
    reads = 1ul << both[0];
    expect(call(PSELECT6, 64, &reads, 0, 0, 0, 0), 1, "select.waits");
    expect((long)reads, 1l << both[0], "select.can_be_read");
    status_of(child);
    char c;
    call(READ, both[0], &c, 1);
}

static void handle(int signal) { handled += signal; }

/* The mask is the call's while it waits, and its own afterwards. */
static void interrupted(void)
{
    struct action action = { handle, 0x10000000, 0 }; /* with SA_RESTART */
    unsigned long set = 1ul << (SIGUSR1 - 1), none = 0, now = 0;
    struct wanted one = { both[0], POLLIN, 0 };
    call(RT_SIGACTION, SIGUSR1, &action, 0, 8);
    call(RT_SIGPROCMASK, 0, &set, 0, 8);
    call(KILL, call(GETPID), SIGUSR1);
    expect(handled, 0, "mask.blocks");
    expect(call(PPOLL, &one, 1, 0, &none, 8), -EINTR, "mask.lets_it_through");
    expect(handled, SIGUSR1, "mask.is_handled");
    call(RT_SIGPROCMASK, 0, 0, &now, 8);
    expect((long)now, (long)set, "mask.is_its_own_again");
    long time[2] = { 0, 0 };
    call(RT_SIGPROCMASK, 2, &none, 0, 8);
    expect(call(PPOLL, &one, 1, time, &set, 8), 0, "mask.nothing_comes");
    call(RT_SIGPROCMASK, 0, 0, &now, 8);
    expect((long)now, 0, "mask.none_again");
}

void test(void)
{
    call(PIPE2, both, 0);
    polls();
    hangs_up();
    many();
    selects();
    interrupted();
}
