#include <terminals/pair.h>

#include <files/descriptors.h>
#include <memory/user.h>
#include <processes/process.h>
#include <processes/signals.h>
#include <stdio.h>
#include <string.h>
#include <terminals/controls.h>

#define PART 512

enum request {
    TIOCPKT = 0x5420,
    TIOCSIG = 0x40045436,
    TIOCGPTN = 0x80045430,
    TIOCSPTLCK = 0x40045431,
    TIOCGPTLCK = 0x80045439,
    TIOCGPTPEER = 0x5441,
};

/* The master's side; its terminal's `own`. */
struct pair {
    struct terminal *slave; /* null: the pair is free */
    bool is_locked, was_open;
    bool has_packets; /* a 0 stands before what the master reads */
    struct queue to_read, to_write;
};

static struct pair pairs[PAIRS];

static struct pair *pair_of(const struct file *file) { return file->own; }

/* ---- the name in /dev/pts ------------------------------------------------ */

static struct node *folder(void)
{
    const struct name *dev = name_find(tree_root, "dev", 3);
    const struct name *pts =
        dev == NULL ? NULL : name_find(dev->node, "pts", 3);
    return pts == NULL ? NULL : pts->node;
}

static bool add_name(const struct pair *pair)
{
    char text[12];
    struct node *pts = folder();
    struct node *node = node_make(LINUX_S_CHARACTER | 0620);
    if (node == NULL) { return false; }
    node->special = TERMINAL_SLAVES | pair->slave->number;
    int length = snprintf(text, sizeof text, "%u", pair->slave->number);
    bool is_made = pts != NULL && name_make(pts, text, (size_t)length, node);
    node_drop(node);
    return is_made;
}

static void remove_name(const struct pair *pair)
{
    char text[12];
    struct node *pts = folder();
    int length = snprintf(text, sizeof text, "%u", pair->slave->number);
    struct name *name =
        pts == NULL ? NULL : name_find(pts, text, (size_t)length);
    if (name != NULL) { name_remove(name); }
}

/* ---- the master ---------------------------------------------------------- */

static void changed(struct terminal *slave)
{
    struct pair *pair = slave->own;
    if (pair == NULL) { return; }
    pair->was_open = pair->was_open || slave->files > 0;
    queue_wake(&pair->to_read);
    queue_wake(&pair->to_write);
}

/* The last program has closed it. */
static bool is_left(const struct pair *pair)
{
    return pair->was_open && pair->slave->files == 0;
}

static long master_read(struct file *file, struct transfer *to,
                        uint64_t *position)
{
    const struct pair *pair = pair_of(file);
    struct discipline *d = &pair->slave->discipline;
    const char *from;
    size_t bytes;
    long done = 0;
    (void)position;
    if (pair->has_packets && to->bytes > 0 && discipline_out(d, &from) > 0) {
        if (transfer_clear(to, 1) != 0) { return -LINUX_EFAULT; }
        done = 1;
    }
    while (to->bytes > 0 && (bytes = discipline_out(d, &from)) > 0) {
        if (bytes > to->bytes) { bytes = to->bytes; }
        if (transfer_put(to, from, bytes) != 0) {
            return done > 0 ? done : -LINUX_EFAULT;
        }
        discipline_sent(d, bytes);
        done += (long)bytes;
    }
    if (done > 0) { terminal_has_room(pair->slave); }
    if (done > 0 || to->bytes == 0) { return done; }
    return is_left(pair) ? -LINUX_EIO : -LINUX_EAGAIN;
}

static long master_write(struct file *file, struct transfer *from,
                         uint64_t *position)
{
    static char part[PART];
    struct pair *pair = pair_of(file);
    long done = 0;
    (void)position;
    while (from->bytes > 0) {
        size_t bytes = from->bytes < PART ? from->bytes : PART;
        if (transfer_get(from, part, bytes) != 0) {
            return done > 0 ? done : -LINUX_EFAULT;
        }
        size_t taken = terminal_type(pair->slave, part, bytes);
        done += (long)taken;
        if (taken < bytes) {
            from->address -= bytes - taken;
            from->bytes += bytes - taken;
            return done > 0 ? done : -LINUX_EAGAIN;
        }
    }
    return done;
}

