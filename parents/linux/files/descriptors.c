#include <files/descriptors.h>

#include <files/locks.h>
#include <memory/bits.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/process.h>
#include <string.h>

#define BLOCK_BYTES (DESCRIPTORS_BLOCK * sizeof(struct file *))

static void set_closed(struct descriptors *d, uint64_t number, bool is_closed)
{
    uint64_t bit = UINT64_C(1) << number % 64;
    uint64_t *word = &d->closed_by_exec[number / 64];
    *word = is_closed ? *word | bit : *word & ~bit;
}

static bool put(struct descriptors *d, struct file *file, uint64_t number,
                bool is_closed)
{
    struct file ***block = &d->block[number / 64];
    if (*block == NULL) { *block = pool_take(BLOCK_BYTES); }
    if (*block == NULL) { return false; }
    (*block)[number % 64] = file;
    d->used[number / 64] |= UINT64_C(1) << number % 64;
    set_closed(d, number, is_closed);
    return true;
}

static uint64_t lowest_free(const struct descriptors *d, uint64_t from)
{
    uint64_t number = from;
    while (number < d->most) {
        uint64_t free = ~d->used[number / 64] >> number % 64;
        if (free != 0) { return number + bits_lowest(free); }
        number = (number / 64 + 1) * 64;
    }
    return d->most;
}

/* ---- whose they are ------------------------------------------------------ */

struct descriptors *descriptors_make(void)
{
    struct descriptors *d = pool_take(sizeof *d);
    if (d == NULL) { return NULL; }
    d->users = 1;
    d->most = d->hard = DESCRIPTORS;
    return d;
}

static struct descriptors *copy_of(const struct descriptors *from)
{
    struct descriptors *d = descriptors_make();
    if (d == NULL) { return NULL; }
    d->most = from->most;
    d->hard = from->hard;
    for (unsigned i = 0; i < DESCRIPTORS_BLOCKS; i++) {
        for (uint64_t set = from->used[i]; set != 0; set &= set - 1) {
            uint64_t number = i * 64 + bits_lowest(set);
            struct file *file = descriptor_file(from, number);
            if (!put(d, file, number,
                     from->closed_by_exec[i] >> number % 64 & 1)) {
                descriptors_drop(d);
                return NULL;
            }
            file_use(file);
        }
    }
    return d;
}

/* One that nobody else has.  Null: no frame is left for it. */
static struct descriptors *apart(struct process *p)
{
    struct descriptors *d = p->descriptors;
    if (d->users == 1) { return d; }
    struct descriptors *copy = copy_of(d);
    if (copy == NULL) { return NULL; }
    d->users--;
    p->descriptors = copy;
    return copy;
}

/* The table, to be changed.  Null: no frame is left for one of its own. */
static struct descriptors *own(struct process *p)
{
    return p->descriptors->is_shared ? p->descriptors : apart(p);
}

struct descriptors *descriptors_use(struct process *p, bool is_shared)
{
    if (is_shared) {
        struct descriptors *d = own(p);
        if (d == NULL) { return NULL; }
        d->is_shared = true;
    } else if (p->descriptors->is_shared) {
        return copy_of(p->descriptors);
    }
    p->descriptors->users++;
    return p->descriptors;
}

/* ---- changes ------------------------------------------------------------- */

bool descriptors_are_left(const struct process *p)
{
    return lowest_free(p->descriptors, 0) < p->descriptors->most;
}

long descriptor_put(struct process *p, struct file *file, uint64_t from,
                    bool is_closed_by_exec)
{
    struct descriptors *d = file == NULL ? NULL : own(p);
    uint64_t number = d == NULL ? 0 : lowest_free(d, from);
    bool is_free = d != NULL && number < d->most;
    if (is_free && put(d, file, number, is_closed_by_exec)) {
        return (long)number;
    }
    if (file != NULL) { file_drop(file); }
    return is_free || d == NULL ? -LINUX_ENOMEM : -LINUX_EMFILE;
}

