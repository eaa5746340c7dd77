/* Calls that tell the time, and wait for one. */
#include <calls/table.h>
#include <memory/user.h>
#include <processes/carriers.h>
#include <processes/process.h>
#include <processes/signals.h>
#include <waiting/clock.h>
#include <waiting/time.h>
#include <waiting/timer.h>

enum { TIMER_ABSTIME = 1 };

static long read_clock(const struct thread *t, uint64_t clock,
                       struct linux_time *ret_time)
{
    if (!clock_is_there(clock)) { return -LINUX_EINVAL; }
    uint64_t now = clock == CLOCK_PROCESS  ? process_time(t->process)
                   : clock == CLOCK_THREAD ? carrier_time(t)
                                           : time_now();
    *ret_time = clock_is_of_day(clock) ? time_of_day() : time_spec(now);
    return 0;
}

long call_clock_gettime(struct thread *t, const uint64_t *a)
{
    struct linux_time time;
    long result = read_clock(t, (uint32_t)a[0], &time);
    return result != 0 ? result
                       : user_write(t->space, a[1], &time, sizeof time);
}

long call_clock_getres(struct thread *t, const uint64_t *a)
{
    struct linux_time time = { 0, 100 };
    if (!clock_is_there((uint32_t)a[0])) { return -LINUX_EINVAL; }
    return user_write_if(t->space, a[1], &time, sizeof time);
}

long call_gettimeofday(struct thread *t, const uint64_t *a)
{
    struct linux_time time = time_of_day();
    const uint32_t zone[2] = { 0, 0 };
    time.nanoseconds /= 1000;
    long result = user_write_if(t->space, a[0], &time, sizeof time);
    return result != 0 ? result
                       : user_write_if(t->space, a[1], zone, sizeof zone);
}

long call_times(struct thread *t, const uint64_t *a)
{
    uint64_t each = TIME_SECOND / 100;
    uint64_t times[4] = { process_time(t->process) / each, 0,
                          t->process->child_time / each, 0 };
    if (user_write_if(t->space, a[0], times, sizeof times) != 0) {
        return -LINUX_EFAULT;
    }
    return (long)(time_now() / each);
}

/* Waits until the deadline that was set when the call was first run. */
static long sleep_until(struct thread *t, uint64_t deadline, uint64_t remaining)
{
    if (t->is_timed_out) { return 0; }
    if (!t->is_again) { timer_set(t, deadline); }
    long result = wait_once(t, NULL);
    if (result == CALL_WAITS) { return result; }
    uint64_t end = t->deadline, now = time_now();
    uint64_t left = end > now ? end - now : 0;
    struct linux_time rest = time_spec(left);
    (void)user_write_if(t->space, remaining, &rest, sizeof rest);
    return result;
}

long call_clock_nanosleep(struct thread *t, const uint64_t *a)
{
    uint64_t time;
    struct linux_time now = { 0, 0 };
    uint32_t kind = (uint32_t)a[0];
    if (!clock_is_there(kind)) { return -LINUX_EINVAL; }
    if (kind >= CLOCK_THREAD && kind < CLOCK_BOOTTIME) {
        return -LINUX_EOPNOTSUPP;
    }
    long result = time_read(t, a[2], &time);
    if (result != 0) { return result; }
    (void)read_clock(t, kind, &now);
    uint64_t clock = time_nanoseconds(&now);
    bool is_absolute = a[1] & TIMER_ABSTIME;
    if (is_absolute) { time = time > clock ? time - clock : 0; }
    return sleep_until(t, time_now() + time, is_absolute ? 0 : a[3]);
}

long call_nanosleep(struct thread *t, const uint64_t *a)
{
    uint64_t time;
    long result = time_read(t, a[0], &time);
    return result != 0 ? result : sleep_until(t, time_now() + time, a[1]);
}
