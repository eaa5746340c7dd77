#include <processes/delivery.h>

#include <calls/table.h>
#include <loop.h>
#include <memory/bits.h>
#include <memory/swap.h>
#include <memory/user.h>
#include <processes/actions.h>
#include <processes/signals.h>
#include <program.h>
#include <string.h>
#include <waiting/timer.h>

enum { SA_NODEFER = 0x40000000, SA_ONSTACK = 0x08000000 };
enum { SA_RESETHAND = (int)0x80000000, SA_RESTART = 0x10000000 };

/* ---- frames -------------------------------------------------------------- */

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
    if (t->stack.bytes == 0) { frame->stack.flags |= LINUX_SS_DISABLE; }
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

static uint64_t below(uint64_t top)
{
    return (top - sizeof apart) & ~UINT64_C(15);
}

/* Where a frame goes, with an alternate stack; 0: that has no room for it. */
static uint64_t place_of(const struct alternate_stack *stack, uint64_t flags,
                         uint64_t pointer)
{
    if (!alternate_has(stack, pointer)) {
        bool is_wanted = flags & SA_ONSTACK;
        return below(is_wanted ? stack->address + stack->bytes : pointer);
    }
    return alternate_has(stack, below(pointer)) ? below(pointer) : 0;
}

/* Lets the thread begin with the handler.  False: there is no room for it. */
static bool enter(struct thread *t, const struct siginfo *info,
                  struct kerne_register_file *file)
{
    struct action *action = &t->process->actions->action[info->signal - 1];
    uint64_t at = t->stack.bytes == 0
                      ? below(file->x[2])
                      : place_of(&t->stack, action->flags, file->x[2]);
    if (at == 0) { return false; }
    sigset mask = t->is_blocked_for_call ? t->saved_blocked : t->blocked;
    if (!put_frame(t, at, info, mask, file)) { return false; }
    if (t->stack.flags & LINUX_SS_AUTODISARM) {
        t->stack = (struct alternate_stack){ .bytes = 0 };
    }
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

/* How a thread goes on: with a handler, or from where it is. */
struct going {
    struct kerne_register_file file; /* if a handler is entered: its start */
    bool is_entered;
    bool is_call; /* it comes from a call, of this value */
    long value;
};

/* Where the thread would go on: behind its call with a value, or at the call
 * again. */
static void after_call(const struct thread *t, struct going *g, bool restarts)
{
    if (g->value == CALL_RESTART && restarts) {
        g->file.x[10] = t->call.argument[0];
        return;
    }
    g->file.x[0] += 4;
    g->file.x[10] = (uint64_t)(call_is_cut(g->value) ? -LINUX_EINTR : g->value);
}

static bool die(struct thread *t, int signal)
{
    process_kill(t->process, signal);
    return false;
}

static bool is_handled(const struct thread *t, int signal)
{
    return action_is_handled(&t->process->actions->action[signal - 1]);
}

static bool may_handle(const struct thread *t, int signal)
{
    return is_handled(t, signal) && !(t->blocked & SIGSET_OF(signal));
}

/* A handler that there is no room for is a fault of its own. */
static bool handle(struct thread *t, const struct siginfo *info,
                   struct going *g)
{
    struct siginfo none = { .signal = LINUX_SIGSEGV, .code = LINUX_SI_KERNEL };
    struct action *action = &t->process->actions->action[info->signal - 1];
    if (!g->is_entered) {
        kerne_read_registers(t->reference, &g->file);
        if (g->is_call) { after_call(t, g, action->flags & SA_RESTART); }
    }
    g->is_entered = true;
    if (enter(t, info, &g->file)) { return true; }
    return info->signal != LINUX_SIGSEGV && may_handle(t, LINUX_SIGSEGV)
               ? handle(t, &none, g)
               : die(t, LINUX_SIGSEGV);
}

/* One signal: a handler is entered, or it does what it does by default.  False:
 * that ends the process. */
static bool deliver(struct thread *t, const struct siginfo *info,
                    struct going *g)
{
    if (signal_is_ignored(t->process, info)) { return true; }
    trace_signal(t->process, info->signal);
    if (is_handled(t, info->signal)) { return handle(t, info, g); }
    if (!signal_is_stop(info->signal)) { return die(t, info->signal); }
    signal_stop(t->process, info->signal);
    return true;
}

/* What a program has done itself comes first, as on Linux. */
#define SYNCHRONOUS                                       \
    (SIGSET_OF(LINUX_SIGSEGV) | SIGSET_OF(LINUX_SIGBUS) | \
     SIGSET_OF(LINUX_SIGILL) | SIGSET_OF(LINUX_SIGTRAP) | \
     SIGSET_OF(LINUX_SIGFPE) | SIGSET_OF(LINUX_SIGSYS))

static int first_of(sigset set)
{
    if (set & SIGSET_OF(LINUX_SIGKILL)) { return LINUX_SIGKILL; }
    sigset first = set & SYNCHRONOUS;
    return (int)bits_lowest(first != 0 ? first : set) + 1;
}

void delivery_take(struct thread *t, sigset set, struct siginfo *ret_info)
{
    sigset own = t->pending.set & set;
    pending_take(own != 0 ? &t->pending : &t->process->pending,
                 first_of(own != 0 ? own : set), ret_info);
}

/* Each handler interrupts the one before at its first instruction: so the last
 * one that is entered runs first. */
static bool deliver_all(struct thread *t, struct going *g)
{
    struct siginfo info;
    while (signal_is_due(t)) {
        delivery_take(t, signal_due(t), &info);
        if (!deliver(t, &info, g)) { return false; }
    }
    t->attention = 0;
    return true;
}

/* A break that it has sent already is soon taken: then is time for all. */
static bool computes(const struct thread *t)
{
    struct kerne_process_record record;
    loop_flush();
    return kerne_describe_process(t->reference, &record) == KERNE_r_normal &&
           record.waits != KERNE_WAITS_BREAK;
}

void delivery_interrupt(struct thread *t)
{
    struct going g;
    if (!computes(t)) { return; }
    g.is_entered = g.is_call = false;
    kerne_stop(t->reference);
    if (!deliver_all(t, &g)) { return; }
    if (g.is_entered) { kerne_modify(t->reference, &g.file); }
    if (!t->process->is_stopped) { kerne_start(t->reference); }
}

/* The mask that was the call's is the call's no more. */
static void unblock(struct thread *t)
{
    t->blocked = t->saved_blocked;
    t->is_blocked_for_call = false;
}

/* No handler ends the call: it waits on, when it is not stopped. */
static void wait_again(struct thread *t)
{
    if (t->is_again) {
        t->is_waiting = true;
        if (!t->process->is_stopped) { loop_make_ready(t); }
        return;
    }
    if (t->is_blocked_for_call) { unblock(t); }
    timer_forget(t);
    loop_again(t);
}

/* Lets a thread begin with what has been entered.  False: nothing has. */
static bool begin(struct thread *t, struct going *g)
{
    if (!g->is_entered) { return false; }
    kerne_modify(t->reference, &g->file);
    loop_again(t);
    return true;
}

long delivery_attend(struct thread *t, long value)
{
    struct going g;
    g.is_entered = false;
    g.is_call = true;
    g.value = value;
    if (!deliver_all(t, &g)) { return CALL_NO_ANSWER; }
    if (!g.is_entered && call_is_cut(value)) {
        wait_again(t);
        return CALL_NO_ANSWER;
    }
    if (call_is_cut(value)) { wait_over(t); }
    if (t->is_blocked_for_call) {
        unblock(t);
        if (!deliver_all(t, &g)) { return CALL_NO_ANSWER; }
    }
    return begin(t, &g) ? CALL_NO_ANSWER : value;
}

bool delivery_attend_fault(struct thread *t)
{
    struct going g;
    if (t->attention == 0) { return true; }
    g.is_entered = g.is_call = false;
    return deliver_all(t, &g) && !begin(t, &g);
}

void delivery_fault(struct thread *t, int signal, int code, uint64_t address)
{
    struct siginfo info = { .signal = signal, .code = code };
    struct going g;
    info.address = address;
    g.is_entered = g.is_call = false;
    trace_signal(t->process, signal);
    if (signal == LINUX_SIGKILL || !may_handle(t, signal)) {
        (void)die(t, signal);
    } else if (handle(t, &info, &g) && deliver_all(t, &g)) {
        (void)begin(t, &g);
    }
}

long delivery_block_for_call(struct thread *t, uint64_t address, uint64_t bytes)
{
    sigset set;
    if (bytes != sizeof set) { return -LINUX_EINVAL; }
    if (user_read(t->space, &set, address, sizeof set) != 0) {
        return -LINUX_EFAULT;
    }
    t->saved_blocked = t->blocked;
    t->is_blocked_for_call = true;
    t->blocked = set & ~SIGSET_NEVER_BLOCKED;
    if (signal_is_due(t)) { t->attention = 1; }
    return 0;
}

void delivery_unblock_after_call(struct thread *t)
{
    if (!t->is_blocked_for_call) { return; }
    t->blocked = t->saved_blocked;
    t->is_blocked_for_call = false;
    if (signal_is_due(t)) { t->attention = 1; }
}

long call_rt_sigreturn(struct thread *t, const uint64_t *a)
{
    struct kerne_register_file file;
    (void)a;
    file.x[2] = 0;
    file.floats = 0; /* the rest is written, or not looked at */
    if (kerne_read_registers(t->reference, &file) != KERNE_r_normal) {
        (void)die(t, LINUX_SIGKILL);
        return CALL_NO_ANSWER;
    }
    const struct frame *frame = frame_at(t, file.x[2], KERNE_READ);
    if (frame == NULL) {
        if (user_read(t->space, &apart, file.x[2], sizeof apart) != 0) {
            if (swap_wanted != NULL) { return -LINUX_EFAULT; }
            (void)die(t, LINUX_SIGSEGV);
            return CALL_NO_ANSWER;
        }
        frame = &apart;
    }
    if (frame->stack.bytes != t->stack.bytes ||
        frame->stack.address != t->stack.address) {
        (void)alternate_set(&t->stack, &frame->stack, frame->x[2]);
    }
    memcpy(file.x, frame->x, sizeof file.x);
    file.floats |= frame->floats & 1;
    if (file.floats != 0) { memcpy(file.f, frame->f, sizeof file.f); }
    file.fcsr = frame->fcsr;
    t->blocked = frame->mask & ~SIGSET_NEVER_BLOCKED;
    kerne_modify(t->reference, &file);
    t->attention |= signal_is_due(t);
    if (delivery_attend_fault(t)) { loop_again(t); }
    return CALL_NO_ANSWER;
}
