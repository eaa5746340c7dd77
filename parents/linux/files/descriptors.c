#include <files/descriptors.h>

#include <memory/pool.h>
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
        if (free != 0) { return number + (uint64_t)__builtin_ctzl(free); }
        number = (number / 64 + 1) * 64;
    }
    return d->most;
}

long descriptor_put(struct descriptors *d, struct file *file, uint64_t from,
                    bool is_closed_by_exec)
{
    uint64_t number = lowest_free(d, from);
    bool is_free = number < d->most;
    if (is_free && put(d, file, number, is_closed_by_exec)) {
        return (long)number;
    }
    file_drop(file);
    return is_free ? -LINUX_ENOMEM : -LINUX_EMFILE;
}

long descriptor_put_at(struct descriptors *d, struct file *file,
                       uint64_t number, bool is_closed_by_exec)
{
    struct file *before = descriptor_file(d, number);
    if (number >= d->most) {
        file_drop(file);
        return -LINUX_EBADF;
    }
    if (!put(d, file, number, is_closed_by_exec)) {
        file_drop(file);
        return -LINUX_ENOMEM;
    }
    if (before != NULL) { file_drop(before); }
    return (long)number;
}

long descriptor_close(struct descriptors *d, uint64_t number)
{
    struct file *file = descriptor_file(d, number);
    if (file == NULL) { return -LINUX_EBADF; }
    d->used[number / 64] &= ~(UINT64_C(1) << number % 64);
    file_drop(file);
    return 0;
}

struct descriptors *descriptors_copy(const struct descriptors *from)
{
    struct descriptors *d = pool_take(sizeof *d);
    if (d == NULL) { return NULL; }
    d->users = 1;
    d->most = from == NULL ? DESCRIPTORS : from->most;
    for (unsigned i = 0; from != NULL && i < DESCRIPTORS_BLOCKS; i++) {
        for (uint64_t set = from->used[i]; set != 0; set &= set - 1) {
            uint64_t number = i * 64 + (uint64_t)__builtin_ctzl(set);
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

static void close_of(struct descriptors *d, unsigned block, uint64_t set)
{
    for (set &= d->used[block]; set != 0; set &= set - 1) {
        (void)descriptor_close(d, block * 64 + (uint64_t)__builtin_ctzl(set));
    }
}

void descriptors_drop(struct descriptors *d)
{
    if (--d->users > 0) { return; }
    for (unsigned i = 0; i < DESCRIPTORS_BLOCKS; i++) {
        close_of(d, i, UINT64_MAX);
        pool_return(d->block[i], BLOCK_BYTES);
    }
    pool_return(d, sizeof *d);
}

void descriptors_execute(struct descriptors *d)
{
    for (unsigned i = 0; i < DESCRIPTORS_BLOCKS; i++) {
        close_of(d, i, d->closed_by_exec[i]);
        d->closed_by_exec[i] = 0;
    }
}
