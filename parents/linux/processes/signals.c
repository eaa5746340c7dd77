#include <processes/signals.h>

#include <calls/table.h>
#include <loop.h>
#include <memory/bits.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/threads.h>
#include <program.h>
#include <string.h>
#include <waiting/time.h>
#include <waiting/timer.h>

enum { SA_NOCLDSTOP = 1, SA_NODEFER = 0x40000000, SA_ONSTACK = 0x08000000 };
enum { SA_RESETHAND = (int)0x80000000, SA_RESTART = 0x10000000 };
enum { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };
enum { SI_USER = 0, SI_TKILL = -6, SI_KERNEL = 0x80 };
enum { SS_ONSTACK = 1, SS_DISABLE = 2, MINSIGSTKSZ = 2048 };

/* ---- what is wanted ------------------------------------------------------ */

struct actions *actions_make(void)
{
    struct actions *actions = pool_take(sizeof *actions);
    if (actions != NULL) { actions->users = 1; }
    return actions;
}

static struct actions *copy_of(const struct actions *from)
{
    struct actions *actions = actions_make();
    if (actions != NULL) {
        memcpy(actions->action, from->action, sizeof actions->action);
    }
    return actions;
}

struct actions *actions_own(struct process *p)
{
    struct actions *actions = p->actions;
    if (actions->users == 1 || actions->is_shared) { return actions; }
    struct actions *copy = copy_of(actions);
    if (copy == NULL) { return NULL; }
    actions->users--;
    p->actions = copy;
    return copy;
}

struct actions *actions_use(struct process *p, bool is_shared)
{
    if (is_shared) {
        struct actions *actions = actions_own(p);
        if (actions == NULL) { return NULL; }
        actions->is_shared = true;
    } else if (p->actions->is_shared) {
        return copy_of(p->actions);
    }
    p->actions->users++;
    return p->actions;
}

void actions_drop(struct actions *actions)
{
    if (actions != NULL && --actions->users == 0) {
        pool_return(actions, sizeof *actions);
    }
}

static bool is_handled(const struct action *action)
{
    return action->handler != SIGNAL_IGNORE &&
           action->handler != SIGNAL_DEFAULT;
}

/* Those that others share stay theirs. */
void actions_execute(struct process *p)
{
    struct actions *own = p->actions;
    bool any = false;
    for (unsigned i = 0; i < LINUX_SIGNALS && !any; i++) {
        any = is_handled(&own->action[i]);
    }
    if (own->users > 1 && (any || own->is_shared)) {
        own = copy_of(p->actions);
        if (own == NULL) { return; }
        p->actions->users--;
        p->actions = own;
    }
    for (unsigned i = 0; i < LINUX_SIGNALS && any; i++) {
        bool is_ignored = own->action[i].handler == SIGNAL_IGNORE;
        own->action[i] =
            (struct action){ .handler =
                                 is_ignored ? SIGNAL_IGNORE : SIGNAL_DEFAULT };
    }
}

static bool is_ignored_by_default(int signal)
{
    return signal == LINUX_SIGCHLD || signal == LINUX_SIGCONT ||
           signal == LINUX_SIGURG || signal == LINUX_SIGWINCH;
}

static bool is_stop(int signal)
{
    return signal >= LINUX_SIGSTOP && signal <= LINUX_SIGTTOU;
}

#define STOPS                                              \
    (SIGSET_OF(LINUX_SIGSTOP) | SIGSET_OF(LINUX_SIGTSTP) | \
     SIGSET_OF(LINUX_SIGTTIN) | SIGSET_OF(LINUX_SIGTTOU))

static bool is_ignored(const struct process *p, int signal)
{
    uint64_t handler = p->actions == NULL
                           ? SIGNAL_DEFAULT
                           : p->actions->action[signal - 1].handler;
    return handler == SIGNAL_IGNORE ||
           (handler == SIGNAL_DEFAULT && is_ignored_by_default(signal));
}