long descriptor_put_at(struct process *p, struct file *file, uint64_t number,
                       bool is_closed_by_exec)
{
    struct descriptors *d = own(p);
    struct file *before = d == NULL ? NULL : descriptor_file(d, number);
    if (d == NULL || number >= d->most ||
        !put(d, file, number, is_closed_by_exec)) {
        file_drop(file);
        return d == NULL || number < d->most ? -LINUX_ENOMEM : -LINUX_EBADF;
    }
    if (before != NULL) {
        if (p->locks != NULL) { locks_close(p, before); }
        file_drop(before);
    }
    return (long)number;
}

long descriptors_limit(struct process *p, uint64_t most, uint64_t hard)
{
    struct descriptors *d = own(p);
    if (d == NULL) { return -LINUX_ENOMEM; }
    d->most = (uint32_t)most;
    d->hard = (uint32_t)hard;
    return 0;
}

static void close_in(struct descriptors *d, uint64_t number)
{
    struct file *file = descriptor_file(d, number);
    d->used[number / 64] &= ~(UINT64_C(1) << number % 64);
    file_drop(file);
}

long descriptor_close(struct process *p, uint64_t number)
{
    if (descriptor_file(p->descriptors, number) == NULL) {
        return -LINUX_EBADF;
    }
    struct descriptors *d = own(p);
    if (d == NULL) { return -LINUX_ENOMEM; }
    if (p->locks != NULL) { locks_close(p, descriptor_file(d, number)); }
    close_in(d, number);
    return 0;
}

long descriptor_put_both(struct thread *t, struct file *a, struct file *b,
                         uint64_t address, bool is_closed)
{
    struct process *p = t->process;
    long first = descriptor_put(p, a, 0, is_closed);
    long second = first < 0 ? first : descriptor_put(p, b, 0, is_closed);
    int32_t both[2] = { (int32_t)first, (int32_t)second };
    if (first < 0) { file_drop(b); }
    long result =
        second < 0 ? second : user_write(t->space, address, both, sizeof both);
    if (result == 0) { return 0; }
    if (first >= 0) { (void)descriptor_close(p, (uint64_t)first); }
    if (second >= 0 && first >= 0) {
        (void)descriptor_close(p, (uint64_t)second);
    }
    return result;
}

bool descriptor_is_closed_by_exec(const struct descriptors *d, uint64_t number)
{
    return d->closed_by_exec[number / 64] >> number % 64 & 1;
}

long descriptor_set_closed_by_exec(struct process *p, uint64_t number, bool is)
{
    if (descriptor_is_closed_by_exec(p->descriptors, number) == is) {
        return 0;
    }
    struct descriptors *d = own(p);
    if (d == NULL) { return -LINUX_ENOMEM; }
    set_closed(d, number, is);
    return 0;
}

static void close_all(struct descriptors *d, unsigned block, uint64_t set)
{
    for (set &= d->used[block]; set != 0; set &= set - 1) {
        close_in(d, block * 64 + bits_lowest(set));
    }
}

void descriptors_drop(struct descriptors *d)
{
    if (--d->users > 0) { return; }
    for (unsigned i = 0; i < DESCRIPTORS_BLOCKS; i++) {
        close_all(d, i, UINT64_MAX);
        pool_return(d->block[i], BLOCK_BYTES);
    }
    pool_return(d, sizeof *d);
}

/* Without a frame for a table of its own, what is to be closed stays open. */
void descriptors_execute(struct process *p)
{
    uint64_t any = p->descriptors->is_shared;
    for (unsigned i = 0; i < DESCRIPTORS_BLOCKS; i++) {
        any |= p->descriptors->closed_by_exec[i] & p->descriptors->used[i];
    }
    struct descriptors *d = any == 0 ? NULL : apart(p);
    for (unsigned i = 0; d != NULL && i < DESCRIPTORS_BLOCKS; i++) {
        uint64_t set = p->locks == NULL ? 0 : d->closed_by_exec[i] & d->used[i];
        for (; set != 0; set &= set - 1) {
            locks_close(p, d->block[i][bits_lowest(set)]);
        }
        close_all(d, i, d->closed_by_exec[i]);
        d->closed_by_exec[i] = 0;
    }
}
