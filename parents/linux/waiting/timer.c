#include <waiting/timer.h>

#include <loop.h>
#include <processes/process.h>
#include <program.h>
#include <skeleton.h>
#include <waiting/time.h>

#define SOON 4000 /* microseconds */

static struct thread *first;       /* the earliest */
static uint64_t buffer, asked_for; /* at the clock, and for when */
static uint64_t soon_buffer;

void timer_forget(struct thread *t)
{
    if (t->deadline == 0) { return; }
    *(t->previous_timed == NULL ? &first : &t->previous_timed->next_timed) =
        t->next_timed;
    if (t->next_timed != NULL) {
        t->next_timed->previous_timed = t->previous_timed;
    }
    t->next_timed = t->previous_timed = NULL;
    t->deadline = 0;
}

void timer_set(struct thread *t, uint64_t deadline)
{
    struct thread *before = NULL, *behind = first;
    timer_forget(t);
    loop_due |= LOOP_TIMER;
    t->deadline = deadline == 0 ? 1 : deadline;
    while (behind != NULL && behind->deadline <= t->deadline) {
        before = behind;
        behind = behind->next_timed;
    }
    t->previous_timed = before;
    t->next_timed = behind;
    *(before == NULL ? &first : &before->next_timed) = t;
    if (behind != NULL) { behind->previous_timed = t; }
}

void timer_ask(void)
{
    if (first == NULL || (buffer != 0 && asked_for <= first->deadline)) {
        return;
    }
    if (buffer != 0) { kerne_regret_message(buffer); }
    uint64_t now = time_now();
    uint64_t wait = first->deadline > now ? first->deadline - now : 0;
    uint64_t each = kerne_start_record->ticks_per_second;
    uint64_t ticks = wait / 1000000000 * each +
                     (wait % 1000000000 * each + 999999999) / 1000000000;
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                     ticks } };
    asked_for = first->deadline;
    if (kerne_send_message(linux_parent.clock, &message, &buffer) !=
        KERNE_r_normal) {
        buffer = 0;
    }
}

/* It is not regretted: so it costs next to nothing, however often it is asked
 * for. */
bool timer_is_soon(void)
{
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                     kerne_ticks(SOON) } };
    if (soon_buffer == 0 &&
        kerne_send_message(linux_parent.clock, &message, &soon_buffer) !=
            KERNE_r_normal) {
        soon_buffer = 0;
    }
    return soon_buffer != 0;
}

bool timer_answer(uint64_t answered)
{
    if (soon_buffer != 0 && answered == soon_buffer) {
        soon_buffer = 0;
        return true;
    }
    if (buffer == 0 || answered != buffer) { return false; }
    uint64_t now = time_now();
    buffer = 0;
    loop_due |= LOOP_TIMER;
    while (first != NULL && first->deadline <= now) {
        struct thread *t = first;
        timer_forget(t);
        t->is_timed_out = true;
        thread_wake(t);
    }
    return true;
}
