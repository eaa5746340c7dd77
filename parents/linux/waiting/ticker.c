#include <waiting/ticker.h>

#include <processes/carriers.h>
#include <processes/threads.h>
#include <waiting/time.h>

uint64_t ticker_now(enum ticker_clock clock, uint32_t id)
{
    const struct process *p;
    const struct thread *t;
    switch (clock) {
    case TICKER_PROCESS:
        p = process_find(id);
        return p == NULL ? 0 : process_time(p);
    case TICKER_THREAD:
        t = thread_find(id);
        return t == NULL ? 0 : carrier_time(t);
    case TICKER_TIME: break;
    }
    return time_now();
}

static uint64_t now_of(const struct ticker *ticker)
{
    return ticker_now(ticker->clock, ticker->id);
}

static void arm(struct ticker *ticker, uint64_t least);

/* What was run is looked at when it may have been enough. */
static void ring(struct alarm *alarm)
{
    struct ticker *ticker = (struct ticker *)alarm;
    if (ticker_is_over(ticker)) {
        ticker->ring(ticker);
    } else if (now_of(ticker) != 0) {
        arm(ticker, LINUX_TICK);
    }
}

/* Not before `least` nanoseconds have gone by. */
static void arm(struct ticker *ticker, uint64_t least)
{
    uint64_t now = now_of(ticker);
    uint64_t left = ticker->due > now ? ticker->due - now : 0;
    ticker->alarm.ring = ring;
    alarm_set(&ticker->alarm, time_now() + (left > least ? left : least));
}

void ticker_set(struct ticker *ticker, uint64_t due, uint64_t every)
{
    alarm_forget(&ticker->alarm);
    ticker->due = due;
    ticker->every = due == 0 ? 0 : every;
    if (due != 0) { arm(ticker, 0); }
}

bool ticker_is_over(const struct ticker *ticker)
{
    return ticker->due != 0 && now_of(ticker) >= ticker->due;
}

uint64_t ticker_left(const struct ticker *ticker)
{
    uint64_t now = now_of(ticker);
    if (ticker->due > now) { return ticker->due - now; }
    return ticker->due == 0 || ticker->every == 0
               ? 0
               : ticker->every - (now - ticker->due) % ticker->every;
}

static uint64_t take(struct ticker *ticker, uint64_t least)
{
    uint64_t now = now_of(ticker), count = 1;
    if (ticker->due == 0 || now < ticker->due) { return 0; }
    alarm_forget(&ticker->alarm);
    if (ticker->every == 0) {
        ticker->due = 0;
        return count;
    }
    count += (now - ticker->due) / ticker->every;
    ticker->due += count * ticker->every;
    arm(ticker, least);
    return count;
}

uint64_t ticker_take(struct ticker *ticker) { return take(ticker, 0); }

void ticker_skip(struct ticker *ticker) { (void)take(ticker, LINUX_TICK); }

void ticker_taken(struct ticker *ticker, struct siginfo *info)
{
    uint64_t count = ticker_take(ticker);
    ticker->noted = NULL;
    ticker->overrun = count == 0          ? 0
                      : count > INT32_MAX ? INT32_MAX
                                          : (int32_t)(count - 1);
    if (info->code == LINUX_SI_TIMER) { info->timer.overrun = ticker->overrun; }
}

void ticker_end(struct ticker *ticker)
{
    alarm_forget(&ticker->alarm);
    if (ticker->noted == NULL) { return; }
    ticker->noted->ticker = NULL;
    ticker->noted = NULL;
    (void)pending_count(UINT64_MAX);
}
