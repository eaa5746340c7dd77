/* Timers of every kind; signals that are read, and processes as files. */
#include "bare.h"

enum {
    SIGNALFD4 = 74,
    TIMERFD_CREATE = 85,
    TIMERFD_SETTIME,
    TIMERFD_GETTIME,
    TIMER_CREATE = 107,
    TIMER_GETTIME,
    TIMER_GETOVERRUN,
    TIMER_SETTIME,
    TIMER_DELETE,
    PPOLL = 73,
    EPOLL_CREATE1 = 20,
    EPOLL_CTL,
    EPOLL_PWAIT,
    PIDFD_SEND_SIGNAL = 424,
    PIDFD_OPEN = 434,
    PIDFD_GETFD = 438,
};
enum { REALTIME, MONOTONIC, PROCESS_TIME, BOOTTIME = 7 };
enum { MILLISECOND = 1000000, ABSTIME = 1, CANCEL_ON_SET = 2, POLLIN = 1 };
enum { ALARM = 14, CHILD = 17, VTALRM = 26, PROF = 27, RT = 40 };
enum { BY_SIGNAL, BY_NONE, BY_THREAD_ID = 4, SI_TIMER = -2 };
enum { CLONE_PIDFD = 0x1000, P_PIDFD = 3, WEXITED = 4 };

struct time {
    long seconds, nanoseconds;
};
struct interval {
    struct time every, first;
};
struct action {
    void (*handler)(int signal);
    unsigned long flags, mask;
};
struct event {
    unsigned long value;
    int signal, how, thread, unused[11];
};

static const struct time at_once = { 0, 0 };

static int polled(long file, const struct time *wait)
{
    struct {
        int file;
        short events, found;
    } one = { (int)file, POLLIN, 0 };
    call(PPOLL, &one, 1, wait, 0, 8);
    return one.found;
}

static long take(long file)
{
    long number = -1, result = call(READ, file, &number, sizeof number);
    return result < 0 ? result : number;
}

static long left_of(long file)
{
    struct interval now = { { 0, 0 }, { 0, 0 } };
    call(TIMERFD_GETTIME, file, &now);
    return now.first.seconds * 1000 + now.first.nanoseconds / MILLISECOND;
}

static void sleep(long milliseconds)
{
    struct time rest = { 0, milliseconds * MILLISECOND };
    call(NANOSLEEP, &rest, 0);
}

/* ---- timerfd ------------------------------------------------------------- */

static void once(long clock, const char *name)
{
    struct interval soon = { { 0, 0 }, { 0, 5 * MILLISECOND } };
    long file = call(TIMERFD_CREATE, clock, 0);
    call(TIMERFD_SETTIME, file, 0, &soon, 0);
    expect(take(file), 1, name);
    call(CLOCK_GETTIME, clock, &soon.first);
    soon.first.nanoseconds += 5 * MILLISECOND;
    soon.first.seconds += soon.first.nanoseconds / 1000000000;
    soon.first.nanoseconds %= 1000000000;
    call(TIMERFD_SETTIME, file, ABSTIME | CANCEL_ON_SET, &soon, 0);
    expect(take(file), 1, name);
    soon.first.seconds = 0;
    call(TIMERFD_SETTIME, file, ABSTIME, &soon, 0);
    expect(take(file), 1, name);
    call(CLOSE, file);
}

