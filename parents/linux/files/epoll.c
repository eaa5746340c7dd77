#include <files/epoll.h>

#include <calls/table.h>
#include <files/descriptors.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/delivery.h>
#include <processes/process.h>
#include <waiting/time.h>
#include <waiting/timer.h>

enum { CTL_ADD = 1, CTL_DEL, CTL_MOD };
#define ONCE (1u << 30)
#define EDGE (1u << 31)
#define EXCLUSIVE (1u << 28)
#define WAKEUP (1u << 29)
#define HOW (ONCE | EDGE | EXCLUSIVE | WAKEUP) /* these are no events */
#define ALWAYS_TOLD (LINUX_POLLERR | LINUX_POLLHUP)
/* All that may stand beside EXCLUSIVE. */
#define WITH_EXCLUSIVE \
    (LINUX_POLLIN | LINUX_POLLOUT | ALWAYS_TOLD | WAKEUP | EDGE | EXCLUSIVE)
enum { POLLRDNORM = 0x40, POLLWRNORM = 0x100 };

struct event {
    uint32_t events, pad;
    uint64_t data;
};
_Static_assert(sizeof(struct event) == 16, "size of struct epoll_event");

/* One file as an epoll watches it, by the number it had then. */
struct watch {
    struct epoll *epoll;
    struct file *file;
    uint32_t number;
    uint32_t events; /* and HOW */
    uint64_t data;
    struct watch *next_of_file;
    struct watch *next, *previous; /* of the epoll */
    struct watch *next_ready;
    bool is_ready; /* it is in the list */
    struct side {
        struct queue *queue;
        struct waiter waiter;
        struct watch *watch;
    } to_read, to_write;
};

struct epoll {
    struct watch *first;
    struct watch *first_ready, *last_ready;
    uint32_t epolls; /* that it watches */
    struct queue to_read;
};

/* ---- what is ready ------------------------------------------------------- */

static void list(struct watch *w)
{
    struct epoll *e = w->epoll;
    if (w->is_ready) { return; }
    w->is_ready = true;
    w->next_ready = NULL;
    *(e->first_ready == NULL ? &e->first_ready : &e->last_ready->next_ready) =
        w;
    e->last_ready = w;
}

static struct watch *take_first(struct epoll *e)
{
    struct watch *w = e->first_ready;
    e->first_ready = w->next_ready;
    if (e->first_ready == NULL) { e->last_ready = NULL; }
    w->is_ready = false;
    return w;
}

static void put_first(struct watch *w)
{
    struct epoll *e = w->epoll;
    w->is_ready = true;
    w->next_ready = e->first_ready;
    if (e->first_ready == NULL) { e->last_ready = w; }
    e->first_ready = w;
}

static void take_out(struct watch *w)
{
    struct epoll *e = w->epoll;
    struct watch *before = NULL, *at = e->first_ready;
    if (!w->is_ready) { return; }
    while (at != w) {
        before = at;
        at = at->next_ready;
    }
    *(before == NULL ? &e->first_ready : &before->next_ready) = w->next_ready;
    if (e->last_ready == w) { e->last_ready = before; }
    w->is_ready = false;
}

/* What is to be told of it now. */
static uint32_t found(const struct watch *w)
{
    unsigned bits = file_ready(w->file);
    if ((w->events & ~HOW) == 0) { return 0; } /* told once, and not again */
    if (bits & LINUX_POLLIN) { bits |= POLLRDNORM; }
    if (bits & LINUX_POLLOUT) { bits |= POLLWRNORM; }
    return bits & ((w->events & ~HOW) | ALWAYS_TOLD);
}

static void tell(struct waiter *waiter)
{
    struct side *side =
        (struct side *)((char *)waiter - offsetof(struct side, waiter));
    struct watch *w = side->watch;
    if ((w->events & ~HOW) == 0) { return; }
    list(w);
    queue_wake(&w->epoll->to_read);
}

/* ---- watching ------------------------------------------------------------ */

static void enter(struct watch *w, struct side *side, struct queue *queue)
{
    side->watch = w;
    side->queue = queue;
    wait_add_told(queue, &side->waiter, tell);
}

static void leave(struct side *side)
{
    if (side->waiter.next != NULL) {
        wait_take_out(side->queue, &side->waiter);
    }
}

