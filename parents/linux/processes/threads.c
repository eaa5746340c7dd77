#include <processes/threads.h>

#include <calls.h>
#include <files/file.h>
#include <loop.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/carriers.h>
#include <waiting/futex.h>
#include <waiting/timer.h>

#define HASHES 256

static struct thread *threads[HASHES]; /* by their ids */

struct thread *thread_find(uint32_t id)
{
    struct thread *t = threads[id % HASHES];
    while (t != NULL && t->id != id) { t = t->next_of_hash; }
    return t;
}

static void note_id(struct thread *t, uint32_t id)
{
    t->id = id;
    t->next_of_hash = threads[id % HASHES];
    threads[id % HASHES] = t;
}

static void forget_id(struct thread *t)
{
    struct thread **at = &threads[t->id % HASHES];
    while (*at != t) { at = &(*at)->next_of_hash; }
    *at = t->next_of_hash;
}

void thread_set_id(struct thread *t, uint32_t id)
{
    forget_id(t);
    note_id(t, id);
}

/* ---- threads ------------------------------------------------------------- */

struct thread *thread_make(struct process *p, uint32_t id, struct space *space)
{
    struct thread *t = pool_take(sizeof *t);
    if (t == NULL || !carrier_take(t, space)) {
        pool_return(t, sizeof *t);
        return NULL;
    }
    note_id(t, id);
    t->process = p;
    t->space = space;
    t->next = p->threads;
    p->threads = t;
    p->thread_count++;
    return t;
}

bool thread_renew(struct thread *t, struct space *space)
{
    struct thread before = *t;
    if (!carrier_take(t, space)) { return false; }
    carrier_give_back(&before);
    t->own_time = before.own_time;
    space_drop(before.space);
    t->space = space;
    return true;
}

/* Whoever joins it waits for that. */
static void clear_id(struct thread *t)
{
    uint32_t zero = 0;
    if (t->clear_id == 0 || t->space->users == 1) { return; }
    if (user_write(t->space, t->clear_id, &zero, sizeof zero) == 0) {
        (void)futex_wake(t->space, t->clear_id, 1);
    }
}

static void release_borrower(struct thread *t)
{
    if (t->borrower == NULL) { return; }
    t->borrower->vforked = NULL;
    thread_wake(t->borrower);
    t->borrower = NULL;
}

void thread_leaves_space(struct thread *t)
{
    futex_owner_ends(t);
    clear_id(t);
    release_borrower(t);
    t->clear_id = t->robust_list = 0;
}

void thread_end(struct thread *t)
{
    struct process *p = t->process;
    struct thread **at = &p->threads;
    wait_end(t);
    if (t->opening != NULL) { file_drop(t->opening); }
    timer_forget(t);
    loop_forget(t);
    thread_leaves_space(t);
    if (t->vforked != NULL) { t->vforked->borrower = NULL; }
    carrier_give_back(t);
    p->ended_time += t->own_time;
    space_drop(t->space);
    pending_end(&t->pending);
    while (*at != t) { at = &(*at)->next; }
    *at = t->next;
    p->thread_count--;
    forget_id(t);
    pool_return(t, sizeof *t);
}