static void again(void)
{
    struct interval often = { { 0, 2 * MILLISECOND }, { 0, MILLISECOND } },
                    rarely = { { 100, 0 }, { 0, MILLISECOND } },
                    none = { { 0, 0 }, { 0, 0 } }, old;
    long file = call(TIMERFD_CREATE, MONOTONIC, O_NONBLOCK);
    expect(take(file), -EAGAIN, "timerfd.stands");
    call(TIMERFD_SETTIME, file, 0, &often, 0);
    sleep(20);
    expect(polled(file, &at_once), POLLIN, "timerfd.can_be_read");
    expect(left_of(file) <= 2, 1, "timerfd.left_of_the_next");
    expect(take(file) >= 9, 1, "timerfd.counts");
    expect(polled(file, 0), POLLIN, "timerfd.rings_on");
    expect(call(TIMERFD_SETTIME, file, 0, &none, &old), 0, "timerfd.ends");
    expect(old.every.nanoseconds, 2 * MILLISECOND, "timerfd.tells_old");
    expect(take(file), -EAGAIN, "timerfd.has_ended");
    call(TIMERFD_SETTIME, file, 0, &rarely, 0);
    expect(polled(file, 0), POLLIN, "timerfd.rings_rarely");
    expect(take(file), 1, "timerfd.has_rung_once");
    expect(take(file), -EAGAIN, "timerfd.was_read");
    none.first.seconds = 100;
    call(TIMERFD_SETTIME, file, 0, &none, 0);
    expect(left_of(file) > 99000 && left_of(file) <= 100000, 1,
           "timerfd.tells_left");
    call(CLOSE, file);
}

static void watched(void)
{
    struct interval soon = { { 0, 0 }, { 0, 5 * MILLISECOND } };
    struct {
        unsigned events, pad;
        unsigned long data;
    } event = { POLLIN, 0, 7 };
    long epoll = call(EPOLL_CREATE1, 0);
    long file = call(TIMERFD_CREATE, BOOTTIME, 0);
    expect(call(EPOLL_CTL, epoll, 1, file, &event), 0, "timerfd.is_watched");
    event.data = 0;
    expect(call(EPOLL_PWAIT, epoll, &event, 1, 0, 0, 8), 0, "timerfd.is_quiet");
    call(TIMERFD_SETTIME, file, 0, &soon, 0);
    expect(call(EPOLL_PWAIT, epoll, &event, 1, 1000, 0, 8), 1,
           "timerfd.wakes_epoll");
    expect((long)event.data, 7, "timerfd.is_told");
    call(CLOSE, file);
    call(CLOSE, epoll);
}

static void refused(void)
{
    struct interval wrong = { { 0, 0 }, { 0, 1000000000 } };
    long file = call(TIMERFD_CREATE, MONOTONIC, 0);
    char few[4];
    expect(call(TIMERFD_CREATE, 2, 0), -EINVAL, "timerfd.no_processor_time");
    expect(call(TIMERFD_CREATE, 1, 1), -EINVAL, "timerfd.odd_flags");
    expect(call(TIMERFD_SETTIME, file, 0, &wrong, 0), -EINVAL,
           "timerfd.no_time");
    expect(call(TIMERFD_SETTIME, file, 0, 8, 0), -EFAULT, "timerfd.nowhere");
    wrong.first.nanoseconds = 1;
    expect(call(TIMERFD_SETTIME, 0, 0, &wrong, 0), -EINVAL,
           "timerfd.another_file");
    expect(call(TIMERFD_SETTIME, 99, 0, &wrong, 0), -EBADF, "timerfd.no_file");
    expect(call(READ, file, few, 4), -EINVAL, "timerfd.short_read");
    expect(call(WRITE, file, few, 4), -EINVAL, "timerfd.is_not_written");
    call(CLOSE, file);
}

/* ---- timer_create -------------------------------------------------------- */

static volatile int rings[65];

static void ring(int signal) { rings[signal]++; }

static void handle(int signal)
{
    struct action action = { ring, 0, 0 };
    call(RT_SIGACTION, signal, &action, 0, 8);
}

