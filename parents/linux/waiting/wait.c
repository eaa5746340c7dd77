#include <waiting/wait.h>

#include <loop.h>
#include <processes/process.h>
#include <processes/signals.h>
#include <waiting/timer.h>

void wait_add(struct thread *t, struct queue *queue, struct waiter *waiter)
{
    struct waiter *first = queue->first;
    waiter->thread = t;
    if (first == NULL) {
        waiter->next = waiter->previous = waiter;
        queue->first = waiter;
        return;
    }
    waiter->next = first;
    waiter->previous = first->previous;
    first->previous->next = waiter;
    first->previous = waiter;
}

void wait_add_told(struct queue *queue, struct waiter *waiter,
                   void (*tell)(struct waiter *waiter))
{
    waiter->tell = tell;
    wait_add(NULL, queue, waiter);
}

void wait_take_out(struct queue *queue, struct waiter *waiter)
{
    waiter->previous->next = waiter->next;
    waiter->next->previous = waiter->previous;
    if (queue->first == waiter) {
        queue->first = waiter->next == waiter ? NULL : waiter->next;
    }
    waiter->next = waiter->previous = NULL;
}

long wait_on(struct thread *t, struct queue *queue)
{
    if (t->attention != 0 && signal_is_due(t)) { return CALL_RESTART; }
    if (queue != NULL) {
        wait_add(t, queue, &t->waiter);
        t->queue = queue;
    }
    t->is_waiting = true;
    return CALL_WAITS;
}

void wait_end(struct thread *t)
{
    if (t->queue != NULL) { wait_take_out(t->queue, &t->waiter); }
    if (t->forget != NULL) { t->forget(t); }
    t->queue = NULL;
    t->forget = NULL;
    t->is_waiting = false;
}

void wait_over(struct thread *t)
{
    timer_forget(t);
    t->is_again = t->is_timed_out = false;
    t->progress = 0;
}

void thread_wake(struct thread *t)
{
    if (t->is_waiting && !t->is_ready) { loop_make_ready(t); }
}

void queue_wake(struct queue *queue)
{
    struct waiter *waiter = queue->first;
    if (waiter == NULL) { return; }
    do {
        if (waiter->thread != NULL) {
            thread_wake(waiter->thread);
        } else {
            waiter->tell(waiter);
        }
        waiter = waiter->next;
    } while (waiter != queue->first);
}

void queue_end(struct queue *queue)
{
    queue_wake(queue);
    while (queue->first != NULL) {
        if (queue->first->thread != NULL) {
            wait_end(queue->first->thread);
        } else {
            wait_take_out(queue, queue->first);
        }
    }
}
