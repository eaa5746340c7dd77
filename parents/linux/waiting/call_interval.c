/* Calls about the three timers that each process has: setitimer. */
#include <calls/table.h>
#include <memory/user.h>
#include <processes/process.h>
#include <processes/signals.h>
#include <waiting/time.h>

enum { REAL, VIRTUAL, PROF };

struct interval {
    struct linux_time every, left; /* microseconds */
};

static uint64_t from_interval(const struct linux_time *time)
{
    uint64_t most = UINT64_C(1) << 33;
    uint64_t seconds = (uint64_t)time->seconds;
    return (seconds < most ? seconds : most) * TIME_SECOND +
           (uint64_t)time->nanoseconds * 1000;
}

static bool is_interval(const struct linux_time *time)
{
    return time->seconds >= 0 && (uint64_t)time->nanoseconds < 1000000;
}

static struct linux_time to_interval(uint64_t time)
{
    return (struct linux_time){ (int64_t)(time / TIME_SECOND),
                                (int64_t)(time % TIME_SECOND / 1000) };
}

/* One that has yet to ring has at least a microsecond left. */
static struct interval interval_of(const struct ticker *ticker)
{
    uint64_t left = ticker_left(ticker);
    if (left != 0 && left < 1000) { left = 1000; }
    return (struct interval){ to_interval(ticker->every), to_interval(left) };
}

static void ring(struct ticker *ticker, unsigned which, int signal)
{
    struct ticker *first = ticker - which;
    struct process *p =
        (void *)((char *)first - offsetof(struct process, interval));
    struct siginfo info = { .signal = signal, .code = LINUX_SI_KERNEL };
    signal_of_ticker(p, NULL, &info, ticker);
}

static void ring_real(struct ticker *ticker)
{
    ring(ticker, REAL, LINUX_SIGALRM);
}

static void ring_virtual(struct ticker *ticker)
{
    ring(ticker, VIRTUAL, LINUX_SIGVTALRM);
}

static void ring_prof(struct ticker *ticker)
{
    ring(ticker, PROF, LINUX_SIGPROF);
}

long call_getitimer(struct thread *t, const uint64_t *a)
{
    uint32_t which = (uint32_t)a[0];
    if (which >= PROCESS_INTERVALS) { return -LINUX_EINVAL; }
    struct interval now = interval_of(&t->process->interval[which]);
    return user_write(t->space, a[1], &now, sizeof now);
}

/* What a process has run is all its own: both other timers go by the same. */
long call_setitimer(struct thread *t, const uint64_t *a)
{
    static void (*const rings[])(struct ticker *) = { ring_real, ring_virtual,
                                                      ring_prof };
    struct process *p = t->process;
    struct interval new = { { 0, 0 }, { 0, 0 } };
    if (a[1] != 0 && user_read(t->space, &new, a[1], sizeof new) != 0) {
        return -LINUX_EFAULT;
    }
    uint32_t which = (uint32_t)a[0];
    if (which >= PROCESS_INTERVALS || !is_interval(&new.every) ||
        !is_interval(&new.left)) {
        return -LINUX_EINVAL;
    }
    struct ticker *ticker = &p->interval[which];
    struct interval old = interval_of(ticker);
    uint64_t left = from_interval(&new.left);
    ticker->clock = which == REAL ? TICKER_TIME : TICKER_PROCESS;
    ticker->id = p->id;
    ticker->ring = rings[which];
    ticker_set(ticker, left == 0 ? 0 : ticker_now(ticker->clock, p->id) + left,
               from_interval(&new.every));
    return user_write_if(t->space, a[2], &old, sizeof old);
}
