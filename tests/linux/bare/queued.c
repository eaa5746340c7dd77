/* Signals that queue, and calls that signals cut. */
#include "bare.h"

enum {
    EPOLL_CREATE1 = 20,
    EPOLL_PWAIT = 22,
    FLOCK = 32,
    PPOLL = 73,
    RT_SIGQUEUEINFO = 138,
    RT_TGSIGQUEUEINFO = 240,
};
enum { STOP = 19, CONT = 18, TSTP = 20, RT = 40 };
enum { SI_QUEUE = -1, SIGPENDING = 11, RESTART = 0x10000000, SIGINFO = 4 };
enum { MILLISECOND = 1000000 };

struct action {
    void (*handler)(int signal, int *info, unsigned long *context);
    unsigned long flags, mask;
};
struct info {
    int signal, error, code, pad, process, user;
    long value;
    long unused[12];
};

static volatile int order[8], came;
static volatile long value_sum;

static void note(int signal, int *info, unsigned long *context)
{
    (void)context;
    if (came < 8) { order[came] = signal; }
    came++;
    value_sum = value_sum * 10 + *(long *)(info + 6);
}

static void handle(long signal, unsigned long flags, unsigned long mask)
{
    struct action action = { note, flags | SIGINFO, mask };
    call(RT_SIGACTION, signal, &action, 0, 8);
}

static long queue(long signal, long value)
{
    struct info info = { .code = SI_QUEUE, .value = value };
    return call(RT_SIGQUEUEINFO, call(GETPID), signal, &info);
}

/* ---- queues -------------------------------------------------------------- */

static void queues(void)
{
    unsigned long both = 3ul << (RT - 1), old, limit[2], few[2];
    struct info info = { .code = 0 };
    handle(RT, 0, both);
    handle(RT + 1, 0, both);
    call(RT_SIGPROCMASK, 0, &both, &old, 8);
    expect(queue(RT + 1, 3), 0, "queue.takes");
    queue(RT, 1);
    queue(RT, 2);
    queue(RT + 1, 4);
    came = 0;
    value_sum = 0;
    call(RT_SIGPROCMASK, 1, &both, 0, 8);
    expect(came, 4, "queue.each_comes");
    expect(value_sum, 1234, "queue.by_number_and_age");
    handle(RT, 0, 0);
    handle(RT + 1, 0, 0);
    call(RT_SIGPROCMASK, 0, &both, 0, 8);
    queue(RT, 1);
    queue(RT + 1, 2);
    value_sum = 0;
    call(RT_SIGPROCMASK, 1, &both, 0, 8);
    expect(value_sum, 21, "queue.the_last_interrupts_the_first");
    call(RT_SIGPROCMASK, 0, &both, 0, 8);
    call(PRLIMIT64, 0, SIGPENDING, 0, limit);
    few[0] = 3;
    few[1] = limit[1];
    expect(call(PRLIMIT64, 0, SIGPENDING, few, 0), 0, "queue.limit_is_set");
    for (long i = 0; i < 3; i++) { expect(queue(RT, i), 0, "queue.within"); }
    expect(queue(RT, 3), -EAGAIN, "queue.beyond");
    expect(call(KILL, call(GETPID), RT + 1), 0, "queue.kill_goes_beyond");
    came = 0;
    call(RT_SIGPROCMASK, 1, &both, 0, 8);
    expect(came, 4, "queue.all_come");
    call(PRLIMIT64, 0, SIGPENDING, limit, 0);
    call(RT_SIGPROCMASK, 2, &old, 0, 8);
    expect(call(RT_SIGQUEUEINFO, call(GETPPID) + 99999, RT, &info), -EPERM,
           "queue.not_as_the_system");
    info.code = SI_QUEUE;
    expect(call(RT_SIGQUEUEINFO, 999999, RT, &info), -ESRCH, "queue.nobody");
    expect(call(RT_SIGQUEUEINFO, call(GETPID), RT, 8), -EFAULT,
           "queue.nowhere");
    expect(call(RT_SIGQUEUEINFO, call(GETPID), 65, &info), -EINVAL,
           "queue.no_signal");
    came = 0;
    expect(call(RT_TGSIGQUEUEINFO, call(GETPID), call(GETTID), RT, &info), 0,
           "queue.of_a_thread");
    expect(came, 1, "queue.thread_has_it");
}

/* What stops takes back what goes on, and the other way round, also of one
 * thread, and what is blocked. */
static void opposites(void)
{
    unsigned long set = 1ul << (CONT - 1) | 1ul << (TSTP - 1), old, now;
    call(RT_SIGPROCMASK, 0, &set, &old, 8);
    call(KILL, call(GETPID), TSTP);
    call(TGKILL, call(GETPID), call(GETTID), TSTP);
    call(RT_SIGPENDING, &now, 8);
    expect((long)(now & set), 1l << (TSTP - 1), "opposites.stop_waits");
    call(KILL, call(GETPID), CONT);
    call(RT_SIGPENDING, &now, 8);
    expect((long)(now & set), 1l << (CONT - 1), "opposites.stop_is_gone");
    call(KILL, call(GETPID), TSTP);
    call(RT_SIGPENDING, &now, 8);
    expect((long)(now & set), 1l << (TSTP - 1), "opposites.go_on_is_gone");
    call(KILL, call(GETPID), CONT);
    call(RT_SIGPROCMASK, 2, &old, 0, 8);
}