/* From now on, and what is so already. */
static void watch(struct watch *w, const struct event *event)
{
    const struct file_kind *kind = w->file->kind;
    struct queue *to_read = kind->queue(w->file, LINUX_POLLIN);
    struct queue *to_write = kind->queue(w->file, LINUX_POLLOUT);
    w->events = event->events | ALWAYS_TOLD;
    w->data = event->data;
    leave(&w->to_read);
    leave(&w->to_write);
    enter(w, &w->to_read, to_read);
    if (to_write != to_read && w->events & (LINUX_POLLOUT | POLLWRNORM)) {
        enter(w, &w->to_write, to_write);
    }
    if (found(w) != 0) { tell(&w->to_read.waiter); }
}

static const struct file_kind epoll_file;

static void unwatch(struct watch *w)
{
    struct watch **place = &w->file->watches;
    while (*place != w) { place = &(*place)->next_of_file; }
    *place = w->next_of_file;
    *(w->previous == NULL ? &w->epoll->first : &w->previous->next) = w->next;
    if (w->next != NULL) { w->next->previous = w->previous; }
    w->epoll->epolls -= w->file->kind == &epoll_file;
    leave(&w->to_read);
    leave(&w->to_write);
    take_out(w);
    pool_return(w, sizeof *w);
}

void epoll_forget(struct file *file)
{
    while (file->watches != NULL) { unwatch(file->watches); }
}

static struct watch *find(const struct epoll *e, const struct file *file,
                          uint32_t number)
{
    struct watch *w = file->watches;
    while (w != NULL && (w->epoll != e || w->number != number)) {
        w = w->next_of_file;
    }
    return w;
}

/* By E3: one watches the other only if that ends there. */
static bool is_too_deep(const struct file *by, const struct file *file)
{
    const struct epoll *e = file->own;
    return file->kind == &epoll_file && (by->watches != NULL || e->epolls > 0);
}

static long add(struct file *by, struct file *file, uint32_t number,
                const struct event *event)
{
    struct epoll *e = by->own;
    if (event->events & EXCLUSIVE &&
        (event->events & ~(uint32_t)WITH_EXCLUSIVE ||
         file->kind == &epoll_file)) {
        return -LINUX_EINVAL;
    }
    if (find(e, file, number) != NULL) { return -LINUX_EEXIST; }
    if (is_too_deep(by, file)) { return -LINUX_ELOOP; }
    struct watch *w = pool_take(sizeof *w);
    if (w == NULL) { return -LINUX_ENOMEM; }
    w->epoll = e;
    w->file = file;
    w->number = number;
    w->next_of_file = file->watches;
    file->watches = w;
    w->next = e->first;
    if (e->first != NULL) { e->first->previous = w; }
    e->first = w;
    e->epolls += file->kind == &epoll_file;
    watch(w, event);
    return 0;
}

static long change(struct file *by, struct file *file, uint32_t number,
                   const struct event *event)
{
    struct watch *w = find(by->own, file, number);
    if (event->events & EXCLUSIVE) { return -LINUX_EINVAL; }
    if (w == NULL) { return -LINUX_ENOENT; }
    if (w->events & EXCLUSIVE) { return -LINUX_EINVAL; }
    watch(w, event);
    return 0;
}

long call_epoll_ctl(struct thread *t, const uint64_t *a)
{
    struct descriptors *d = t->process->descriptors;
    struct file *by = descriptor_opened(d, (uint32_t)a[0]);
    struct file *file = descriptor_opened(d, (uint32_t)a[2]);
    struct event event = { 0 };
    int32_t order = (int32_t)a[1];
    if (order != CTL_DEL &&
        user_read(t->space, &event, a[3], sizeof event) != 0) {
        return -LINUX_EFAULT;
    }
    if (by == NULL || file == NULL) { return -LINUX_EBADF; }
    if (file->kind->queue == NULL) { return -LINUX_EPERM; }
    if (by == file || by->kind != &epoll_file) { return -LINUX_EINVAL; }
    uint32_t number = (uint32_t)a[2];
    if (order == CTL_ADD) { return add(by, file, number, &event); }
    if (order == CTL_MOD) { return change(by, file, number, &event); }
    if (order != CTL_DEL) { return -LINUX_EINVAL; }
    struct watch *w = find(by->own, file, number);
    if (w == NULL) { return -LINUX_ENOENT; }
    unwatch(w);
    return 0;
}

