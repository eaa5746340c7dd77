/* Time that was used, alarms, signals that are waited for, and limits. */
#include "bare.h"

enum { ALARM = 14, CHILD = 17, PROCESS_CLOCK = 2, CHILDREN = -1 };
enum { MILLISECOND = 1000000, NOFILE = 7 };
struct interval {
    long every[2], left[2];
};
struct action {
    void (*handler)(int signal);
    unsigned long flags, mask;
};

static volatile int rings;

static void ring(int signal) { rings += signal == ALARM; }

static long used(void)
{
    long time[2];
    call(CLOCK_GETTIME, PROCESS_CLOCK, time);
    return time[0] * 1000000000 + time[1];
}

static void work(long nanoseconds)
{
    long end = used() + nanoseconds;
    while (used() < end) {}
}

static void processor_time(void)
{
    long rest[2] = { 0, 50 * MILLISECOND }, ticks[4], usage[18];
    long before = used();
    call(NANOSLEEP, rest, 0);
    expect(used() - before < 25 * MILLISECOND, 1, "used.stands_in_a_sleep");
    long child = fork_child();
    if (child == 0) {
        work(40 * MILLISECOND);
        leave(0);
    }
    call(WAIT4, child, 0, 0, usage);
    expect(usage[0] * 1000000 + usage[1] >= 40000, 1, "wait4.tells_used");
    call(GETRUSAGE, CHILDREN, usage);
    expect(usage[0] * 1000000 + usage[1] >= 40000, 1, "children.used");
    call(TIMES, ticks);
    expect(ticks[2] >= 4, 1, "times.children");
    expect(call(GETRUSAGE, 2, usage), -EINVAL, "getrusage.no_kind");
}

static long used_by_children(void)
{
    long usage[18];
    call(GETRUSAGE, CHILDREN, usage);
    return usage[0] * 1000000 + usage[1];
}

/* What a child's own children used; and not before they were waited for. */
static void grandchildren(void)
{
    long before = used_by_children(), info[16];
    long child = fork_child();
    if (child == 0) {
        long grandchild = fork_child();
        if (grandchild == 0) {
            work(40 * MILLISECOND);
            leave(0);
        }
        status_of(grandchild);
        leave(4);
    }
    expect(call(WAITID, 1, child, info, 4 | 0x1000000, 0), 0, "waitid.looks");
    expect(used_by_children() - before < 40000, 1, "children.not_yet");
    expect(status_of(child), 4 << 8, "waitid.takes_nothing");
    expect(used_by_children() - before >= 40000, 1, "children.of_children");
}

/* Of which group is said. */
static void groups(void)
{
    long child = fork_child();
    if (child == 0) {
        call(SETPGID, 0, 0);
        leave(5);
    }
    call(SETPGID, child, child);
    long other = fork_child();
    if (other == 0) {
        call(SETPGID, 0, 0);
        leave(6);
    }
    call(SETPGID, other, other);
    expect(call(WAIT4, 0, 0, 0, 0), -ECHILD, "group.nobody_of_ours");
    expect(call(WAIT4, -other, 0, 0, 0), other, "group.of_the_second");
    expect(call(WAIT4, -other, 0, 0, 0), -ECHILD, "group.has_nobody_more");
    expect(call(WAIT4, -child, 0, 0, 0), child, "group.of_the_first");
}

/* A thread's, that has ended. */
static char stack[2 * PAGE] __attribute__((aligned(16)));

__attribute__((used)) static void work_as_thread(void)
{
    work(40 * MILLISECOND);
    call(EXIT, 0);
}

