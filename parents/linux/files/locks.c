#include <files/locks.h>

#include <calls/table.h>
#include <files/descriptors.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/process.h>

enum { GETLK = 5, SETLK, SETLKW, OFD_GETLK = 36, OFD_SETLK, OFD_SETLKW };
enum { READS, WRITES, NONE };                                /* types */
enum { LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4, LOCK_UN = 8 }; /* flock */
enum { LOCK_MAND = 32 };
#define END INT64_MAX /* of the longest file */
#define STEPS 10      /* from one waiting process to the next, at most */
#define FCNTL 25      /* its number */

struct lock {
    struct lock **owner; /* the list of whose it is */
    struct node *node;   /* with a use */
    bool is_whole;       /* by flock, which meets only its like */
    int type;
    int64_t first, last;
    struct process *process; /* null: it is a file's */
    struct lock *next_of_node, *next_of_owner;
    struct queue freed; /* who waits for it */
};

/* As programs say it. */
struct flock {
    int16_t type, whence;
    int64_t start, length;
    int32_t process;
};
_Static_assert(sizeof(struct flock) == 32, "size of struct flock");

/* ---- records ------------------------------------------------------------- */

static void free_lock(struct lock *lock)
{
    struct lock **place = &lock->node->locks;
    while (*place != lock) { place = &(*place)->next_of_node; }
    *place = lock->next_of_node;
    place = lock->owner;
    while (*place != lock) { place = &(*place)->next_of_owner; }
    *place = lock->next_of_owner;
    queue_end(&lock->freed);
    node_drop(lock->node);
    pool_return(lock, sizeof *lock);
}

/* Makes `record` a lock like this one. */
static void keep(struct lock *record, const struct lock *like)
{
    *record = *like;
    record->freed.first = NULL;
    node_use(record->node);
    record->next_of_node = record->node->locks;
    record->node->locks = record;
    record->next_of_owner = *record->owner;
    *record->owner = record;
}

void locks_end(struct lock **locks)
{
    while (*locks != NULL) { free_lock(*locks); }
}

void locks_close(struct process *p, const struct file *file)
{
    struct lock *lock = file->node == NULL ? NULL : file->node->locks;
    while (lock != NULL) {
        struct lock *next = lock->next_of_node;
        if (lock->process == p) { free_lock(lock); }
        lock = next;
    }
}

/* ---- what is in the way -------------------------------------------------- */

static bool overlaps(const struct lock *a, const struct lock *b)
{
    return a->first <= b->last && b->first <= a->last;
}

/* Another owner's lock that this one cannot be beside; null: none. */
static struct lock *in_the_way(const struct lock *of)
{
    struct lock *lock = of->node->locks;
    while (lock != NULL &&
           (lock->owner == of->owner || lock->is_whole != of->is_whole ||
            !overlaps(lock, of) ||
            (lock->type == READS && of->type == READS))) {
        lock = lock->next_of_node;
    }
    return lock;
}

/* For which lock a process waits; null: for none. */
static const struct lock *waited_for(const struct process *p)
{
    for (const struct thread *t = p->threads; t != NULL; t = t->next) {
        if (t->is_waiting && t->queue != NULL && !t->waits_for_page &&
            t->call.number == FCNTL) {
            return (const struct lock *)((const char *)t->queue -
                                         offsetof(struct lock, freed));
        }
    }
    return NULL;
}

/* Would p wait for itself, if it waited for this one? */
static bool is_circle(const struct process *p, const struct lock *lock)
{
    for (unsigned i = 0; i < STEPS && lock != NULL; i++) {
        if (lock->process == NULL) { return false; }
        if (lock->process == p) { return true; }
        lock = waited_for(lock->process);
    }
    return false;
}

/* 0: nothing is in the way. */
static long find_way(struct thread *t, const struct lock *of, bool may_wait)
{
    struct lock *lock = of->type == NONE ? NULL : in_the_way(of);
    if (lock == NULL) { return 0; }
    if (!may_wait) { return -LINUX_EAGAIN; }
    if (of->process != NULL && is_circle(of->process, lock)) {
        return -LINUX_EDEADLK;
    }
    return wait_on(t, &lock->freed);
}

/* ---- bytes --------------------------------------------------------------- */

/* What of an owner's lock lies in the range is taken out of it; `spare` becomes
 * the part behind the range, if there is one before it too.  True: it did. */
static bool cut(struct lock *lock, const struct lock *range, struct lock *spare)
{
    bool is_before = lock->first < range->first;
    bool is_behind = lock->last > range->last;
    if (!is_before && !is_behind) {
        free_lock(lock);
        return false;
    }
    if (is_before && is_behind) {
        struct lock behind = *lock;
        behind.first = range->last + 1;
        keep(spare, &behind);
    }
    if (is_before) {
        lock->last = range->first - 1;
    } else {
        lock->first = range->last + 1;
    }
    queue_end(&lock->freed);
    return is_before && is_behind;
}

/* One of the same type that touches the new one becomes a part of it. */
static bool joins(const struct lock *lock, struct lock *new)
{
    if (lock->type != new->type ||
        (lock->last < new->first && lock->last + 1 != new->first) ||
        (new->last < lock->first &&new->last + 1 != lock->first)) {
        return false;
    }
    if (lock->first < new->first) { new->first = lock->first; }
    if (lock->last > new->last) { new->last = lock->last; }
    return true;
}

