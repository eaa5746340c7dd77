/* Calls about descriptors themselves. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <files/locks.h>
#include <processes/process.h>

enum { F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL };
enum { F_DUPFD_CLOEXEC = 1030, F_GETPIPE_SZ = 1032 };
#define F_SETTABLE (LINUX_O_APPEND | LINUX_O_NONBLOCK)
#define CLOSE_RANGE_CLOEXEC 4u

static struct descriptors *mine(struct thread *t)
{
    return t->process->descriptors;
}

long call_close(struct thread *t, const uint64_t *a)
{
    return descriptor_close(t->process, (uint32_t)a[0]);
}

long call_dup(struct thread *t, const uint64_t *a)
{
    struct file *file = descriptor_file(mine(t), (uint32_t)a[0]);
    if (file == NULL) { return -LINUX_EBADF; }
    file_use(file);
    return descriptor_put(t->process, file, 0, false);
}

long call_dup3(struct thread *t, const uint64_t *a)
{
    struct file *file = descriptor_file(mine(t), (uint32_t)a[0]);
    if ((uint32_t)a[0] == (uint32_t)a[1] ||
        (uint32_t)a[2] & ~(uint32_t)LINUX_O_CLOEXEC) {
        return -LINUX_EINVAL;
    }
    if (file == NULL) { return -LINUX_EBADF; }
    file_use(file);
    return descriptor_put_at(t->process, file, (uint32_t)a[1],
                             a[2] & LINUX_O_CLOEXEC);
}

static long duplicate_from(struct thread *t, struct file *file, uint64_t from,
                           bool is_closed)
{
    if (from >= mine(t)->most) { return -LINUX_EINVAL; }
    file_use(file);
    return descriptor_put(t->process, file, from, is_closed);
}

long call_fcntl(struct thread *t, const uint64_t *a)
{
    uint64_t number = (uint32_t)a[0];
    struct file *file = descriptor_file(mine(t), number);
    if (file == NULL) { return -LINUX_EBADF; }
    uint32_t order = (uint32_t)a[1];
    switch (order) {
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
        return duplicate_from(t, file, (uint32_t)a[2],
                              order == F_DUPFD_CLOEXEC);
    case F_GETFD: return descriptor_is_closed_by_exec(mine(t), number);
    case F_SETFD:
        return descriptor_set_closed_by_exec(t->process, number, a[2] & 1);
    case F_GETFL: return file->flags & ~(uint32_t)LINUX_O_CLOEXEC;
    default: break;
    }
    if (file->flags & LINUX_O_PATH) { return -LINUX_EBADF; }
    switch (order) {
    case F_SETFL:
        file->flags = (file->flags & ~(uint32_t)F_SETTABLE) |
                      ((uint32_t)a[2] & F_SETTABLE);
        return 0;
    case F_GETPIPE_SZ: return 65536;
    default: return locks_control(t, file, order, a[2]);
    }
}

long call_close_range(struct thread *t, const uint64_t *a)
{
    uint64_t last = (uint32_t)a[1];
    if ((uint32_t)a[0] > last || (uint32_t)a[2] & ~CLOSE_RANGE_CLOEXEC) {
        return -LINUX_EINVAL;
    }
    if (last >= DESCRIPTORS) { last = DESCRIPTORS - 1; }
    for (uint64_t i = (uint32_t)a[0]; i <= last; i++) {
        if (descriptor_file(mine(t), i) == NULL) { continue; }
        long result = a[2] & CLOSE_RANGE_CLOEXEC
                          ? descriptor_set_closed_by_exec(t->process, i, true)
                          : descriptor_close(t->process, i);
        if (result != 0) { return result; }
    }
    return 0;
}
