#include <waiting/time.h>

#include <memory/user.h>
#include <processes/process.h>
#include <program.h>

#define MOST (UINT64_C(1) << 33) /* seconds: nobody sees where it ends */

static uint64_t first_tick;
static uint64_t day_first; /* nanoseconds since 1970, when this system began */

uint64_t time_of_ticks(uint64_t ticks)
{
    uint64_t each = kerne_start_record->ticks_per_second;
    return ticks / each * TIME_SECOND + ticks % each * TIME_SECOND / each;
}

uint64_t time_now(void)
{
    return time_of_ticks(kerne_get_clock() - first_tick);
}

struct linux_time time_of_day(void)
{
    return time_spec(day_first + time_now());
}

void time_begin(void) { first_tick = kerne_get_clock(); }

void time_set_day(int64_t seconds)
{
    day_first = (uint64_t)seconds * TIME_SECOND + time_of_ticks(first_tick);
}

/* ---- as programs say it -------------------------------------------------- */

bool time_is_good(const struct linux_time *time)
{
    return time->seconds >= 0 && (uint64_t)time->nanoseconds < TIME_SECOND;
}

uint64_t time_nanoseconds(const struct linux_time *time)
{
    uint64_t seconds = (uint64_t)time->seconds;
    return (seconds < MOST ? seconds : MOST) * TIME_SECOND +
           (uint64_t)time->nanoseconds;
}

struct linux_time time_spec(uint64_t nanoseconds)
{
    return (struct linux_time){ (int64_t)(nanoseconds / TIME_SECOND),
                                (int64_t)(nanoseconds % TIME_SECOND) };
}

long time_read(struct thread *t, uint64_t address, uint64_t *ret)
{
    struct linux_time time;
    if (user_read(t->space, &time, address, sizeof time) != 0) {
        return -LINUX_EFAULT;
    }
    if (!time_is_good(&time)) { return -LINUX_EINVAL; }
    *ret = time_nanoseconds(&time);
    return 0;
}

long time_read_wait(struct thread *t, uint64_t address, uint64_t *ret)
{
    *ret = TIME_FOR_EVER;
    return address == 0 ? 0 : time_read(t, address, ret);
}
