#include <processes/threads.h>

#include <calls.h>
#include <loop.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <stdio.h>
#include <waiting/futex.h>
#include <waiting/timer.h>

/* Tables of the nucleus with which a space begins: a small program's. */
#define TABLES_FIRST 5

struct thread *thread_of[KERNE_CHILDREN];

static uint32_t next_number;

struct thread *thread_find(uint32_t id)
{
    for (unsigned i = 0; i < KERNE_CHILDREN; i++) {
        if (thread_of[i] != NULL && thread_of[i]->id == id) {
            return thread_of[i];
        }
    }
    return NULL;
}

/* ---- the nucleus's process ----------------------------------------------- */

static bool number_free(uint32_t *ret_number)
{
    for (unsigned i = 0; i < KERNE_CHILDREN; i++) {
        uint32_t number = next_number;
        next_number = (next_number + 1) % KERNE_CHILDREN;
        if (thread_of[number] == NULL) {
            *ret_number = number;
            return true;
        }
    }
    return false;
}

/* The process has the windows of the space, or is the first to have some. */
static bool create(struct space *space, uint32_t number,
                   uint64_t *ret_reference)
{
    char name[KERNE_NAME_BYTES];
    snprintf(name, sizeof name, "t%u", (unsigned)number);
    struct kerne_creation order = {
        .name = name,
        .number = number,
        .tables = space->reference == 0 ? TABLES_FIRST : 1,
        .mask = KERNE_MASK_FOREIGN,
        .windows = space->reference,
    };
    if (kerne_create(&order, ret_reference) != KERNE_r_normal) { return false; }
    space->tables += order.tables;
    if (space->reference == 0) { space->reference = *ret_reference; }
    return true;
}

/* Whose windows the space's are when this one is gone: the oldest other's. */
static void pass_windows_on(const struct thread *t)
{
    struct space *space = t->space;
    const struct thread *oldest = NULL;
    if (space->reference != t->reference) { return; }
    for (unsigned i = 0; i < KERNE_CHILDREN && space->users > 1; i++) {
        const struct thread *other = thread_of[i];
        if (other != NULL && other != t && other->space == space &&
            (oldest == NULL || other->serial < oldest->serial)) {
            oldest = other;
        }
    }
    space->reference = oldest == NULL ? 0 : oldest->reference;
    if (oldest == NULL) { space->tables = 0; }
}

/* ---- threads ------------------------------------------------------------- */

struct thread *thread_make(struct process *p, uint32_t id, struct space *space)
{
    static uint64_t serial;
    struct thread *t = pool_take(sizeof *t);
    if (t == NULL || !number_free(&t->number) ||
        !create(space, t->number, &t->reference)) {
        pool_return(t, sizeof *t);
        return NULL;
    }
    t->id = id;
    t->serial = ++serial;
    t->process = p;
    t->space = space;
    t->next = p->threads;
    p->threads = t;
    p->thread_count++;
    thread_of[t->number] = t;
    return t;
}

bool thread_renew(struct thread *t, struct space *space)
{
    uint64_t reference;
    uint32_t number;
    if (!number_free(&number) || !create(space, number, &reference)) {
        return false;
    }
    pass_windows_on(t);
    kerne_remove(t->reference);
    space_drop(t->space);
    thread_of[t->number] = NULL;
    thread_of[number] = t;
    t->reference = reference;
    t->number = number;
    t->space = space;
    t->buffer = 0;
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

void thread_end(struct thread *t)
{
    struct process *p = t->process;
    struct thread **at = &p->threads;
    wait_end(t);
    futex_owner_ends(t);
    timer_forget(t);
    loop_forget(t);
    clear_id(t);
    if (t->vforked != NULL) { t->vforked->borrower = NULL; }
    pass_windows_on(t);
    kerne_remove(t->reference);
    space_drop(t->space);
    pending_end(&t->pending);
    while (*at != t) { at = &(*at)->next; }
    *at = t->next;
    p->thread_count--;
    thread_of[t->number] = NULL;
    pool_return(t, sizeof *t);
}
