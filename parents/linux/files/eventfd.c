/* A number that is written up and read down: eventfd. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <memory/pool.h>
#include <processes/process.h>

#define MOST (UINT64_MAX - 1) /* that it can be */
enum { EFD_SEMAPHORE = 1 };

struct event {
    uint64_t count;
    bool is_semaphore; /* read takes 1, not all */
    struct queue to_read, to_write;
};

static long event_read(struct file *file, struct transfer *to,
                       uint64_t *position)
{
    struct event *e = file->own;
    (void)position;
    if (to->bytes < sizeof e->count) { return -LINUX_EINVAL; }
    if (e->count == 0) { return -LINUX_EAGAIN; }
    uint64_t taken = e->is_semaphore ? 1 : e->count;
    e->count -= taken;
    queue_wake(&e->to_write);
    return transfer_put(to, &taken, sizeof taken) != 0 ? -LINUX_EFAULT
                                                       : (long)sizeof taken;
}

static long event_write(struct file *file, struct transfer *from,
                        uint64_t *position)
{
    struct event *e = file->own;
    uint64_t more;
    (void)position;
    if (from->bytes != sizeof more) { return -LINUX_EINVAL; }
    if (transfer_get(from, &more, sizeof more) != 0) { return -LINUX_EFAULT; }
    if (more == UINT64_MAX) { return -LINUX_EINVAL; }
    if (more > MOST - e->count) { return -LINUX_EAGAIN; }
    e->count += more;
    queue_wake(&e->to_read);
    return sizeof more;
}

static unsigned event_ready(struct file *file)
{
    const struct event *e = file->own;
    return (e->count > 0 ? LINUX_POLLIN : 0u) |
           (e->count < MOST ? LINUX_POLLOUT : 0u);
}

static struct queue *event_queue(struct file *file, unsigned bits)
{
    struct event *e = file->own;
    return bits & LINUX_POLLIN ? &e->to_read : &e->to_write;
}

static void event_end(struct file *file)
{
    struct event *e = file->own;
    queue_end(&e->to_read);
    queue_end(&e->to_write);
    pool_return(e, sizeof *e);
}

static const struct file_kind event_file = {
    .read = event_read,
    .write = event_write,
    .ready = event_ready,
    .queue = event_queue,
    .end = event_end,
    .name = "eventfd",
};

long call_eventfd2(struct thread *t, const uint64_t *a)
{
    uint32_t flags = (uint32_t)a[1];
    if (flags &
        ~(uint32_t)(EFD_SEMAPHORE | LINUX_O_NONBLOCK | LINUX_O_CLOEXEC)) {
        return -LINUX_EINVAL;
    }
    struct event *e;
    struct file *file = file_make_with(
        &event_file, LINUX_O_RDWR | (flags & LINUX_O_NONBLOCK), sizeof *e);
    if (file != NULL) {
        e = file->own;
        e->count = (uint32_t)a[0];
        e->is_semaphore = flags & EFD_SEMAPHORE;
    }
    return descriptor_put(t->process, file, 0, flags & LINUX_O_CLOEXEC);
}