/* ---- calls that are cut -------------------------------------------------- */

static int ends[2];
static long lock_file, epoll;
static struct {
    int file;
    short events, found;
} one;

/* The calls that wait; each for something that comes later than the signal. */
static long do_read(void)
{
    char byte;
    return call(READ, ends[0], &byte, 1);
}

static long do_wait(void) { return call(WAIT4, -1, 0, 0, 0) > 0; }

static long do_sleep(void)
{
    long rest[2] = { 0, 60 * MILLISECOND };
    return call(NANOSLEEP, rest, 0) + 1;
}

static long do_poll(void)
{
    one.file = ends[0];
    one.events = 1;
    return call(PPOLL, &one, 1, 0, 0, 8);
}

static long do_epoll(void)
{
    long event[2];
    long result = call(EPOLL_PWAIT, epoll, event, 1, 60, 0, 8);
    return result == 0 ? 1 : result;
}

static long do_suspend(void)
{
    unsigned long none = 0;
    return call(RT_SIGSUSPEND, &none, 8);
}

static long do_flock(void) { return call(FLOCK, lock_file, 2) + 1; }

static long do_futex(void)
{
    static int word;
    long rest[2] = { 0, 60 * MILLISECOND };
    long result = call(FUTEX, &word, 0, 0, rest);
    return result == -ETIMEDOUT ? 1 : result;
}

/* A child sends a signal (and one to go on, if it stops), later does what the
 * call waits for, and ends. */
static long cut(long (*wait)(void), long signal)
{
    long self = call(GETPID), result;
    call(PIPE2, ends, 0);
    lock_file = call(OPENAT, HERE, "/tmp/lock", O_RDWR | O_CREAT, 0644);
    long child = fork_child();
    if (child == 0) {
        long early[2] = { 0, 15 * MILLISECOND }, later = 30 * MILLISECOND;
        long own = call(OPENAT, HERE, "/tmp/lock", O_RDWR, 0);
        call(FLOCK, own, 2);
        call(WRITE, ends[1], "b", 1);
        call(NANOSLEEP, early, 0);
        call(KILL, self, signal);
        call(NANOSLEEP, early, 0);
        if (signal == STOP) { call(KILL, self, CONT); }
        early[1] = later;
        call(NANOSLEEP, early, 0);
        call(WRITE, ends[1], "x", 1);
        leave(0);
    }
    (void)do_read(); /* the child is there, and has the lock */
    came = 0;
    result = wait();
    call(WAIT4, child, 0, 0, 0);
    call(CLOSE, lock_file);
    call(CLOSE, ends[0]);
    call(CLOSE, ends[1]);
    return result;
}

static const struct {
    long (*wait)(void);
    long restarted; /* what it has with SA_RESTART, and when it was stopped */
    long stopped;
    const char *name;
} cuts[] = {
    { do_read, 1, 1, "cut.read" },
    { do_wait, 1, 1, "cut.wait4" },
    { do_sleep, -EINTR + 1, 1, "cut.nanosleep" },
    { do_poll, -EINTR, 1, "cut.poll" },
    { do_epoll, -EINTR, 0, "cut.epoll" },
    { do_suspend, -EINTR, 0, "cut.sigsuspend" },
    { do_flock, 1, 1, "cut.flock" },
    { do_futex, -EINTR, 1, "cut.futex" },
};

static void calls(void)
{
    epoll = call(EPOLL_CREATE1, 0);
    for (unsigned i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        long without = cuts[i].restarted == 1 ? -EINTR : cuts[i].restarted;
        if (cuts[i].wait == do_flock) { without = -EINTR + 1; }
        if (cuts[i].wait == do_wait) { without = 0; } /* of > 0 */
        handle(SIGUSR1, 0, 0);
        expect(cut(cuts[i].wait, SIGUSR1), without, cuts[i].name);
        expect(came, 1, cuts[i].name);
        handle(SIGUSR1, RESTART, 0);
        expect(cut(cuts[i].wait, SIGUSR1), cuts[i].restarted, cuts[i].name);
        expect(came, 1, cuts[i].name);
        if (cuts[i].stopped != 0) {
            /* Only a parent that is no orphan can be stopped. */
            long child = fork_child();
            if (child == 0) {
                leave(cut(cuts[i].wait, STOP) == cuts[i].stopped);
            }
            expect(status_of(child) >> 8, 1, cuts[i].name);
        }
    }
    call(CLOSE, epoll);
}

void test(void)
{
    queues();
    opposites();
    calls();
}
