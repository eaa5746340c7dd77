#include <files/pidfd.h>

#include <calls/table.h>
#include <files/descriptors.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/signals.h>
#include <processes/threads.h>

struct pidfd {
    struct process *process; /* null: it has been forgotten */
    struct pidfd *next;      /* of the process */
};

static unsigned pidfd_ready(struct file *file)
{
    const struct pidfd *pidfd = file->own;
    return pidfd->process == NULL            ? LINUX_POLLIN | LINUX_POLLHUP
           : pidfd->process->threads == NULL ? LINUX_POLLIN
                                             : 0;
}

static struct queue *pidfd_queue(struct file *file, unsigned bits)
{
    static struct queue nobodys; /* never woken */
    const struct pidfd *pidfd = file->own;
    (void)bits;
    return pidfd->process == NULL ? &nobodys : &pidfd->process->ended;
}

static void pidfd_end(struct file *file)
{
    struct pidfd *pidfd = file->own;
    if (pidfd->process != NULL) {
        struct pidfd **at = &pidfd->process->pidfds;
        while (*at != pidfd) { at = &(*at)->next; }
        *at = pidfd->next;
    }
    pool_return(pidfd, sizeof *pidfd);
}

static const struct file_kind pidfd_file = {
    .ready = pidfd_ready,
    .queue = pidfd_queue,
    .end = pidfd_end,
    .name = "pidfd",
};

void pidfds_forget(struct process *p)
{
    for (; p->pidfds != NULL; p->pidfds = p->pidfds->next) {
        p->pidfds->process = NULL;
    }
    queue_end(&p->ended);
}

long pidfd_give(struct thread *t, struct process *p, uint32_t flags)
{
    struct pidfd *pidfd;
    struct file *file =
        file_make_with(&pidfd_file, LINUX_O_RDWR | flags, sizeof *pidfd);
    if (file == NULL) { return -LINUX_ENOMEM; }
    pidfd = file->own;
    pidfd->process = p;
    pidfd->next = p->pidfds;
    p->pidfds = pidfd;
    return descriptor_put(t->process, file, 0, true);
}

long pidfd_find(struct thread *t, uint64_t number, struct process **ret_process,
                bool *ret_at_once)
{
    struct file *file =
        descriptor_file(t->process->descriptors, (uint32_t)number);
    if (file == NULL || file->kind != &pidfd_file) { return -LINUX_EBADF; }
    *ret_process = ((struct pidfd *)file->own)->process;
    *ret_at_once = file->flags & LINUX_O_NONBLOCK;
    return 0;
}

/* Of whole processes only. */
long call_pidfd_open(struct thread *t, const uint64_t *a)
{
    uint32_t flags = (uint32_t)a[1];
    if (flags & ~(uint32_t)LINUX_O_NONBLOCK || (int32_t)a[0] <= 0) {
        return -LINUX_EINVAL;
    }
    struct process *p = process_find((uint32_t)a[0]);
    if (p != NULL) { return pidfd_give(t, p, flags); }
    return thread_find((uint32_t)a[0]) == NULL ? -LINUX_ESRCH : -LINUX_EINVAL;
}

enum { TO_PROCESS, TO_THREAD, TO_THREADS, TO_GROUP = 4 };

/* Its first thread may have ended before it. */
static long send(struct process *p, uint32_t to, const struct siginfo *info)
{
    if (p == NULL) { return -LINUX_ESRCH; }
    struct thread *first = to == TO_THREAD ? thread_find(p->id) : NULL;
    if (to == TO_THREAD && first == NULL) { return -LINUX_ESRCH; }
    if (info->signal == 0) { return 0; }
    if (to == TO_GROUP) {
        (void)signal_all(p->group, NULL, info);
        return 0;
    }
    return first != NULL ? signal_thread(first, info) : signal_process(p, info);
}

long call_pidfd_send_signal(struct thread *t, const uint64_t *a)
{
    struct process *p;
    bool at_once;
    uint32_t signal = (uint32_t)a[1], to = (uint32_t)a[3];
    struct siginfo info = { .signal = (int)signal, .code = LINUX_SI_USER };
    info.sender.process = (int32_t)t->process->id;
    if (to > TO_GROUP || to == (TO_THREAD | TO_THREADS)) {
        return -LINUX_EINVAL;
    }
    long result = pidfd_find(t, a[0], &p, &at_once);
    if (result != 0) { return result; }
    if (a[2] != 0) {
        int32_t said;
        result =
            signal_info_read(t, a[2], signal, p == NULL ? 0 : p->id, &info);
        if (result == 0) {
            result = user_read(t->space, &said, a[2], sizeof said);
        }
        if (result != 0) { return result; }
        if ((uint32_t)said != signal) { return -LINUX_EINVAL; }
    }
    return signal > LINUX_SIGNALS ? -LINUX_EINVAL : send(p, to, &info);
}

long call_pidfd_getfd(struct thread *t, const uint64_t *a)
{
    struct process *p;
    bool at_once;
    if ((uint32_t)a[2] != 0) { return -LINUX_EINVAL; }
    long result = pidfd_find(t, a[0], &p, &at_once);
    if (result != 0) { return result; }
    if (p == NULL || p->descriptors == NULL) { return -LINUX_ESRCH; }
    struct file *file = descriptor_file(p->descriptors, (uint32_t)a[1]);
    if (file == NULL) { return -LINUX_EBADF; }
    file_use(file);
    return descriptor_put(t->process, file, 0, true);
}
