/* Signals that are read: signalfd.  Whoever reads takes his own. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <loop.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/delivery.h>
#include <processes/process.h>

struct signals {
    sigset set;
};

/* As it is read, struct signalfd_siginfo. */
struct told {
    uint32_t signal;
    int32_t error, code;
    uint32_t process, user;
    int32_t file;
    uint32_t timer, band, overrun, trap;
    int32_t status, number;
    uint64_t value, user_time, system_time, address;
    uint64_t unused[6];
};
_Static_assert(sizeof(struct told) == 128, "size of signalfd_siginfo");

static sigset there(const struct thread *t, const struct signals *s)
{
    return t == NULL ? 0 : (t->pending.set | t->process->pending.set) & s->set;
}

static struct told told_of(const struct siginfo *info)
{
    struct told told = { .signal = (uint32_t)info->signal,
                         .error = info->error,
                         .code = info->code };
    if (info->code == LINUX_SI_TIMER) {
        told.timer = (uint32_t)info->timer.id;
        told.overrun = (uint32_t)info->timer.overrun;
    } else {
        told.process = (uint32_t)info->sender.process;
        told.user = info->sender.user;
    }
    if (info->signal == LINUX_SIGCHLD && info->code > 0) {
        told.status = info->sender.status;
    } else if (info->code < 0 && info->code != LINUX_SI_TKILL) {
        told.value = info->sender.value;
        told.number = (int32_t)told.value;
    }
    return told;
}

static long signals_read(struct file *file, struct transfer *to,
                         uint64_t *position)
{
    const struct signals *s = file->own;
    struct thread *t = loop_thread();
    struct siginfo info;
    long done = 0;
    (void)position;
    if (to->bytes < sizeof(struct told)) { return -LINUX_EINVAL; }
    while (to->bytes >= sizeof(struct told) && there(t, s) != 0) {
        delivery_take(t, there(t, s), &info);
        struct told told = told_of(&info);
        if (transfer_put(to, &told, sizeof told) != 0) {
            return done > 0 ? done : -LINUX_EFAULT;
        }
        done += (long)sizeof told;
    }
    return done > 0 ? done : -LINUX_EAGAIN;
}

static unsigned signals_ready(struct file *file)
{
    return there(loop_thread(), file->own) != 0 ? LINUX_POLLIN : 0;
}

static struct queue *signals_queue(struct file *file, unsigned bits)
{
    (void)file;
    (void)bits;
    return &loop_thread()->process->signalled;
}

static void signals_end(struct file *file)
{
    pool_return(file->own, sizeof(struct signals));
}

static const struct file_kind signals_file = {
    .read = signals_read,
    .ready = signals_ready,
    .queue = signals_queue,
    .end = signals_end,
    .name = "signalfd",
};

static long change(struct thread *t, uint64_t number, sigset set)
{
    struct file *file =
        descriptor_file(t->process->descriptors, (uint32_t)number);
    if (file == NULL || file->flags & LINUX_O_PATH) { return -LINUX_EBADF; }
    if (file->kind != &signals_file) { return -LINUX_EINVAL; }
    ((struct signals *)file->own)->set = set;
    queue_wake(&t->process->signalled);
    return (long)number;
}

long call_signalfd4(struct thread *t, const uint64_t *a)
{
    sigset set;
    uint32_t flags = (uint32_t)a[3];
    if (a[2] != sizeof set) { return -LINUX_EINVAL; }
    if (user_read(t->space, &set, a[1], sizeof set) != 0) {
        return -LINUX_EFAULT;
    }
    if (flags & ~(uint32_t)(LINUX_O_NONBLOCK | LINUX_O_CLOEXEC)) {
        return -LINUX_EINVAL;
    }
    set &= ~SIGSET_NEVER_BLOCKED;
    if ((int32_t)a[0] != -1) { return change(t, (uint32_t)a[0], set); }
    struct file *file =
        file_make_with(&signals_file, LINUX_O_RDWR | (flags & LINUX_O_NONBLOCK),
                       sizeof(struct signals));
    if (file == NULL) { return -LINUX_ENOMEM; }
    ((struct signals *)file->own)->set = set;
    return descriptor_put(t->process, file, 0, flags & LINUX_O_CLOEXEC);
}