/* One that is blocked waits, whatever is to be done with it then. */
static bool is_lost(const struct thread *t, int signal)
{
    return is_ignored(t->process, signal) && !(t->blocked & SIGSET_OF(signal));
}

/* ---- pending ------------------------------------------------------------- */

void pending_end(struct pending *pending)
{
    while (pending->first != NULL) {
        struct pending_signal *next = pending->first->next;
        pool_return(pending->first, sizeof *pending->first);
        pending->first = next;
    }
    pending->set = 0;
}

/* One that waits already is not noted a second time. */
static void note(struct pending *pending, const struct siginfo *info)
{
    sigset bit = SIGSET_OF(info->signal);
    struct pending_signal **at = &pending->first;
    if (pending->set & bit) { return; }
    pending->set |= bit;
    struct pending_signal *more = pool_take(sizeof *more);
    if (more == NULL) { return; }
    more->info = *info;
    while (*at != NULL) { at = &(*at)->next; }
    *at = more;
}

static void take(struct pending *pending, int signal, struct siginfo *ret_info)
{
    struct pending_signal **at = &pending->first;
    pending->set &= ~SIGSET_OF(signal);
    *ret_info = (struct siginfo){ .signal = signal };
    while (*at != NULL && (*at)->info.signal != signal) { at = &(*at)->next; }
    if (*at != NULL) {
        struct pending_signal *found = *at;
        *ret_info = found->info;
        *at = found->next;
        pool_return(found, sizeof *found);
    }
}

/* Of one that is stopped, none is. */
static sigset due(const struct thread *t)
{
    if (t->process->is_stopped) { return 0; }
    return (t->pending.set | t->process->pending.set) & ~t->blocked;
}

bool signal_is_due(const struct thread *t) { return due(t) != 0; }

static void interrupt(struct thread *t);

/* One that waits in a call is called again; one that computes is interrupted
 * where it is. */
static void attract(struct thread *t)
{
    t->attention = 1;
    if (t->buffer == 0) {
        interrupt(t);
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

/* Its threads are taken out of running where they are; their calls may come to
 * an end meanwhile, but not they themselves behind them. */
static void stop(struct process *p, int signal)
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
        take(&p->pending, signal, &info);
        for (struct thread *t = p->threads; t != NULL; t = t->next) {
            take(&t->pending, signal, &info);
        }
    }
}

