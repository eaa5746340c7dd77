#include <processes/signals.h>

#include <calls.h>
#include <calls/trace.h>
#include <loop.h>
#include <processes/actions.h>
#include <processes/delivery.h>
#include <processes/threads.h>

enum { SA_NOCLDSTOP = 1, SI_KERNEL = 0x80 };

/* One that waits in a call is called again; one that computes is interrupted
 * where it is. */
static void attract(struct thread *t)
{
    t->attention = 1;
    if (t->buffer == 0) {
        delivery_interrupt(t);
    } else {
        thread_wake(t);
    }
}

/* ---- stopping and going on ----------------------------------------------- */

/* Its parent is told, unless it does not want to be. */
static void tell_parent(struct process *p, int code, int status)
{
    struct siginfo info = { .signal = LINUX_SIGCHLD, .code = code };
    struct process *parent = p->parent;
    if (parent == NULL || parent->actions == NULL) { return; }
    info.sender.process = (int32_t)p->id;
    info.sender.status = status;
    if (!(parent->actions->action[LINUX_SIGCHLD - 1].flags & SA_NOCLDSTOP)) {
        signal_process(parent, &info);
    }
    queue_wake(&parent->children);
}

void signal_stop(struct process *p, int signal)
{
    if (p->is_stopped ||
        (signal != LINUX_SIGSTOP && process_group_is_orphaned(p->group))) {
        return;
    }
    loop_flush();
    p->is_stopped = true;
    p->is_stop_told = false;
    p->status = signal << 8 | LINUX_IS_STOPPED;
    for (struct thread *t = p->threads; t != NULL; t = t->next) {
        kerne_stop(t->reference);
    }
    tell_parent(p, LINUX_CLD_STOPPED, signal);
}

static void go_on(struct process *p)
{
    if (!p->is_stopped) { return; }
    p->is_stopped = p->is_continue_told = false;
    p->status = LINUX_IS_CONTINUED;
    for (struct thread *t = p->threads; t != NULL; t = t->next) {
        kerne_start(t->reference);
        if (signal_is_due(t)) { attract(t); }
    }
    tell_parent(p, LINUX_CLD_CONTINUED, LINUX_SIGCONT);
}

static void forget(struct process *p, sigset set)
{
    struct siginfo info;
    for (int signal = 1; signal <= LINUX_SIGNALS; signal++) {
        if (!(set & SIGSET_OF(signal))) { continue; }
        pending_take(&p->pending, signal, &info);
        for (struct thread *t = p->threads; t != NULL; t = t->next) {
            pending_take(&t->pending, signal, &info);
        }
    }
}

/* A signal to go on takes back those to stop, and the other way round. */
static void prepare(struct process *p, int signal)
{
    if (signal == LINUX_SIGCONT) {
        forget(p, SIGSET_STOPS);
        go_on(p);
    } else if (signal_is_stop(signal)) {
        forget(p, SIGSET_OF(LINUX_SIGCONT));
    }
}

/* One that is blocked waits, whatever is to be done with it then. */
static bool is_lost(const struct thread *t, int signal)
{
    return actions_ignore(t->process->actions, signal) &&
           !(t->blocked & SIGSET_OF(signal));
}

/* ---- sending ------------------------------------------------------------- */

/* What stops or ends a process by default does so at once, even if it computes;
 * but that whose call is being run, when that is done. */
static bool acts_at_once(struct process *p, int signal)
{
    const struct thread *t = p->threads;
    if (p == loop_process() ||
        p->actions->action[signal - 1].handler != SIGNAL_DEFAULT ||
        (p->is_stopped && signal != LINUX_SIGKILL)) {
        return false;
    }
    while (t != NULL && t->blocked & SIGSET_OF(signal)) { t = t->next; }
    return t != NULL;
}

static void act(struct process *p, int signal)
{
    trace_signal(p, signal);
    if (signal_is_stop(signal)) {
        signal_stop(p, signal);
    } else {
        process_exit(p, signal);
    }
}

void signal_thread(struct thread *t, const struct siginfo *info)
{
    prepare(t->process, info->signal);
    if (is_lost(t, info->signal)) { return; }
    if (acts_at_once(t->process, info->signal) &&
        !(t->blocked & SIGSET_OF(info->signal))) {
        act(t->process, info->signal);
        return;
    }
    pending_note(&t->pending, info);
    if (signal_is_due(t)) { attract(t); }
    if (t->wanted & SIGSET_OF(info->signal)) { thread_wake(t); }
}

void signal_process(struct process *p, const struct siginfo *info)
{
    if (p->threads == NULL) { return; }
    prepare(p, info->signal);
    if (is_lost(p->threads, info->signal)) { return; }
    if (acts_at_once(p, info->signal)) {
        act(p, info->signal);
        return;
    }
    pending_note(&p->pending, info);
    struct thread *t = p->threads;
    struct thread *waits = t;
    do {
        if (waits->wanted & SIGSET_OF(info->signal)) { thread_wake(waits); }
        waits = waits->next;
    } while (waits != NULL);
    while (t->next != NULL && !signal_is_due(t)) { t = t->next; }
    if (signal_is_due(t)) { attract(t); }
}

/* Those of a group, or (0) all but the first and one more; of the last call.
 * One that ends may take others with it. */
static uint32_t meant[KERNE_CHILDREN];

static unsigned find_meant(uint32_t group, const struct process *but)
{
    unsigned count = 0;
    for (struct process *p = NULL; (p = process_next(p)) != NULL;) {
        bool is_meant =
            group != 0 ? p->group == group : p->id != LINUX_INIT && p != but;
        if (is_meant && count < KERNE_CHILDREN) { meant[count++] = p->id; }
    }
    return count;
}

bool signal_all(uint32_t group, const struct process *but,
                const struct siginfo *info)
{
    unsigned count = find_meant(group, but);
    for (unsigned i = 0; i < count && info->signal != 0; i++) {
        struct process *p = process_find(meant[i]);
        if (p != NULL) { signal_process(p, info); }
    }
    return count > 0;
}

void signal_group(uint32_t group, int signal)
{
    struct siginfo info = { .signal = signal, .code = SI_KERNEL };
    (void)signal_all(group, NULL, &info);
}
