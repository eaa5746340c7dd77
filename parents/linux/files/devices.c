/* Character devices without a state: null, zero, full, random. */
#include <files/file.h>
#include <files/random.h>

#define MEMORY 1u /* major number */

static long read_nothing(struct file *file, struct transfer *to,
                         uint64_t *position)
{
    (void)file;
    (void)to;
    (void)position;
    return 0;
}

static long write_anything(struct file *file, struct transfer *from,
                           uint64_t *position)
{
    (void)file;
    (void)position;
    return (long)from->bytes;
}

/* Up to what cannot be written. */
static __attribute__((noinline)) long read_some_zeros(struct transfer *to)
{
    long done = 0;
    while (to->bytes > 0) {
        uint64_t part = transfer_part(to, KERNE_PAGE);
        if (transfer_clear(to, part) != 0) {
            return done > 0 ? done : -LINUX_EFAULT;
        }
        done += (long)part;
    }
    return done;
}

static long read_zeros(struct file *file, struct transfer *to,
                       uint64_t *position)
{
    uint64_t all = to->bytes;
    (void)file;
    (void)position;
    return transfer_clear(to, all) == 0 ? (long)all : read_some_zeros(to);
}

static long write_full(struct file *file, struct transfer *from,
                       uint64_t *position)
{
    (void)file;
    (void)from;
    (void)position;
    return -LINUX_ENOSPC;
}

static long read_random(struct file *file, struct transfer *to,
                        uint64_t *position)
{
    (void)file;
    (void)position;
    return random_fill(to);
}

static const struct file_kind null_device = { .read = read_nothing,
                                              .write = write_anything,
                                              .has_position = true };
static const struct file_kind zero_device = { .read = read_zeros,
                                              .write = write_anything,
                                              .has_position = true };
static const struct file_kind full_device = { .read = read_zeros,
                                              .write = write_full,
                                              .has_position = true };
static const struct file_kind random_device = { .read = read_random,
                                                .write = write_anything,
                                                .has_position = true };

const struct file_kind *device_kind(uint64_t special)
{
    switch (special) {
    case MEMORY << 8 | 3: return &null_device;
    case MEMORY << 8 | 5: return &zero_device;
    case MEMORY << 8 | 7: return &full_device;
    case MEMORY << 8 | 8:
    case MEMORY << 8 | 9: return &random_device;
    default: return NULL;
    }
}
