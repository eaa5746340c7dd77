/* Calls about signals, but for rt_sigreturn (delivery.c). */
#include <calls/table.h>
#include <memory/user.h>
#include <processes/actions.h>
#include <processes/delivery.h>
#include <processes/signals.h>
#include <processes/threads.h>
#include <waiting/time.h>
#include <waiting/timer.h>

enum { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };

long call_rt_sigaction(struct thread *t, const uint64_t *a)
{
    struct action new;
    uint32_t signal = (uint32_t)a[0];
    if (signal - 1 >= LINUX_SIGNALS || a[3] != sizeof(sigset) ||
        (a[1] != 0 && (signal == LINUX_SIGKILL || signal == LINUX_SIGSTOP))) {
        return -LINUX_EINVAL;
    }
    struct action old = t->process->actions->action[signal - 1];
    if (a[1] != 0) {
        if (user_read(t->space, &new, a[1], sizeof new) != 0) {
            return -LINUX_EFAULT;
        }
        struct actions *own = actions_own(t->process);
        if (own == NULL) { return -LINUX_ENOMEM; }
        new.mask &= ~SIGSET_NEVER_BLOCKED;
        own->action[signal - 1] = new;
        if (actions_ignore(own, (int)signal)) {
            signals_forget(t->process, SIGSET_OF(signal));
        }
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
        uint32_t how = (uint32_t)a[0];
        if (how > SIG_SETMASK) { return -LINUX_EINVAL; }
        t->blocked = (how == SIG_BLOCK     ? old | set
                      : how == SIG_UNBLOCK ? old & ~set
                                           : set) &
                     ~SIGSET_NEVER_BLOCKED;
        if (signal_is_due(t)) { t->attention = 1; }
    }
    return user_write_if(t->space, a[2], &old, sizeof old);
}

long call_rt_sigsuspend(struct thread *t, const uint64_t *a)
{
    long result = t->is_again ? 0 : delivery_block_for_call(t, a[0], a[1]);
    if (result != 0) { return result; }
    return wait_once(t, NULL);
}

long call_rt_sigpending(struct thread *t, const uint64_t *a)
{
    sigset set = (t->pending.set | t->process->pending.set) & t->blocked;
    if (a[1] > sizeof set) { return -LINUX_EINVAL; }
    return user_write(t->space, a[0], &set, a[1]);
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
        delivery_take(t, there, &info);
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

/* ---- sending ------------------------------------------------------------- */

static struct siginfo info_of(const struct thread *t, uint64_t signal, int code)
{
    struct siginfo info = { .signal = (int)signal, .code = code };
    info.sender.process = (int32_t)t->process->id;
    return info;
}

static bool is_signal(const struct siginfo *info)
{
    return (uint32_t)info->signal <= LINUX_SIGNALS;
}

/* That somebody is there is looked at first. */
static long send_to(struct process *p, const struct siginfo *info)
{
    if (p == NULL) { return -LINUX_ESRCH; }
    if (!is_signal(info)) { return -LINUX_EINVAL; }
    return info->signal == 0 ? 0 : signal_process(p, info);
}

long call_kill(struct thread *t, const uint64_t *a)
{
    int32_t id = (int32_t)a[0];
    struct siginfo info = info_of(t, a[1], LINUX_SI_USER);
    if (id > 0) { return send_to(process_find((uint32_t)id), &info); }
    uint32_t group = id == 0    ? t->process->group
                     : id == -1 ? 0
                                : 0 - (uint32_t)id;
    if (!is_signal(&info)) { return -LINUX_EINVAL; }
    return signal_all(group, t->process, &info) ? 0 : -LINUX_ESRCH;
}

static long send_to_thread(struct thread *to, const struct siginfo *info)
{
    if (to == NULL) { return -LINUX_ESRCH; }
    if (!is_signal(info)) { return -LINUX_EINVAL; }
    return info->signal == 0 ? 0 : signal_thread(to, info);
}

/* A thread of a process (0: of any); null: there is none. */
static struct thread *find(uint64_t process, uint64_t id)
{
    struct thread *to = thread_find((uint32_t)id);
    return to != NULL && process != 0 && to->process->id != (uint32_t)process
               ? NULL
               : to;
}

long call_tkill(struct thread *t, const uint64_t *a)
{
    struct siginfo info = info_of(t, a[1], LINUX_SI_TKILL);
    if ((int32_t)a[0] <= 0) { return -LINUX_EINVAL; }
    return send_to_thread(find(0, a[0]), &info);
}

long call_tgkill(struct thread *t, const uint64_t *a)
{
    struct siginfo info = info_of(t, a[2], LINUX_SI_TKILL);
    if ((int32_t)a[0] <= 0 || (int32_t)a[1] <= 0) { return -LINUX_EINVAL; }
    return send_to_thread(find(a[0], a[1]), &info);
}

#define INFO_SAID 48 /* bytes of siginfo in which something may be said */

long signal_info_read(struct thread *t, uint64_t address, uint64_t signal,
                      uint32_t to, struct siginfo *ret_info)
{
    *ret_info = (struct siginfo){ .signal = 0 };
    if (user_read(t->space, ret_info, address, INFO_SAID) != 0) {
        return -LINUX_EFAULT;
    }
    ret_info->signal = (int)signal;
    bool is_kernels = ret_info->code >= 0 || ret_info->code == LINUX_SI_TKILL;
    return is_kernels && to != t->process->id ? -LINUX_EPERM : 0;
}

long call_rt_sigqueueinfo(struct thread *t, const uint64_t *a)
{
    struct siginfo info;
    long result = signal_info_read(t, a[2], a[1], (uint32_t)a[0], &info);
    return result != 0 ? result : send_to(process_find((uint32_t)a[0]), &info);
}

long call_rt_tgsigqueueinfo(struct thread *t, const uint64_t *a)
{
    struct siginfo info;
    long result = signal_info_read(t, a[3], a[2], (uint32_t)a[1], &info);
    if (result != 0) { return result; }
    if ((int32_t)a[0] <= 0 || (int32_t)a[1] <= 0) { return -LINUX_EINVAL; }
    return send_to_thread(find(a[0], a[1]), &info);
}