static unsigned master_ready(struct file *file)
{
    const struct pair *pair = pair_of(file);
    const char *from;
    unsigned bits = LINUX_POLLOUT;
    if (discipline_out(&pair->slave->discipline, &from) > 0) {
        bits |= LINUX_POLLIN;
    }
    return is_left(pair) ? bits | LINUX_POLLHUP : bits;
}

static struct queue *master_queue(struct file *file, unsigned bits)
{
    struct pair *pair = pair_of(file);
    return bits & LINUX_POLLIN ? &pair->to_read : &pair->to_write;
}

static void master_end(struct file *file)
{
    struct pair *pair = pair_of(file);
    struct terminal *slave = pair->slave;
    remove_name(pair);
    slave->own = NULL;
    pair->slave = NULL;
    queue_end(&pair->to_read);
    queue_end(&pair->to_write);
    terminal_hang_up(slave);
    terminal_drop(slave);
}

static long open_slave(struct pair *pair, struct thread *t, uint64_t flags)
{
    char text[12];
    struct file *file;
    struct node *pts = folder();
    int length = snprintf(text, sizeof text, "%u", pair->slave->number);
    const struct name *name =
        pts == NULL ? NULL : name_find(pts, text, (size_t)length);
    if (pair->is_locked || name == NULL) { return -LINUX_EIO; }
    long result = terminal_open(
        t, pair->slave,
        (uint32_t)flags & (LINUX_O_ACCESS | LINUX_O_NOCTTY | LINUX_O_NONBLOCK),
        name->node, &file);
    if (result != 0) { return result; }
    changed(pair->slave);
    return descriptor_put(t->process, file, 0, flags & LINUX_O_CLOEXEC);
}

static long master_control(struct file *file, struct thread *t,
                           uint64_t request, uint64_t argument)
{
    struct pair *pair = pair_of(file);
    int32_t number = 0;
    switch ((uint32_t)request) {
    case TIOCGPTN:
        number = (int32_t)pair->slave->number;
        return user_write(t->space, argument, &number, sizeof number);
    case TIOCGPTLCK:
        number = pair->is_locked;
        return user_write(t->space, argument, &number, sizeof number);
    case TIOCSPTLCK:
        if (user_read(t->space, &number, argument, sizeof number) != 0) {
            return -LINUX_EFAULT;
        }
        pair->is_locked = number != 0;
        return 0;
    case TIOCPKT:
        if (user_read(t->space, &number, argument, sizeof number) != 0) {
            return -LINUX_EFAULT;
        }
        pair->has_packets = number != 0;
        return 0;
    case TIOCGPTPEER: return open_slave(pair, t, argument);
    case TIOCSIG:
        if (argument - 1 >= LINUX_SIGNALS) { return -LINUX_EINVAL; }
        if (pair->slave->foreground != 0) {
            signal_group(pair->slave->foreground, (int)argument);
        }
        return 0;
    default: return controls_of_both(pair->slave, t, request, argument);
    }
}

static const struct file_kind master_file = {
    .read = master_read,
    .write = master_write,
    .control = master_control,
    .ready = master_ready,
    .queue = master_queue,
    .end = master_end,
};

/* ---- opening ------------------------------------------------------------- */

struct terminal *pair_slave(uint32_t number)
{
    return number < PAIRS && !pairs[number].is_locked ? pairs[number].slave
                                                      : NULL;
}

static void pair_end(struct pair *pair)
{
    terminal_drop(pair->slave);
    pair->slave = NULL;
}

long pair_open(struct thread *t, struct node *node, uint32_t flags,
               struct file **ret_file)
{
    struct pair *pair = pairs;
    (void)t;
    while (pair < pairs + PAIRS && pair->slave != NULL) { pair++; }
    if (pair == pairs + PAIRS) { return -LINUX_ENOSPC; }
    struct terminal *slave = terminal_make(changed);
    if (slave == NULL) { return -LINUX_ENOMEM; }
    pair->slave = slave;
    pair->is_locked = true;
    pair->was_open = pair->has_packets = false;
    slave->own = pair;
    slave->number = (uint32_t)(pair - pairs);
    struct file *file =
        add_name(pair) ? file_make(&master_file, flags, node) : NULL;
    if (file == NULL) {
        remove_name(pair);
        pair_end(pair);
        return -LINUX_ENOMEM;
    }
    file->own = pair;
    *ret_file = file;
    return 0;
}
