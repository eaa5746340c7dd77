/* Calls that wait for several files: poll and select. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/delivery.h>
#include <processes/process.h>
#include <string.h>
#include <waiting/time.h>
#include <waiting/timer.h>

/* Beside the usual ones: the same for others' habits. */
enum { POLLRDNORM = 0x40, POLLWRNORM = 0x100, POLLRDHUP = 0x2000 };
#define ALWAYS_TOLD (LINUX_POLLERR | LINUX_POLLHUP | LINUX_POLLNVAL)

/* ---- waiting for several ------------------------------------------------- */

#define PLACES 80 /* in a record */

/* The queues that a thread is in; its `several`. */
struct several {
    struct several *next;
    unsigned used;
    struct {
        struct waiter waiter;
        struct queue *queue;
    } place[PLACES];
};
_Static_assert(sizeof(struct several) <= POOL_BYTES, "one record of the pool");

static void forget(struct thread *t)
{
    struct several *s = (struct several *)t->several;
    while (s != NULL) {
        struct several *next = s->next;
        for (unsigned i = 0; i < s->used; i++) {
            wait_take_out(s->place[i].queue, &s->place[i].waiter);
        }
        pool_return(s, sizeof *s);
        s = next;
    }
    t->several = NULL;
}

/* False: no frame is left. */
static bool add_queue(struct thread *t, struct queue *queue)
{
    struct several *s = (struct several *)t->several;
    if (s == NULL || s->used == PLACES) {
        struct several *more = pool_take(sizeof *more);
        if (more == NULL) { return false; }
        more->next = s;
        t->several = (struct waiter *)more;
        t->forget = forget;
        s = more;
    }
    s->place[s->used].queue = queue;
    wait_add(t, queue, &s->place[s->used++].waiter);
    return true;
}

static bool add_file(struct thread *t, struct file *file, unsigned bits)
{
    struct queue *to_read, *to_write;
    if (file->kind->queue == NULL) { return true; }
    to_read = file->kind->queue(file, LINUX_POLLIN);
    to_write = file->kind->queue(file, LINUX_POLLOUT);
    bool reads = bits & (LINUX_POLLIN | LINUX_POLLPRI) || bits == 0;
    return (!reads || add_queue(t, to_read)) &&
           (!(bits & LINUX_POLLOUT) || (reads && to_write == to_read) ||
            add_queue(t, to_write));
}

/* ---- times and masks ----------------------------------------------------- */

static void write_left(struct thread *t, uint64_t address)
{
    uint64_t now = time_now();
    uint64_t left = t->deadline > now ? t->deadline - now : 0;
    struct linux_time time = time_spec(left);
    if (address != 0 && t->deadline != 0) {
        (void)user_write(t->space, address, &time, sizeof time);
    }
}

static long set_mask(struct thread *t, uint64_t address, uint64_t bytes)
{
    return address == 0 ? 0 : delivery_block_for_call(t, address, bytes);
}

/* Nothing is ready: waits, unless the time is over.  0: it is. */
static long wait(struct thread *t, uint64_t left, uint64_t timeout)
{
    if (t->is_timed_out || left == 0) { return 0; }
    if (!t->is_again && left != TIME_FOR_EVER) {
        timer_set(t, time_now() + left);
    }
    long result = wait_once(t, NULL);
    if (result != CALL_WAITS) { write_left(t, timeout); }
    return result;
}

/* What the call has come to, but for waiting: the mask is as it was. */
static long end(struct thread *t, uint64_t timeout, long result)
{
    if (result == CALL_WAITS) { return result; }
    if (result != CALL_INTERRUPTED) {
        write_left(t, timeout);
        delivery_unblock_after_call(t);
    }
    if (t->forget != NULL) { wait_end(t); }
    return result;
}

/* ---- poll ---------------------------------------------------------------- */

struct wanted {
    int32_t file;
    uint16_t events, found;
};
static struct wanted wanted[DESCRIPTORS]; /* of the call that is run */

static uint16_t found(struct file *file, uint16_t events)
{
    unsigned bits = file_ready(file);
    if (bits & LINUX_POLLIN) { bits |= POLLRDNORM; }
    if (bits & LINUX_POLLOUT) { bits |= POLLWRNORM; }
    return (uint16_t)(bits & (events | ALWAYS_TOLD));
}

static long look(struct thread *t, uint64_t count)
{
    long any = 0;
    for (uint64_t i = 0; i < count; i++) {
        struct wanted *w = &wanted[i];
        struct file *file =
            w->file < 0
                ? NULL
                : descriptor_file(t->process->descriptors, (uint32_t)w->file);
        w->found = w->file < 0    ? 0
                   : file == NULL ? LINUX_POLLNVAL
                                  : found(file, w->events);
        any += w->found != 0;
    }
    return any;
}

static bool wait_for_all(struct thread *t, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        unsigned bits = wanted[i].events;
        if (wanted[i].file < 0) { continue; }
        if (bits & POLLRDNORM) { bits |= LINUX_POLLIN; }
        if (bits & POLLWRNORM) { bits |= LINUX_POLLOUT; }
        struct file *file =
            descriptor_file(t->process->descriptors, (uint32_t)wanted[i].file);
        if (!add_file(t, file, bits & ~(unsigned)POLLRDHUP)) { return false; }
    }
    return true;
}

