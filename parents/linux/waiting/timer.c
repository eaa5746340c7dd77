#include <waiting/timer.h>

#include <loop.h>
#include <processes/process.h>
#include <program.h>
#include <skeleton.h>
#include <waiting/time.h>

#define SOON 4000 /* microseconds */

static struct thread *first;       /* the earliest */
static struct alarm *first_alarm;  /* the same */
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

void alarm_forget(struct alarm *alarm)
{
    struct alarm **at = &first_alarm;
    if (alarm->deadline == 0) { return; }
    while (*at != alarm) { at = &(*at)->next; }
    *at = alarm->next;
    alarm->deadline = 0;
}

void alarm_set(struct alarm *alarm, uint64_t deadline)
{
    struct alarm **at = &first_alarm;
    alarm_forget(alarm);
    loop_due |= LOOP_TIMER;
    alarm->deadline = deadline == 0 ? 1 : deadline;
    while (*at != NULL && (*at)->deadline <= alarm->deadline) {
        at = &(*at)->next;
    }
    alarm->next = *at;
    *at = alarm;
}

/* One that rings may be set again, or take others away. */
static void ring(uint64_t now)
{
    while (first_alarm != NULL && first_alarm->deadline <= now) {
        struct alarm *alarm = first_alarm;
        alarm_forget(alarm);
        alarm->ring(alarm);
    }
}

static uint64_t earliest(void)
{
    uint64_t deadline = first == NULL ? UINT64_MAX : first->deadline;
    return first_alarm != NULL && first_alarm->deadline < deadline
               ? first_alarm->deadline
               : deadline;
}

void timer_ask(void)
{
    uint64_t deadline = earliest();
    if (deadline == UINT64_MAX || (buffer != 0 && asked_for <= deadline)) {
        return;
    }
    if (buffer != 0) { kerne_regret_message(buffer); }
    uint64_t now = time_now();
    uint64_t wait = deadline > now ? deadline - now : 0;
    uint64_t each = kerne_start_record->ticks_per_second;
    uint64_t ticks = wait / 1000000000 * each +
                     (wait % 1000000000 * each + 999999999) / 1000000000;
    struct kerne_words message = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                     ticks } };
    asked_for = deadline;
    if (kerne_send_message(linux_parent.clock, &message, &buffer) !=
        KERNE_r_normal) {
        buffer = 0;
        loop_due |= LOOP_TIMER; /* again, when a buffer has come back */
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
        loop_soon();
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
    ring(now);
    return true;
}