static void made(void)
{
    struct event event = { .value = 77, .signal = RT, .how = BY_THREAD_ID };
    struct interval often = { { 0, MILLISECOND }, { 0, MILLISECOND } }, now;
    unsigned long set = 1ul << (RT - 1);
    int id = -1, info[32];
    event.thread = (int)call(GETTID);
    handle(RT);
    call(RT_SIGPROCMASK, 0, &set, 0, 8);
    expect(call(TIMER_CREATE, MONOTONIC, &event, &id), 0, "timer.is_made");
    expect(call(TIMER_SETTIME, id, 0, &often, 0), 0, "timer.is_set");
    sleep(20);
    expect(call(RT_SIGTIMEDWAIT, &set, info, 0, 8), RT, "timer.signals");
    expect(info[2], SI_TIMER, "timer.code");
    expect(info[4], id, "timer.number");
    expect(info[5] >= 15, 1, "timer.overrun");
    expect(*(long *)(info + 6), 77, "timer.value");
    expect(call(TIMER_GETOVERRUN, id), info[5], "timer.tells_overrun");
    expect(call(RT_SIGTIMEDWAIT, &set, info, 0, 8), RT, "timer.goes_on");
    expect(call(TIMER_GETTIME, id, &now), 0, "timer.is_told");
    expect(now.every.nanoseconds, MILLISECOND, "timer.period");
    sleep(5);
    expect(call(TIMER_DELETE, id), 0, "timer.goes");
    expect(call(TIMER_DELETE, id), -EINVAL, "timer.is_gone");
    while (call(RT_SIGTIMEDWAIT, &set, 0, &at_once, 8) > 0) {}
    call(RT_SIGPROCMASK, 1, &set, 0, 8);
}

static void by_default(void)
{
    struct event none = { .how = BY_NONE }, wrong = { .signal = 65 };
    struct interval soon = { { 0, 0 }, { 0, MILLISECOND } };
    int id;
    rings[ALARM] = 0;
    handle(ALARM);
    expect(call(TIMER_CREATE, REALTIME, 0, &id), 0, "timer.says_nothing");
    call(TIMER_SETTIME, id, 0, &soon, 0);
    while (rings[ALARM] == 0) {}
    call(TIMER_DELETE, id);
    expect(call(TIMER_CREATE, MONOTONIC, &none, &id), 0, "timer.no_signal");
    call(TIMER_SETTIME, id, 0, &soon, 0);
    sleep(3);
    struct interval now = { { 1, 1 }, { 1, 1 } };
    call(TIMER_GETTIME, id, &now);
    expect(now.first.seconds + now.first.nanoseconds, 0, "timer.has_rung");
    call(TIMER_DELETE, id);
    expect(call(TIMER_CREATE, MONOTONIC, &wrong, &id), -EINVAL,
           "timer.no_such_signal");
    expect(call(TIMER_CREATE, 99, 0, &id), -EINVAL, "timer.no_such_clock");
    wrong.signal = RT;
    wrong.how = BY_THREAD_ID;
    wrong.thread = 99999;
    expect(call(TIMER_CREATE, MONOTONIC, &wrong, &id), -EINVAL,
           "timer.no_such_thread");
    expect(call(TIMER_CREATE, MONOTONIC, 0, 8), -EFAULT, "timer.nowhere");
}

/* The timers that a program finds when it begins: of a hundred numbers, so many
 * are timers; a hundred more when its process has an alarm. */
static long found(void)
{
    long count = 0;
    struct interval left;
    for (long id = 0; id < 100; id++) {
        count += call(TIMER_GETTIME, id, &left) == 0;
    }
    call(GETITIMER, 0, &left);
    return count + (left.first.seconds > 0 ? 100 : 0);
}

/* What a program made ends with execve, and what its process has goes on; a
 * fork has neither. */
static void inherited(void)
{
    char *words[] = { "/t/timers", "found", 0 };
    struct event none = { .how = BY_NONE };
    struct interval late = { { 0, 0 }, { 1000, 0 } };
    long alarm[4] = { 0, 0, 1000, 0 };
    long child = fork_child();
    if (child == 0) {
        int id;
        call(TIMER_CREATE, MONOTONIC, &none, &id);
        call(TIMER_SETTIME, id, 0, &late, 0);
        call(SETITIMER, 0, alarm, 0);
        long grandchild = fork_child();
        if (grandchild == 0) { leave(found()); }
        if (status_of(grandchild) != 0) { leave(1); }
        leave(found() == 101 ? call(EXECVE, words[0], words, 0) : 2);
    }
    expect(status_of(child), 100 << 8, "timer.inherited");
}

