/* Timers that are read: timerfd. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/process.h>
#include <waiting/clock.h>

enum { TFD_TIMER_ABSTIME = 1, TFD_TIMER_CANCEL_ON_SET = 2 };

struct timer {
    struct ticker ticker;
    uint64_t clock; /* as it was asked for */
    struct queue to_read;
};

static void ring(struct ticker *ticker)
{
    queue_wake(&((struct timer *)ticker)->to_read);
}

static long timer_read(struct file *file, struct transfer *to,
                       uint64_t *position)
{
    struct timer *timer = file->own;
    (void)position;
    if (to->bytes < sizeof(uint64_t)) { return -LINUX_EINVAL; }
    uint64_t count = ticker_take(&timer->ticker);
    if (count == 0) { return -LINUX_EAGAIN; }
    return transfer_put(to, &count, sizeof count) != 0 ? -LINUX_EFAULT
                                                       : (long)sizeof count;
}

static unsigned timer_ready(struct file *file)
{
    const struct timer *timer = file->own;
    return ticker_is_over(&timer->ticker) ? LINUX_POLLIN : 0;
}

static struct queue *timer_queue(struct file *file, unsigned bits)
{
    struct timer *timer = file->own;
    (void)bits;
    return &timer->to_read;
}

static void timer_end(struct file *file)
{
    struct timer *timer = file->own;
    ticker_end(&timer->ticker);
    queue_end(&timer->to_read);
    pool_return(timer, sizeof *timer);
}

static const struct file_kind timer_file = {
    .read = timer_read,
    .ready = timer_ready,
    .queue = timer_queue,
    .end = timer_end,
    .name = "timerfd",
};

/* Clocks of the processor's time have none. */
long call_timerfd_create(struct thread *t, const uint64_t *a)
{
    uint32_t flags = (uint32_t)a[1], clock = (uint32_t)a[0];
    if (flags & ~(uint32_t)(LINUX_O_NONBLOCK | LINUX_O_CLOEXEC) ||
        !(clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC ||
          (clock >= CLOCK_BOOTTIME && clock <= CLOCK_BOOTTIME_ALARM))) {
        return -LINUX_EINVAL;
    }
    struct timer *timer;
    struct file *file = file_make_with(
        &timer_file, LINUX_O_RDWR | (flags & LINUX_O_NONBLOCK), sizeof *timer);
    if (file == NULL) { return -LINUX_ENOMEM; }
    timer = file->own;
    timer->clock = clock;
    timer->ticker.ring = ring;
    return descriptor_put(t->process, file, 0, flags & LINUX_O_CLOEXEC);
}

static long find(struct thread *t, uint64_t number, struct timer **ret_timer)
{
    struct file *file =
        descriptor_file(t->process->descriptors, (uint32_t)number);
    if (file == NULL || file->flags & LINUX_O_PATH) { return -LINUX_EBADF; }
    if (file->kind != &timer_file) { return -LINUX_EINVAL; }
    *ret_timer = file->own;
    return 0;
}

/* Nobody sets the clock: that is never told. */
long call_timerfd_settime(struct thread *t, const uint64_t *a)
{
    struct timer *timer;
    struct clock_interval new, old;
    uint32_t flags = (uint32_t)a[1];
    long result = clock_read_interval(t, a[2], &new);
    if (result != 0) { return result; }
    if (flags & ~(uint32_t)(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) {
        return -LINUX_EINVAL;
    }
    result = find(t, a[0], &timer);
    if (result != 0) { return result; }
    clock_tell_interval(&timer->ticker, &old);
    clock_set_ticker(&timer->ticker, timer->clock, &new,
                     flags & TFD_TIMER_ABSTIME);
    queue_wake(&timer->to_read);
    return user_write_if(t->space, a[3], &old, sizeof old);
}

long call_timerfd_gettime(struct thread *t, const uint64_t *a)
{
    struct timer *timer;
    struct clock_interval now;
    long result = find(t, a[0], &timer);
    if (result != 0) { return result; }
    clock_tell_interval(&timer->ticker, &now);
    return user_write(t->space, a[1], &now, sizeof now);
}
