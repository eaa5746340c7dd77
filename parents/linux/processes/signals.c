#include <processes/signals.h>

#include <calls.h>
#include <calls/trace.h>
#include <loop.h>
#include <processes/actions.h>
#include <processes/delivery.h>
#include <processes/threads.h>

enum { SA_NOCLDSTOP = 1 };

static uint32_t resumed; /* whose other threads are attracted later; 0: none */

/* One that waits in a call is called again; one that computes is interrupted
 * where it is. */
static void attract(struct thread *t)
{
    t->attention = 1;
    if (t->buffer != 0) {
        thread_wake(t);
    } else if (t->process == loop_process()) {
        resumed = t->process->id;
        loop_due |= LOOP_SIGNALS;
    } else {
        delivery_interrupt(t);
    }
}

/* All for whom one is due; others are called again if `wakes`. */
static void attract_all(struct process *p, bool wakes)
{
    for (struct thread *t = p->threads; t != NULL; t = t->next) {
        if (signal_is_due(t)) {
            attract(t);
        } else if (wakes) {
            thread_wake(t);
        }
    }
}

void signals_resume(void)
{
    struct process *p = process_find(resumed);
    resumed = 0;
    if (p != NULL) { attract_all(p, false); }
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
        (void)signal_process(parent, &info);
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
    }
    tell_parent(p, LINUX_CLD_CONTINUED, LINUX_SIGCONT);
    attract_all(p, true);
}

void signals_forget(struct process *p, sigset set)
{
    for (int signal = 1; signal <= LINUX_SIGNALS; signal++) {
        if (!(set & SIGSET_OF(signal))) { continue; }
        pending_forget(&p->pending, signal);
        for (struct thread *t = p->threads; t != NULL; t = t->next) {
            pending_forget(&t->pending, signal);
        }
    }
}

/* A signal to go on takes back those to stop, and the other way round. */
static void prepare(struct process *p, int signal)
{
    if (signal == LINUX_SIGCONT) {
        signals_forget(p, SIGSET_STOPS);
        go_on(p);
    } else if (signal_is_stop(signal)) {
        signals_forget(p, SIGSET_OF(LINUX_SIGCONT));
    }
}

bool signal_is_nothing(const struct process *p, const struct siginfo *info)
{
    int signal = info->signal;
    bool is_key = info->code == LINUX_SI_KERNEL &&
                  (signal == LINUX_SIGINT || signal == LINUX_SIGQUIT);
    return actions_ignore(p->actions, signal) ||
           (p->id == LINUX_INIT && !is_key);
}

/* One that is blocked waits, whatever is to be done with it then. */
static bool is_lost(const struct thread *t, const struct siginfo *info)
{
    return signal_is_ignored(t->process, info) &&
           !(t->blocked & SIGSET_OF(info->signal));
}

/* ---- sending ------------------------------------------------------------- */

/* What stops or ends a process by default does so at once, even if it computes;
 * but that whose call is being run, when that is done. */
static bool acts_at_once(struct process *p, const struct siginfo *info)
{
    const struct thread *t = p->threads;
    int signal = info->signal;
    if (p == loop_process() ||
        p->actions->action[signal - 1].handler != SIGNAL_DEFAULT ||
        signal_is_ignored(p, info) ||
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
        process_kill(p, signal);
    }
}

/* The thread to be attracted by what waits for any: the first one of all, if it
 * may be. */
static struct thread *choose(struct process *p)
{
    struct thread *t =
        p->threads->next == NULL ? p->threads : thread_find(p->id);
    if (t != NULL && signal_is_due(t)) { return t; }
    for (t = p->threads; t != NULL && !signal_is_due(t);) { t = t->next; }
    return t;
}

/* What became of one: it waits; it is lost, or has acted; or must not be lost,
 * and cannot wait. */
enum fate { WAITS, IS_OVER, TOO_MANY };

static enum fate send(struct process *p, struct thread *t,
                      const struct siginfo *info, struct ticker *ticker)
{
    sigset bit = SIGSET_OF(info->signal);
    if (p->threads == NULL || p->is_ending) { return IS_OVER; }
    prepare(p, info->signal);
    if (is_lost(t == NULL ? p->threads : t, info)) { return IS_OVER; }
    if (acts_at_once(p, info) && (t == NULL || !(t->blocked & bit))) {
        act(p, info->signal);
        return IS_OVER;
    }
    struct pending *pending = t == NULL ? &p->pending : &t->pending;
    if (pending_note(pending, info, ticker, p->signals) != 0) {
        return TOO_MANY;
    }
    if (ticker != NULL && ticker->noted == NULL) { return IS_OVER; }
    for (struct thread *each = p->threads; each != NULL; each = each->next) {
        if (each->wanted & bit) { thread_wake(each); }
    }
    queue_wake(&p->signalled);
    struct thread *chosen = t == NULL ? choose(p) : t;
    if (chosen != NULL && signal_is_due(chosen)) { attract(chosen); }
    return WAITS;
}

long signal_thread(struct thread *t, const struct siginfo *info)
{
    return send(t->process, t, info, NULL) == TOO_MANY ? -LINUX_EAGAIN : 0;
}

long signal_process(struct process *p, const struct siginfo *info)
{
    return send(p, NULL, info, NULL) == TOO_MANY ? -LINUX_EAGAIN : 0;
}

void signal_no_reader(struct thread *t)
{
    struct siginfo info = { .signal = LINUX_SIGPIPE, .code = LINUX_SI_USER };
    info.sender.process = (int32_t)t->process->id;
    (void)signal_thread(t, &info);
}

void signal_of_ticker(struct process *p, struct thread *t,
                      const struct siginfo *info, struct ticker *ticker)
{
    if (ticker->noted == NULL && send(p, t, info, ticker) == IS_OVER) {
        ticker_skip(ticker);
    }
}

bool signal_all(uint32_t group, const struct process *but,
                const struct siginfo *info)
{
    bool any = false;
    for (struct process *p = NULL; (p = process_next(p)) != NULL;) {
        bool is_meant =
            group != 0 ? p->group == group : p->id != LINUX_INIT && p != but;
        if (is_meant && info->signal != 0) { (void)signal_process(p, info); }
        any |= is_meant;
    }
    return any;
}

void signal_group(uint32_t group, int signal)
{
    struct siginfo info = { .signal = signal, .code = LINUX_SI_KERNEL };
    (void)signal_all(group, NULL, &info);
}
