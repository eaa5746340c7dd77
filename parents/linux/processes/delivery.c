#include <processes/delivery.h>

#include <calls/table.h>
#include <loop.h>
#include <memory/bits.h>
#include <memory/user.h>
#include <processes/actions.h>
#include <processes/signals.h>
#include <program.h>
#include <string.h>

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
    if (actions_ignore(t->process->actions, info->signal)) { return 0; }
    trace_signal(t->process, info->signal);
    if (action->handler == SIGNAL_DEFAULT && signal_is_stop(info->signal)) {
        signal_stop(t->process, info->signal);
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

void delivery_take(struct thread *t, sigset set, struct siginfo *ret_info)
{
    int signal = lowest(set);
    bool is_own = t->pending.set & SIGSET_OF(signal);
    pending_take(is_own ? &t->pending : &t->process->pending, signal, ret_info);
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
    struct kerne_register_file file;
    struct siginfo info;
    const struct action *action = t->process->actions->action;
    if (!computes(t) ||
        !action_is_handled(&action[lowest(signal_due(t)) - 1])) {
        return;
    }
    kerne_stop(t->reference);
    delivery_take(t, signal_due(t), &info);
    trace_signal(t->process, info.signal);
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
    while (signal_due(t) != 0) {
        delivery_take(t, signal_due(t), &info);
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

long delivery_attend(struct thread *t, long value)
{
    return attend(t, value, true);
}

bool delivery_attend_fault(struct thread *t)
{
    return t->attention == 0 || attend(t, 0, false) != CALL_NO_ANSWER;
}

void delivery_fault(struct thread *t, int signal, int code, uint64_t address)
{
    struct siginfo info = { .signal = signal, .code = code };
    struct action *action = &t->process->actions->action[signal - 1];
    info.address = address;
    if (signal == LINUX_SIGKILL || t->blocked & SIGSET_OF(signal) ||
        !action_is_handled(action)) {
        (void)die(t, signal);
        return;
    }
    (void)deliver(t, &info, 0, false);
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