/* ---- time of the processor ----------------------------------------------- */

static long used(void)
{
    struct time time;
    call(CLOCK_GETTIME, PROCESS_TIME, &time);
    return time.seconds * 1000000000 + time.nanoseconds;
}

static void worked(long which, int signal, const char *name)
{
    long soon[4] = { 0, 30000, 0, 30000 }, none[4] = { 0, 0, 0, 0 };
    rings[signal] = 0;
    handle(signal);
    long before = used();
    expect(call(SETITIMER, which, soon, 0), 0, name);
    sleep(40);
    /* A busy host may have taken the time of the processor. */
    long rung = rings[signal];
    expect(rung == 0 || used() - before >= 30 * MILLISECOND, 1, name);
    while (rings[signal] < 2) {}
    call(SETITIMER, which, none, 0);
    expect(rings[signal] >= 2, 1, name);
}

static void of_processor(void)
{
    struct event event = { .signal = RT, .how = BY_SIGNAL };
    struct interval soon = { { 0, 0 }, { 0, 30 * MILLISECOND } };
    int id;
    worked(1, VTALRM, "virtual.while_it_works");
    worked(2, PROF, "prof.while_it_works");
    expect(call(SETITIMER, 3, 0, 0), -EINVAL, "setitimer.no_such");
    rings[RT] = 0;
    call(TIMER_CREATE, PROCESS_TIME, &event, &id);
    call(TIMER_SETTIME, id, 0, &soon, 0);
    while (rings[RT] == 0) {}
    call(TIMER_DELETE, id);
}

/* ---- signalfd ------------------------------------------------------------ */

static void signals(void)
{
    unsigned long set = 1ul << (SIGUSR1 - 1) | 1ul << (RT - 1), old;
    unsigned long few = 1ul << (RT - 1);
    unsigned got[64];
    call(RT_SIGPROCMASK, 0, &set, &old, 8);
    long file = call(SIGNALFD4, -1, &set, 8, O_NONBLOCK);
    expect(call(READ, file, got, 256), -EAGAIN, "signalfd.is_empty");
    call(KILL, call(GETPID), RT);
    call(KILL, call(GETPID), RT);
    call(KILL, call(GETPID), SIGUSR1);
    expect(polled(file, &at_once), POLLIN, "signalfd.can_be_read");
    expect(call(READ, file, got, 127), -EINVAL, "signalfd.short_read");
    expect(call(READ, file, got, 256), 256, "signalfd.reads_two");
    expect((long)got[0], SIGUSR1, "signalfd.the_lowest_first");
    expect((long)got[3], call(GETPID), "signalfd.whose");
    expect((long)got[32], RT, "signalfd.and_the_next");
    expect(call(SIGNALFD4, file, &few, 8, 0), file, "signalfd.another_set");
    call(KILL, call(GETPID), SIGUSR1);
    expect(call(READ, file, got, 256), 128, "signalfd.the_second");
    expect(polled(file, &at_once), 0, "signalfd.is_of_its_set");
    call(SIGNALFD4, file, &set, 8, 0);
    expect(call(READ, file, got, 128), 128, "signalfd.set_is_more");
    expect(call(SIGNALFD4, 0, &set, 8, 0), -EINVAL, "signalfd.another_file");
    expect(call(SIGNALFD4, -1, &set, 4, 0), -EINVAL, "signalfd.odd_set");
    call(CLOSE, file);
    set |= 1ul << (CHILD - 1);
    call(RT_SIGPROCMASK, 0, &set, 0, 8);
    file = call(SIGNALFD4, -1, &set, 8, 0);
    long child = fork_child();
    if (child == 0) {
        sleep(5);
        leave(3);
    }
    expect(call(READ, file, got, 128), 128, "signalfd.waits");
    expect((long)got[0], CHILD, "signalfd.child");
    expect((long)got[10], 3, "signalfd.status");
    expect(status_of(child) >> 8, 3, "signalfd.child_is_there");
    call(CLOSE, file);
    call(RT_SIGPROCMASK, 2, &old, 0, 8);
}

