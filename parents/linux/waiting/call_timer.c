/* Calls about the timers that a process makes: timer_create. */
#include <calls/table.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/signals.h>
#include <processes/threads.h>
#include <waiting/clock.h>
#include <waiting/posix_timer.h>

enum { SIGEV_SIGNAL, SIGEV_NONE, SIGEV_THREAD, SIGEV_THREAD_ID = 4 };
enum { TIMER_ABSTIME = 1 };

/* What a program says is to be done, struct sigevent. */
struct told {
    uint64_t value;
    int32_t signal, how;
    uint32_t thread;
    uint32_t unused[11];
};
_Static_assert(sizeof(struct told) == 64, "size of struct sigevent");

struct posix_timer {
    struct ticker ticker;
    struct posix_timer *next;
    struct process *process;
    int32_t id;
    uint64_t clock;
    struct told told;
};

/* The thread that was to have it may have ended. */
static void ring(struct ticker *ticker)
{
    struct posix_timer *timer = (struct posix_timer *)ticker;
    const struct told *told = &timer->told;
    struct siginfo info = { .signal = told->signal, .code = LINUX_SI_TIMER };
    struct thread *t = NULL;
    if (told->how == SIGEV_NONE) { return; }
    info.timer.id = timer->id;
    info.timer.value = told->value;
    if (told->how == SIGEV_THREAD_ID) {
        t = thread_find(told->thread);
        if (t == NULL || t->process != timer->process) { return; }
    }
    signal_of_ticker(timer->process, t, &info, ticker);
}

static void end(struct posix_timer *timer)
{
    ticker_end(&timer->ticker);
    pending_uncount();
    pool_return(timer, sizeof *timer);
}

void posix_timers_end(struct process *p)
{
    while (p->timers != NULL) {
        struct posix_timer *next = p->timers->next;
        end(p->timers);
        p->timers = next;
    }
}

static struct posix_timer **place_of(struct thread *t, uint64_t id)
{
    struct posix_timer **at = &t->process->timers;
    while (*at != NULL && (*at)->id != (int32_t)id) { at = &(*at)->next; }
    return at;
}

static bool is_possible(const struct thread *t, const struct told *told)
{
    if (told->how == SIGEV_NONE) { return true; }
    if (told->signal <= 0 || told->signal > LINUX_SIGNALS) { return false; }
    if (told->how == SIGEV_SIGNAL || told->how == SIGEV_THREAD) { return true; }
    const struct thread *to =
        told->how == SIGEV_THREAD_ID ? thread_find(told->thread) : NULL;
    return to != NULL && to->process == t->process;
}

static long check_clock(uint64_t clock)
{
    if (!clock_is_there(clock)) { return -LINUX_EINVAL; }
    return clock <= CLOCK_THREAD || clock == CLOCK_BOOTTIME ||
                   clock == CLOCK_TAI
               ? 0
               : -LINUX_EOPNOTSUPP;
}

static void begin(struct thread *t, struct posix_timer *timer, uint64_t clock)
{
    struct process *p = t->process;
    timer->process = p;
    timer->clock = clock;
    timer->id = p->next_timer;
    p->next_timer = p->next_timer == INT32_MAX ? 0 : p->next_timer + 1;
    timer->ticker.ring = ring;
    timer->ticker.clock = clock == CLOCK_PROCESS  ? TICKER_PROCESS
                          : clock == CLOCK_THREAD ? TICKER_THREAD
                                                  : TICKER_TIME;
    timer->ticker.id = clock == CLOCK_THREAD ? t->id : p->id;
    timer->next = p->timers;
    p->timers = timer;
}

/* Of one that says nothing the signal is SIGALRM, with the timer's number. */
long call_timer_create(struct thread *t, const uint64_t *a)
{
    struct told told = { .signal = LINUX_SIGALRM };
    uint32_t clock = (uint32_t)a[0];
    long result = check_clock(clock);
    if (a[1] != 0 && user_read(t->space, &told, a[1], sizeof told) != 0) {
        return -LINUX_EFAULT;
    }
    if (result != 0) { return result; }
    if (!is_possible(t, &told)) { return -LINUX_EINVAL; }
    if (!pending_count(t->process->signals)) { return -LINUX_EAGAIN; }
    struct posix_timer *timer = pool_take(sizeof *timer);
    if (timer == NULL) {
        pending_uncount();
        return -LINUX_EAGAIN;
    }
    begin(t, timer, clock);
    if (a[1] == 0) { told.value = (uint32_t)timer->id; }
    timer->told = told;
    if (user_write(t->space, a[2], &timer->id, sizeof timer->id) != 0) {
        t->process->timers = timer->next;
        end(timer);
        return -LINUX_EFAULT;
    }
    return 0;
}

long call_timer_settime(struct thread *t, const uint64_t *a)
{
    struct posix_timer *timer = *place_of(t, a[0]);
    struct clock_interval new, old;
    if (a[2] == 0) { return -LINUX_EINVAL; }
    long result = clock_read_interval(t, a[2], &new);
    if (result != 0) { return result; }
    if (timer == NULL) { return -LINUX_EINVAL; }
    clock_tell_interval(&timer->ticker, &old);
    timer->ticker.overrun = 0;
    clock_set_ticker(&timer->ticker, timer->clock, &new, a[1] & TIMER_ABSTIME);
    return user_write_if(t->space, a[3], &old, sizeof old);
}

long call_timer_gettime(struct thread *t, const uint64_t *a)
{
    const struct posix_timer *timer = *place_of(t, a[0]);
    struct clock_interval now;
    if (timer == NULL) { return -LINUX_EINVAL; }
    clock_tell_interval(&timer->ticker, &now);
    return user_write(t->space, a[1], &now, sizeof now);
}

long call_timer_getoverrun(struct thread *t, const uint64_t *a)
{
    const struct posix_timer *timer = *place_of(t, a[0]);
    return timer == NULL ? -LINUX_EINVAL : timer->ticker.overrun;
}

long call_timer_delete(struct thread *t, const uint64_t *a)
{
    struct posix_timer **at = place_of(t, a[0]), *timer = *at;
    if (timer == NULL) { return -LINUX_EINVAL; }
    *at = timer->next;
    end(timer);
    return 0;
}
