#include <waiting/clock.h>

#include <memory/user.h>
#include <processes/process.h>
#include <waiting/time.h>

long clock_read_interval(struct thread *t, uint64_t address,
                         struct clock_interval *ret)
{
    if (user_read(t->space, ret, address, sizeof *ret) != 0) {
        return -LINUX_EFAULT;
    }
    return time_is_good(&ret->every) && time_is_good(&ret->first)
               ? 0
               : -LINUX_EINVAL;
}

void clock_set_ticker(struct ticker *ticker, uint64_t clock,
                      const struct clock_interval *interval, bool is_absolute)
{
    uint64_t first = time_nanoseconds(&interval->first);
    uint64_t now = ticker_now(ticker->clock, ticker->id), due = now + first;
    if (first == 0) {
        ticker_set(ticker, 0, 0);
        return;
    }
    if (is_absolute) {
        struct linux_time day = time_of_day();
        uint64_t at = clock_is_of_day(clock) ? time_nanoseconds(&day) : now;
        uint64_t left = first > at ? first - at : 0;
        uint64_t late = first > at ? 0 : at - first;
        due = late < now ? now + left - late : 1;
    }
    ticker_set(ticker, due, time_nanoseconds(&interval->every));
}

void clock_tell_interval(const struct ticker *ticker,
                         struct clock_interval *ret)
{
    ret->every = time_spec(ticker->every);
    ret->first = time_spec(ticker_left(ticker));
}