/* ---- pidfd --------------------------------------------------------------- */

static void processes(void)
{
    int file = -1, info[32], both[2];
    long child = call(CLONE, CHILD | CLONE_PIDFD, 0, &file, 0, 0);
    if (child == 0) {
        for (;;) { sleep(500); }
    }
    expect(file >= 3, 1, "pidfd.of_clone");
    expect(polled(file, &at_once), 0, "pidfd.lives");
    expect(call(PIDFD_SEND_SIGNAL, file, 0, 0, 0), 0, "pidfd.is_there");
    long other = call(PIDFD_OPEN, child, O_NONBLOCK);
    expect(call(WAITID, P_PIDFD, other, info, WEXITED, 0), -EAGAIN,
           "pidfd.does_not_wait");
    call(PIPE2, both, 0);
    long copy = call(PIDFD_GETFD, file, 1, 0);
    expect(copy >= 0, 1, "pidfd.gives_a_file");
    call(CLOSE, copy);
    expect(call(PIDFD_SEND_SIGNAL, file, SIGKILL, 0, 0), 0, "pidfd.signals");
    expect(polled(file, 0), POLLIN, "pidfd.has_ended");
    expect(call(WAITID, P_PIDFD, file, info, WEXITED, 0), 0, "pidfd.waits");
    expect(info[4], child, "pidfd.for_whom");
    expect(call(PIDFD_SEND_SIGNAL, file, 0, 0, 0), -ESRCH, "pidfd.is_gone");
    expect(call(WAITID, P_PIDFD, file, info, WEXITED, 0), -ECHILD,
           "pidfd.no_child");
    expect(call(PIDFD_OPEN, child, 0), -ESRCH, "pidfd.nobody");
    expect(call(PIDFD_OPEN, 0, 0), -EINVAL, "pidfd.no_number");
    expect(call(PIDFD_SEND_SIGNAL, 1, 0, 0, 0), -EBADF, "pidfd.another_file");
    call(CLOSE, file);
    call(CLOSE, other);
    call(CLOSE, both[0]);
    call(CLOSE, both[1]);
}

/* Who waits for nothing but the end of all is told when a process that has
 * ended was waited for. */
static void forgotten(void)
{
    struct {
        int file;
        short events, found;
    } one = { -1, 0, 0 };
    int held[2], info[32];
    call(PIPE2, held, 0);
    long child = fork_child();
    if (child == 0) {
        char byte;
        call(CLOSE, held[1]);
        call(READ, held[0], &byte, 1);
        leave(4);
    }
    one.file = (int)call(PIDFD_OPEN, child, 0);
    long watcher = fork_child();
    if (watcher == 0) {
        call(CLOSE, held[1]);
        call(PPOLL, &one, 1, 0, 0, 8);
        leave(one.found);
    }
    call(CLOSE, held[1]);
    call(WAITID, 1, child, info, WEXITED | 0x1000000, 0);
    await_waiting(watcher);
    expect(polled(one.file, &at_once), POLLIN, "pidfd.has_ended_only");
    expect(status_of(child), 4 << 8, "pidfd.is_waited_for");
    expect(status_of(watcher), 16 << 8, "pidfd.hangs_up");
    call(CLOSE, one.file);
    call(CLOSE, held[0]);
}

void test(void)
{
    if (argument_count > 1) { leave(found()); }
    once(REALTIME, "timerfd.realtime");
    once(MONOTONIC, "timerfd.monotonic");
    once(BOOTTIME, "timerfd.boottime");
    again();
    watched();
    refused();
    made();
    by_default();
    inherited();
    of_processor();
    signals();
    processes();
    forgotten();
}
