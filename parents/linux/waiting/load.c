#include <waiting/load.h>

#include <processes/process.h>
#include <waiting/time.h>
#include <waiting/timer.h>

#define EVERY UINT64_C(5000000000) /* nanoseconds */

/* What is left of an average after that, of LOAD_ONE: e to the power of -5/60,
 * -5/300 and -5/900. */
static const uint64_t left[3] = { 1884, 2014, 2037 };
static uint64_t average[3];

void load_count(unsigned *ret_threads, unsigned *ret_busy)
{
    *ret_threads = *ret_busy = 0;
    for (struct process *p = NULL; (p = process_next(p)) != NULL;) {
        for (const struct thread *t = p->threads; t != NULL; t = t->next) {
            ++*ret_threads;
            *ret_busy += !p->is_stopped && (!t->is_waiting || t->is_ready);
        }
    }
}

/* Rounded up while it grows, so that it comes to what it grows to. */
static uint64_t next(uint64_t before, uint64_t share, uint64_t now)
{
    uint64_t sum = before * share + now * (LOAD_ONE - share);
    return (now >= before ? sum + LOAD_ONE - 1 : sum) / LOAD_ONE;
}

static void ring(struct alarm *alarm)
{
    unsigned threads, busy;
    load_count(&threads, &busy);
    for (unsigned i = 0; i < 3; i++) {
        average[i] = next(average[i], left[i], (uint64_t)busy * LOAD_ONE);
    }
    alarm_set(alarm, time_now() + EVERY);
}

void load_begin(void)
{
    static struct alarm alarm = { .ring = ring };
    alarm_set(&alarm, time_now() + EVERY);
}

void load_get(uint64_t ret_average[3])
{
    for (unsigned i = 0; i < 3; i++) { ret_average[i] = average[i]; }
}
