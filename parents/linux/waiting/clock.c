#include <waiting/clock.h>

#include <memory/user.h>
#include <processes/process.h>
#include <waiting/time.h>

#define MOST (INT64_C(1) << 33) /* seconds */

static bool is_time(const struct linux_time *time)
{
    return time->seconds >= 0 && (uint64_t)time->nanoseconds < CLOCK_SECOND;
}

long clock_read_interval(struct thread *t, uint64_t address,
                         struct clock_interval *ret)
{
    if (user_read(t->space, ret, address, sizeof *ret) != 0) {
        return -LINUX_EFAULT;
    }
    return is_time(&ret->every) && is_time(&ret->first) ? 0 : -LINUX_EINVAL;
}

/* Nobody lives to see where it ends. */
static uint64_t nanoseconds(const struct linux_time *time)
{
    int64_t seconds = time->seconds < MOST ? time->seconds : MOST;
    return (uint64_t)seconds * CLOCK_SECOND + (uint64_t)time->nanoseconds;
}

static struct linux_time time_of(uint64_t time)
{
    return (struct linux_time){ (int64_t)(time / CLOCK_SECOND),
                                (int64_t)(time % CLOCK_SECOND) };
}

void clock_set_ticker(struct ticker *ticker, uint64_t clock,
                      const struct clock_interval *interval, bool is_absolute)
{
    uint64_t first = nanoseconds(&interval->first);
    uint64_t now = ticker_now(ticker->clock, ticker->id), due = now + first;
    if (first == 0) {
        ticker_set(ticker, 0, 0);
        return;
    }
    if (is_absolute) {
        struct linux_time day = time_of_day();
        uint64_t at = clock_is_of_day(clock) ? nanoseconds(&day) : now;
        uint64_t left = first > at ? first - at : 0;
        uint64_t late = first > at ? 0 : at - first;
        due = late < now ? now + left - late : 1;
    }
    ticker_set(ticker, due, nanoseconds(&interval->every));
}

void clock_tell_interval(const struct ticker *ticker,
                         struct clock_interval *ret)
{
    ret->every = time_of(ticker->every);
    ret->first = time_of(ticker_left(ticker));
}