/* A signal to go on takes back those to stop, and the other way round. */
static void prepare(struct process *p, int signal)
{
    if (signal == LINUX_SIGCONT) {
        forget(p, STOPS);
        go_on(p);
    } else if (is_stop(signal)) {
        forget(p, SIGSET_OF(LINUX_SIGCONT));
    }
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
    if (is_stop(signal)) {
        stop(p, signal);
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
    note(&t->pending, info);
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
    note(&p->pending, info);
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

static void send_to_meant(unsigned count, const struct siginfo *info)
{
    for (unsigned i = 0; i < count; i++) {
        struct process *p = process_find(meant[i]);
        if (p != NULL) { signal_process(p, info); }
    }
}

void signal_group(uint32_t group, int signal)
{
    struct siginfo info = { .signal = signal, .code = SI_KERNEL };
    send_to_meant(find_meant(group, NULL), &info);
}

/* ---- delivering ---------------------------------------------------------- */

struct frame {
    struct siginfo info;
    uint64_t flags, link;
    struct alternate_stack stack;
    sigset mask;
    uint64_t floats; /* ours: f is set */
    uint8_t unused_mask[112];
    uint64_t pad;
    uint64_t x[32]; /* pc first */
    uint64_t f[32];
    uint32_t fcsr, pad_of_q[67];
};
_Static_assert(offsetof(struct frame, x) == 128 + 176, "where registers are");
_Static_assert(offsetof(struct frame, fcsr) == 128 + 432 + 256, "and fcsr");

/* What no field has is left as it is. */
static void fill_frame(struct frame *frame, const struct thread *t,
                       const struct siginfo *info, sigset mask,
                       const struct kerne_register_file *file)
{
    frame->info = *info;
    frame->flags = frame->link = frame->pad = 0;
    frame->stack = t->stack;
    frame->mask = mask;
    frame->floats = file->floats;
    memcpy(frame->x, file->x, sizeof frame->x);
    if (file->floats != 0) {
        memcpy(frame->f, file->f, sizeof frame->f);
    } else {
        memset(frame->f, 0, sizeof frame->f);
    }
    frame->fcsr = (uint32_t)file->fcsr;
    memset(frame->pad_of_q, 0, sizeof frame->pad_of_q);
}

static struct frame apart; /* one that lies on two pages */

/* A frame of the program's where it lies; null: on two pages, or nowhere. */
static struct frame *frame_at(struct thread *t, uint64_t at, uint64_t access)
{
    bool is_in_page = at % KERNE_PAGE <= KERNE_PAGE - sizeof apart;
    return is_in_page && at % sizeof(uint64_t) == 0
               ? user_at(t->space, at, access)
               : NULL;
}

static bool put_frame(struct thread *t, uint64_t at, const struct siginfo *info,
                      sigset mask, const struct kerne_register_file *file)
{
    struct frame *frame = frame_at(t, at, KERNE_WRITE);
    if (frame != NULL) {
        fill_frame(frame, t, info, mask, file);
        return true;
    }
    memset(&apart, 0, sizeof apart);
    fill_frame(&apart, t, info, mask, file);
    return user_write(t->space, at, &apart, sizeof apart) == 0;
}

/* Lets the thread begin with the handler.  False: there is no room for it. */
static bool enter(struct thread *t, const struct siginfo *info,
                  struct kerne_register_file *file)
{
    struct action *action = &t->process->actions->action[info->signal - 1];
    uint64_t top = file->x[2];
    bool is_on = top - t->stack.address < t->stack.bytes;
    if (action->flags & SA_ONSTACK && t->stack.bytes != 0 && !is_on) {
        top = t->stack.address + t->stack.bytes;
    }
    uint64_t at = (top - sizeof apart) & ~UINT64_C(15);
    sigset mask = t->is_blocked_for_call ? t->saved_blocked : t->blocked;
    if (!put_frame(t, at, info, mask, file)) { return false; }
    t->is_blocked_for_call = false;
    t->blocked |= action->mask;
    if (!(action->flags & SA_NODEFER)) {
        t->blocked |= SIGSET_OF(info->signal);
    }
    t->blocked &= ~SIGSET_NEVER_BLOCKED;
    file->x[0] = action->handler;
    file->x[1] = SPACE_TRAMPOLINE;
    file->x[2] = at;
    file->x[10] = (uint64_t)info->signal;
    file->x[11] = at;
    file->x[12] = at + sizeof apart.info;
    file->floats = 0;
    if (action->flags & (uint32_t)SA_RESETHAND) {
        struct actions *own = actions_own(t->process);
        if (own == NULL) { return false; }
        own->action[info->signal - 1].handler = SIGNAL_DEFAULT;
    }
    return true;
}

/* Where the thread would go on: behind its call with a value, or at the call
 * again. */
static void after_call(const struct thread *t, long value, bool restarts,
                       struct kerne_register_file *file)
{
    if (value == CALL_RESTART && restarts) {
        file->x[10] = t->call.argument[0];
        return;
    }
    file->x[0] += 4;
    file->x[10] = (uint64_t)(value == CALL_RESTART ? -LINUX_EINTR : value);
}

static long die(struct thread *t, int signal)
{
    process_exit(t->process, signal);
    return CALL_NO_ANSWER;
}

/* One signal: a handler is entered, or it does what it does by default.
 * CALL_NO_ANSWER: the thread is gone or answered; 0: on with the next. */
static long deliver(struct thread *t, const struct siginfo *info, long value,
                    bool is_call)
{
    struct action *action = &t->process->actions->action[info->signal - 1];
    struct kerne_register_file file;
    if (is_ignored(t->process, info->signal)) { return 0; }
    if (action->handler == SIGNAL_DEFAULT && is_stop(info->signal)) {
        stop(t->process, info->signal);
        return 0;
    }
    if (action->handler == SIGNAL_DEFAULT) { return die(t, info->signal); }
    bool restarts = action->flags & SA_RESTART;
    kerne_read_registers(t->reference, &file);
    if (is_call) { after_call(t, value, restarts, &file); }
    if (!enter(t, info, &file)) { return die(t, LINUX_SIGSEGV); }
    kerne_modify(t->reference, &file);
    loop_again(t);
    return CALL_NO_ANSWER;
}

static int lowest(sigset set) { return (int)bits_lowest(set) + 1; }

static void take_of(struct thread *t, sigset set, struct siginfo *ret_info)
{
    int signal = lowest(set);
    bool is_own = t->pending.set & SIGSET_OF(signal);
    take(is_own ? &t->pending : &t->process->pending, signal, ret_info);
}

static void take_due(struct thread *t, struct siginfo *ret_info)
{
    take_of(t, due(t), ret_info);
}

/* A break that it has sent already is soon taken: then is time for all. */
static bool computes(const struct thread *t)
{
    struct kerne_process_record record;
    loop_flush();
    return kerne_describe_process(t->reference, &record) == KERNE_r_normal &&
           record.waits != KERNE_WAITS_BREAK;
}

/* One handler is entered; what else there is waits for its end. */
static void interrupt(struct thread *t)
{
    struct kerne_register_file file;
    struct siginfo info;
    const struct action *action = t->process->actions->action;
    if (!computes(t) || !is_handled(&action[lowest(due(t)) - 1])) { return; }
    kerne_stop(t->reference);
    take_due(t, &info);
    kerne_read_registers(t->reference, &file);
    if (!enter(t, &info, &file)) {
        (void)die(t, LINUX_SIGSEGV);
        return;
    }
    kerne_modify(t->reference, &file);
    kerne_start(t->reference);
}

static long attend(struct thread *t, long value, bool is_call)
{
    struct siginfo info;
    while (due(t) != 0) {
        take_due(t, &info);
        if (deliver(t, &info, value, is_call) == CALL_NO_ANSWER) {
            return CALL_NO_ANSWER;
        }
    }
    t->attention = 0;
    if (t->is_blocked_for_call) {
        t->blocked = t->saved_blocked;
        t->is_blocked_for_call = false;
    }
    if (value != CALL_RESTART) { return value; }
    loop_again(t);
    return CALL_NO_ANSWER;
}

long signal_attend(struct thread *t, long value)
{
    return attend(t, value, true);
}

bool signal_attend_fault(struct thread *t)
{
    return t->attention == 0 || attend(t, 0, false) != CALL_NO_ANSWER;
}

void signal_fault(struct thread *t, int signal, int code, uint64_t address)
{
    struct siginfo info = { .signal = signal, .code = code };
    struct action *action = &t->process->actions->action[signal - 1];
    info.address = address;
    if (signal == LINUX_SIGKILL || t->blocked & SIGSET_OF(signal) ||
        action->handler == SIGNAL_DEFAULT || action->handler == SIGNAL_IGNORE) {
        (void)die(t, signal);
        return;
    }
    (void)deliver(t, &info, 0, false);
}

void signal_block_for_call(struct thread *t, sigset set)
{
    t->saved_blocked = t->blocked;
    t->is_blocked_for_call = true;
    t->blocked = set & ~SIGSET_NEVER_BLOCKED;
    if (signal_is_due(t)) { t->attention = 1; }
}

void signal_unblock_after_call(struct thread *t)
{
    if (!t->is_blocked_for_call) { return; }
    t->blocked = t->saved_blocked;
    t->is_blocked_for_call = false;
    if (signal_is_due(t)) { t->attention = 1; }
}

/* ---- calls --------------------------------------------------------------- */

long call_rt_sigreturn(struct thread *t, const uint64_t *a)
{
    struct kerne_register_file file;
    (void)a;
    file.x[2] = 0;
    file.floats = 0; /* the rest is written, or not looked at */
    if (kerne_read_registers(t->reference, &file) != KERNE_r_normal) {
        return die(t, LINUX_SIGKILL);
    }
    const struct frame *frame = frame_at(t, file.x[2], KERNE_READ);
    if (frame == NULL) {
        if (user_read(t->space, &apart, file.x[2], sizeof apart) != 0) {
            return die(t, LINUX_SIGSEGV);
        }
        frame = &apart;
    }
    memcpy(file.x, frame->x, sizeof file.x);
    file.floats |= frame->floats & 1;
    if (file.floats != 0) { memcpy(file.f, frame->f, sizeof file.f); }
    file.fcsr = frame->fcsr;
    t->blocked = frame->mask & ~SIGSET_NEVER_BLOCKED;
    kerne_modify(t->reference, &file);
    if (signal_is_due(t) && attend(t, 0, false) == CALL_NO_ANSWER) {
        return CALL_NO_ANSWER;
    }
    loop_again(t);
    return CALL_NO_ANSWER;
}

long call_rt_sigaction(struct thread *t, const uint64_t *a)
{
    struct action new;
    if (a[0] - 1 >= LINUX_SIGNALS || a[3] != sizeof(sigset) ||
        (a[1] != 0 && (a[0] == LINUX_SIGKILL || a[0] == LINUX_SIGSTOP))) {
        return -LINUX_EINVAL;
    }
    struct action old = t->process->actions->action[a[0] - 1];
    if (a[1] != 0) {
        if (user_read(t->space, &new, a[1], sizeof new) != 0) {
            return -LINUX_EFAULT;
        }
        struct actions *own = actions_own(t->process);
        if (own == NULL) { return -LINUX_ENOMEM; }
        new.mask &= ~SIGSET_NEVER_BLOCKED;
        own->action[a[0] - 1] = new;
    }
    return user_write_if(t->space, a[2], &old, sizeof old);
}

long call_rt_sigprocmask(struct thread *t, const uint64_t *a)
{
    sigset set, old = t->blocked;
    if (a[3] != sizeof(sigset)) { return -LINUX_EINVAL; }
    if (a[1] != 0) {
        if (user_read(t->space, &set, a[1], sizeof set) != 0) {
            return -LINUX_EFAULT;
        }
        if (a[0] > SIG_SETMASK) { return -LINUX_EINVAL; }
        t->blocked = (a[0] == SIG_BLOCK     ? old | set
                      : a[0] == SIG_UNBLOCK ? old & ~set
                                            : set) &
                     ~SIGSET_NEVER_BLOCKED;
        if (signal_is_due(t)) { t->attention = 1; }
    }
    return user_write_if(t->space, a[2], &old, sizeof old);
}

long call_rt_sigsuspend(struct thread *t, const uint64_t *a)
{
    sigset set;
    if (a[1] != sizeof set) { return -LINUX_EINVAL; }
    if (!t->is_again) {
        if (user_read(t->space, &set, a[0], sizeof set) != 0) {
            return -LINUX_EFAULT;
        }
        signal_block_for_call(t, set);
    }
    if (signal_is_due(t)) {
        t->attention = 1;
        return -LINUX_EINTR;
    }
    return wait_on(t, NULL);
}

long call_rt_sigpending(struct thread *t, const uint64_t *a)
{
    sigset set = (t->pending.set | t->process->pending.set) & t->blocked;
    if (a[1] != sizeof set) { return -LINUX_EINVAL; }
    return user_write(t->space, a[0], &set, sizeof set);
}

long call_rt_sigtimedwait(struct thread *t, const uint64_t *a)
{
    sigset set;
    struct siginfo info;
    uint64_t time = 0;
    t->wanted = 0;
    if (a[3] != sizeof set) { return -LINUX_EINVAL; }
    if (user_read(t->space, &set, a[0], sizeof set) != 0) {
        return -LINUX_EFAULT;
    }
    long result = a[2] == 0 ? 0 : time_read(t, a[2], &time);
    if (result != 0) { return result; }
    set &= ~SIGSET_NEVER_BLOCKED;
    sigset there = (t->pending.set | t->process->pending.set) & set;
    if (there != 0) {
        take_of(t, there, &info);
        result = user_write_if(t->space, a[1], &info, sizeof info);
        return result != 0 ? result : info.signal;
    }
    if (t->is_timed_out || (a[2] != 0 && time == 0)) { return -LINUX_EAGAIN; }
    if (!t->is_again && a[2] != 0) { timer_set(t, time_now() + time); }
    result = wait_on(t, NULL);
    if (result == CALL_WAITS) {
        t->wanted = set;
        return result;
    }
    t->attention = 1;
    return -LINUX_EINTR;
}

long call_sigaltstack(struct thread *t, const uint64_t *a)
{
    struct alternate_stack old = t->stack, new;
    if (old.bytes == 0) { old.flags = SS_DISABLE; }
    if (a[0] != 0) {
        if (user_read(t->space, &new, a[0], sizeof new) != 0) {
            return -LINUX_EFAULT;
        }
        if (new.flags & ~(uint32_t)SS_DISABLE) { return -LINUX_EINVAL; }
        if (!(new.flags &SS_DISABLE) && new.bytes < MINSIGSTKSZ) {
            return -LINUX_ENOMEM;
        }
        if (new.flags & SS_DISABLE) { new.bytes = 0; }
        t->stack = new;
    }
    return user_write_if(t->space, a[1], &old, sizeof old);
}

static long send_to(struct process *p, int signal, const struct siginfo *info)
{
    if (p == NULL) { return -LINUX_ESRCH; }
    if (signal == 0) { return 0; }
    signal_process(p, info);
    return 0;
}

/* To all of a group (0: to all but the first and oneself). */
static long send_to_all(struct thread *t, uint32_t group, int signal,
                        const struct siginfo *info)
{
    unsigned count = find_meant(group, t->process);
    if (signal != 0) { send_to_meant(count, info); }
    return count > 0 ? 0 : -LINUX_ESRCH;
}

long call_kill(struct thread *t, const uint64_t *a)
{
    int32_t id = (int32_t)a[0];
    struct siginfo info = { .signal = (int)a[1], .code = SI_USER };
    info.sender.process = (int32_t)t->process->id;
    if (a[1] > LINUX_SIGNALS) { return -LINUX_EINVAL; }
    if (id > 0) {
        return send_to(process_find((uint32_t)id), (int)a[1], &info);
    }
    uint32_t group = id == 0 ? t->process->group : id == -1 ? 0 : (uint32_t)-id;
    return send_to_all(t, group, (int)a[1], &info);
}

static long send_to_thread(struct thread *t, struct thread *to, uint64_t signal)
{
    struct siginfo info = { .signal = (int)signal, .code = SI_TKILL };
    info.sender.process = (int32_t)t->process->id;
    if (to == NULL) { return -LINUX_ESRCH; }
    if (signal != 0) { signal_thread(to, &info); }
    return 0;
}

long call_tkill(struct thread *t, const uint64_t *a)
{
    if (a[1] > LINUX_SIGNALS || (int32_t)a[0] <= 0) { return -LINUX_EINVAL; }
    return send_to_thread(t, thread_find((uint32_t)a[0]), a[1]);
}

long call_tgkill(struct thread *t, const uint64_t *a)
{
    struct thread *to = thread_find((uint32_t)a[1]);
    if (a[2] > LINUX_SIGNALS || (int32_t)a[0] <= 0 || (int32_t)a[1] <= 0) {
        return -LINUX_EINVAL;
    }
    if (to != NULL && to->process->id != (uint32_t)a[0]) { to = NULL; }
    return send_to_thread(t, to, a[2]);
}