/* Sets the bytes to the new one's type: nothing is in its way. */
static long set_bytes(struct lock *new)
{
    struct lock *spare = pool_take(sizeof *spare);
    struct lock *record = pool_take(sizeof *record);
    if (spare == NULL || record == NULL) {
        pool_return(spare, sizeof *spare);
        pool_return(record, sizeof *record);
        return -LINUX_ENOLCK;
    }
    struct lock *lock = new->node->locks;
    while (lock != NULL) {
        struct lock *next = lock->next_of_node;
        if (lock->owner != new->owner || lock->is_whole) {
            /* another's */
        } else if (joins(lock, new)) {
            free_lock(lock);
        } else if (overlaps(lock, new) && cut(lock, new, spare)) {
            spare = NULL;
        }
        lock = next;
    }
    if (new->type != NONE) {
        keep(record, new);
        record = NULL;
    }
    pool_return(spare, sizeof(struct lock));
    pool_return(record, sizeof(struct lock));
    return 0;
}

static long range_of(const struct file *file, const struct flock *said,
                     struct lock *ret_lock)
{
    const struct content *content = node_content(file->node);
    int64_t from = said->whence == 1 ? (int64_t)file->position
                   : said->whence == 2 && content != NULL
                       ? (int64_t)content->size
                       : 0;
    int64_t last = END;
    if (said->whence < 0 || said->whence > 2) { return -LINUX_EINVAL; }
    if (__builtin_add_overflow(from, said->start, &from)) {
        return -LINUX_EOVERFLOW;
    }
    if (from < 0) { return -LINUX_EINVAL; }
    if (said->length > 0 &&
        __builtin_add_overflow(from, said->length - 1, &last)) {
        return -LINUX_EOVERFLOW;
    }
    if (said->length < 0) {
        last = from - 1;
        if (__builtin_add_overflow(from, said->length, &from) || from < 0) {
            return -LINUX_EINVAL;
        }
    }
    ret_lock->first = from;
    ret_lock->last = last;
    return 0;
}

/* Tells of what is in the way, or that nothing is. */
static long tell(struct thread *t, const struct lock *of, struct flock *said,
                 uint64_t address)
{
    const struct lock *lock = in_the_way(of);
    said->type = NONE;
    if (lock != NULL) {
        *said = (struct flock){
            .type = (int16_t)lock->type,
            .start = lock->first,
            .length = lock->last == END ? 0 : lock->last - lock->first + 1,
            .process = lock->process == NULL ? -1 : (int32_t)lock->process->id,
        };
    }
    return user_write(t->space, address, said, sizeof *said);
}

static long check_type(const struct file *file, int type, bool is_told)
{
    if (type < READS || type > NONE || (is_told && type == NONE)) {
        return -LINUX_EINVAL;
    }
    if (is_told) { return 0; }
    return (type == READS && !file_is_readable(file)) ||
                   (type == WRITES && !file_is_writable(file))
               ? -LINUX_EBADF
               : 0;
}

long locks_control(struct thread *t, struct file *file, uint64_t order,
                   uint64_t address)
{
    struct flock said;
    bool is_file = order >= OFD_GETLK && order <= OFD_SETLKW;
    if (!is_file && !(order >= GETLK && order <= SETLKW)) {
        return -LINUX_EINVAL;
    }
    bool is_told = order == GETLK || order == OFD_GETLK;
    if (user_read(t->space, &said, address, sizeof said) != 0) {
        return -LINUX_EFAULT;
    }
    if (file->node == NULL) { return -LINUX_ENOLCK; }
    struct lock lock = {
        .owner = is_file ? &file->locks : &t->process->locks,
        .node = file->node,
        .type = said.type,
        .process = is_file ? NULL : t->process,
    };
    long result = is_file && said.process != 0
                      ? -LINUX_EINVAL
                      : check_type(file, said.type, is_told);
    if (result == 0) { result = range_of(file, &said, &lock); }
    if (result != 0) { return result; }
    if (is_told) { return tell(t, &lock, &said, address); }
    result = find_way(t, &lock, order == SETLKW || order == OFD_SETLKW);
    return result != 0 ? result : set_bytes(&lock);
}

/* ---- whole files --------------------------------------------------------- */

static struct lock *whole_of(const struct file *file)
{
    struct lock *lock = file->locks;
    while (lock != NULL && !lock->is_whole) { lock = lock->next_of_owner; }
    return lock;
}

/* As on Linux, the one that is changed goes before the other is waited for. */
long call_flock(struct thread *t, const uint64_t *a)
{
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[0]);
    uint32_t order = (uint32_t)a[1] & ~(uint32_t)LOCK_NB;
    if (order & LOCK_MAND) { return 0; } /* no such locks since 5.15 */
    if (order != LOCK_SH && order != LOCK_EX && order != LOCK_UN) {
        return -LINUX_EINVAL;
    }
    if (file == NULL) { return -LINUX_EBADF; }
    if (file->node == NULL) { return -LINUX_ENOLCK; }
    struct lock *before = whole_of(file);
    struct lock lock = {
        .owner = &file->locks,
        .node = file->node,
        .is_whole = true,
        .type = order == LOCK_SH ? READS : WRITES,
        .last = END,
    };
    if (before != NULL && order != LOCK_UN && before->type == lock.type) {
        return 0;
    }
    if (before != NULL) { free_lock(before); }
    if (order == LOCK_UN) { return 0; }
    long result = find_way(t, &lock, !(a[1] & LOCK_NB));
    if (result != 0) { return result; }
    struct lock *record = pool_take(sizeof *record);
    if (record == NULL) { return -LINUX_ENOLCK; }
    keep(record, &lock);
    return 0;
}