static long poll(struct thread *t, const uint64_t *a, uint64_t left)
{
    uint64_t bytes = a[1] * sizeof wanted[0];
    if (user_read(t->space, wanted, a[0], bytes) != 0) { return -LINUX_EFAULT; }
    long result = look(t, a[1]);
    if (result == 0) {
        result = left == 0 || t->is_timed_out || wait_for_all(t, a[1])
                     ? wait(t, left, a[2])
                     : -LINUX_ENOMEM;
    }
    if (result < 0) { return result; }
    return user_write(t->space, a[0], wanted, bytes) != 0 ? -LINUX_EFAULT
                                                          : result;
}

long call_ppoll(struct thread *t, const uint64_t *of)
{
    uint64_t left = TIME_FOR_EVER;
    const uint64_t a[5] = { of[0], (uint32_t)of[1], of[2], of[3], of[4] };
    if (a[1] > DESCRIPTORS) { return -LINUX_EINVAL; }
    if (!t->is_again) {
        long result = time_read_wait(t, a[2], &left);
        if (result == 0) { result = set_mask(t, a[3], a[4]); }
        if (result != 0) { return result; }
    }
    return end(t, a[2], poll(t, a, left));
}

/* ---- select -------------------------------------------------------------- */

#define WORDS (DESCRIPTORS / 64)
enum set { TO_READ, TO_WRITE, EXCEPT, SETS };
static const unsigned set_bits[SETS] = {
    [TO_READ] = LINUX_POLLIN | LINUX_POLLHUP | LINUX_POLLERR,
    [TO_WRITE] = LINUX_POLLOUT | LINUX_POLLERR,
    [EXCEPT] = LINUX_POLLPRI,
};
static uint64_t sets[SETS][WORDS];

static bool is_in(unsigned set, uint64_t number)
{
    return sets[set][number / 64] >> number % 64 & 1;
}

/* Takes what is not ready out of the sets; how many are left, or an error.
 * `waits`: the queues of all are entered instead. */
static long look_at(struct thread *t, uint64_t number, bool waits)
{
    unsigned bits = 0, wants = 0;
    long any = 0;
    for (unsigned set = 0; set < SETS; set++) {
        if (is_in(set, number)) { wants |= set_bits[set]; }
    }
    if (wants == 0) { return 0; }
    struct file *file = descriptor_file(t->process->descriptors, number);
    if (file == NULL) { return -LINUX_EBADF; }
    if (waits) {
        wants &= LINUX_POLLIN | LINUX_POLLOUT | LINUX_POLLPRI;
        return add_file(t, file, wants) ? 0 : -LINUX_ENOMEM;
    }
    bits = file_ready(file);
    for (unsigned set = 0; set < SETS; set++) {
        if (is_in(set, number) && bits & set_bits[set]) { any++; }
        if (!(bits & set_bits[set])) {
            sets[set][number / 64] &= ~(UINT64_C(1) << number % 64);
        }
    }
    return any;
}

static long look_at_all(struct thread *t, uint64_t count, bool waits)
{
    long any = 0;
    for (uint64_t i = 0; i < count; i++) {
        long result = look_at(t, i, waits);
        if (result < 0) { return result; }
        any += result;
    }
    return any;
}

static long read_sets(struct thread *t, const uint64_t *a, uint64_t count,
                      uint64_t bytes)
{
    memset(sets, 0, sizeof sets);
    for (unsigned set = 0; set < SETS; set++) {
        if (a[1 + set] != 0 &&
            user_read(t->space, sets[set], a[1 + set], bytes) != 0) {
            return -LINUX_EFAULT;
        }
        if (count % 64 != 0) { /* what is behind them is not asked for */
            sets[set][count / 64] &= (UINT64_C(1) << count % 64) - 1;
        }
    }
    return 0;
}

static long write_sets(struct thread *t, const uint64_t *a, uint64_t bytes)
{
    for (unsigned set = 0; set < SETS; set++) {
        if (user_write_if(t->space, a[1 + set], sets[set], bytes) != 0) {
            return -LINUX_EFAULT;
        }
    }
    return 0;
}

static long select(struct thread *t, const uint64_t *a, uint64_t left)
{
    uint32_t said = (uint32_t)a[0];
    uint64_t count = said < DESCRIPTORS ? said : DESCRIPTORS;
    uint64_t bytes = (count + 63) / 64 * 8;
    long result = read_sets(t, a, count, bytes);
    if (result == 0) { result = look_at_all(t, count, false); }
    if (result == 0 && left != 0 && !t->is_timed_out) {
        (void)read_sets(t, a, count, bytes);
        result = look_at_all(t, count, true);
        memset(sets, 0, sizeof sets);
    }
    if (result == 0) { result = wait(t, left, a[4]); }
    if (result < 0) { return result; }
    return write_sets(t, a, bytes) != 0 ? -LINUX_EFAULT : result;
}

long call_pselect6(struct thread *t, const uint64_t *a)
{
    uint64_t mask[2] = { 0 }, left = TIME_FOR_EVER;
    if ((int32_t)a[0] < 0) { return -LINUX_EINVAL; }
    if (!t->is_again) {
        if (a[5] != 0 && user_read(t->space, mask, a[5], sizeof mask) != 0) {
            return -LINUX_EFAULT;
        }
        long result = time_read_wait(t, a[4], &left);
        if (result == 0) { result = set_mask(t, mask[0], mask[1]); }
        if (result != 0) { return result; }
    }
    return end(t, a[4], select(t, a, left));
}