static void threads(void)
{
    enum { THREAD = 0x50f00, CLEAR_ID = 0x200000, SET_ID = 0x1000000 };
    static volatile int id = 1;
    long before = used();
    register long a0 __asm__("a0") = THREAD | CLEAR_ID | SET_ID;
    register void *a1 __asm__("a1") = stack + sizeof stack;
    register volatile void *a2 __asm__("a2") = &id;
    register long a3 __asm__("a3") = 0;
    register volatile void *a4 __asm__("a4") = &id;
    register long a7 __asm__("a7") = CLONE;
    __asm__ volatile("ecall\n bnez a0, 1f\n call work_as_thread\n 1:"
                     : "+r"(a0)
                     : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a7)
                     : "memory", "ra");
    expect(a0 > 0, 1, "thread.begins");
    for (int now; (now = id) != 0;) { call(FUTEX, &id, 0, now, 0); }
    expect(used() - before >= 40 * MILLISECOND, 1, "thread.time_stays");
}

static void alarms(void)
{
    struct action action = { ring, 0, 0 };
    struct interval soon = { { 0, 5000 }, { 0, 5000 } }, old,
                    none = { { 0, 0 }, { 0, 0 } },
                    wrong = { { 0, 0 }, { 0, 1000000 } };
    call(RT_SIGACTION, ALARM, &action, 0, 8);
    expect(call(SETITIMER, 0, &wrong, 0), -EINVAL, "setitimer.no_time");
    expect(call(SETITIMER, 0, &soon, 0), 0, "setitimer.sets");
    while (rings < 3) {}
    expect(call(SETITIMER, 0, &none, &old), 0, "setitimer.rings_on");
    expect(old.every[1], 5000, "setitimer.tells_old");
    call(GETITIMER, 0, &old);
    expect(old.left[0] + old.left[1], 0, "setitimer.is_over");
    long child = fork_child(), status = 0;
    if (child == 0) {
        struct action by_default = { 0, 0, 0 };
        call(RT_SIGACTION, ALARM, &by_default, 0, 8);
        soon.every[1] = 0;
        call(SETITIMER, 0, &soon, 0);
        for (;;) {}
    }
    call(WAIT4, child, &status, 0, 0);
    expect(status & 0x7f, ALARM, "alarm.ends_who_computes");
}

static void waited_for(void)
{
    unsigned long set = 1ul << (ALARM - 1) | 1ul << (CHILD - 1), old;
    struct interval soon = { { 0, 0 }, { 0, 5000 } };
    long moment[2] = { 0, MILLISECOND }, zero[2] = { 0, 0 };
    int info[32];
    call(RT_SIGPROCMASK, 0, &set, &old, 8);
    expect(call(RT_SIGTIMEDWAIT, &set, 0, zero, 8), -EAGAIN, "wait.none");
    expect(call(RT_SIGTIMEDWAIT, &set, 0, moment, 8), -EAGAIN, "wait.ends");
    call(SETITIMER, 0, &soon, 0);
    expect(call(RT_SIGTIMEDWAIT, &set, info, 0, 8), ALARM, "wait.alarm");
    expect(info[0], ALARM, "wait.is_told");
    long child = fork_child();
    if (child == 0) { leave(3); }
    expect(call(RT_SIGTIMEDWAIT, &set, info, 0, 8), CHILD,
           "wait.child_by_default");
    expect(info[4], child, "wait.which_child");
    call(WAIT4, child, 0, 0, 0);
    call(RT_SIGPROCMASK, 2, &old, 0, 8);
}

static void limits(void)
{
    unsigned long old[2], few[2] = { 5, 1024 }, wrong[2] = { 2, 1 }, now[2];
    call(PRLIMIT64, 0, NOFILE, 0, old);
    expect(call(PRLIMIT64, 0, NOFILE, wrong, 0), -EINVAL, "limit.turned");
    expect(call(PRLIMIT64, 0, NOFILE, few, 0), 0, "limit.sets");
    call(PRLIMIT64, 0, NOFILE, 0, now);
    expect((long)now[0], 5, "limit.is_told");
    expect(call(DUP3, 1, 5, 0), -EBADF, "limit.holds");
    expect(call(PRLIMIT64, 0, NOFILE, old, 0), 0, "limit.is_raised");
    expect(call(DUP3, 1, 5, 0), 5, "limit.holds_no_more");
    call(CLOSE, 5);
}

void test(void)
{
    processor_time();
    grandchildren();
    groups();
    threads();
    alarms();
    waited_for();
    limits();
}