/* ---- as a file ----------------------------------------------------------- */

static unsigned epoll_ready(struct file *file)
{
    const struct epoll *e = file->own;
    const struct watch *w = e->first_ready;
    while (w != NULL && found(w) == 0) { w = w->next_ready; }
    return w == NULL ? 0 : LINUX_POLLIN;
}

static struct queue *epoll_queue(struct file *file, unsigned bits)
{
    struct epoll *e = file->own;
    (void)bits;
    return &e->to_read;
}

static void epoll_end(struct file *file)
{
    struct epoll *e = file->own;
    while (e->first != NULL) { unwatch(e->first); }
    queue_end(&e->to_read);
    pool_return(e, sizeof *e);
}

static const struct file_kind epoll_file = {
    .ready = epoll_ready,
    .queue = epoll_queue,
    .end = epoll_end,
    .name = "eventpoll",
};

long call_epoll_create1(struct thread *t, const uint64_t *a)
{
    uint32_t flags = (uint32_t)a[0];
    if (flags & ~(uint32_t)LINUX_O_CLOEXEC) { return -LINUX_EINVAL; }
    struct file *file =
        file_make_with(&epoll_file, LINUX_O_RDWR, sizeof(struct epoll));
    return descriptor_put(t->process, file, 0, flags & LINUX_O_CLOEXEC);
}

/* ---- waiting ------------------------------------------------------------- */

/* Tells of what is ready; how many they are. */
static long collect(struct thread *t, struct epoll *e, uint64_t to, long most)
{
    long done = 0;
    struct watch *last = e->last_ready, *w = NULL;
    while (done < most && w != last && e->first_ready != NULL) {
        w = take_first(e);
        struct event event = { found(w), 0, w->data };
        if (event.events == 0) { continue; }
        if (user_write(t->space, to + (uint64_t)done * sizeof event, &event,
                       sizeof event) != 0) {
            put_first(w);
            return done > 0 ? done : -LINUX_EFAULT;
        }
        done++;
        if (w->events & ONCE) {
            w->events &= HOW;
        } else if (!(w->events & EDGE)) {
            list(w);
        }
    }
    return done;
}

/* `left` nanoseconds from now on. */
static long wait(struct thread *t, const uint64_t *a, uint64_t left)
{
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[0]);
    int32_t most = (int32_t)a[2];
    if (most <= 0 || most > INT32_MAX / (int32_t)sizeof(struct event)) {
        return -LINUX_EINVAL;
    }
    if (!user_is_range(a[1], (uint64_t)most * sizeof(struct event))) {
        return -LINUX_EFAULT;
    }
    if (file == NULL) { return -LINUX_EBADF; }
    if (file->kind != &epoll_file) { return -LINUX_EINVAL; }
    struct epoll *e = file->own;
    long result = collect(t, e, a[1], most);
    if (result != 0 || left == 0 || t->is_timed_out) { return result; }
    if (!t->is_again && left != TIME_FOR_EVER) {
        timer_set(t, time_now() + left);
    }
    result = wait_on(t, &e->to_read);
    return result == CALL_WAITS ? result : -LINUX_EINTR;
}

/* With the signals of a mask that is the call's own; address 0: none. */
static long wait_masked(struct thread *t, const uint64_t *a, uint64_t left)
{
    bool begins = !t->is_again && a[4] != 0;
    long result = begins ? delivery_block_for_call(t, a[4], a[5]) : 0;
    if (result != 0) { return result; }
    result = wait(t, a, left);
    if (result == CALL_WAITS) { return result; }
    timer_forget(t);
    if (result == -LINUX_EINTR) {
        t->attention = 1;
    } else {
        delivery_unblock_after_call(t);
    }
    return result;
}

long call_epoll_pwait(struct thread *t, const uint64_t *a)
{
    int32_t milliseconds = (int32_t)a[3];
    return wait_masked(t, a,
                       milliseconds < 0 ? TIME_FOR_EVER
                                        : (uint64_t)milliseconds * 1000000);
}

long call_epoll_pwait2(struct thread *t, const uint64_t *a)
{
    uint64_t left = TIME_FOR_EVER;
    long result = t->is_again ? 0 : time_read_wait(t, a[3], &left);
    return result != 0 ? result : wait_masked(t, a, left);
}
