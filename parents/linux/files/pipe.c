#include <files/pipe.h>

#include <calls/table.h>
#include <files/descriptors.h>
#include <kerne.h>
#include <memory/frames.h>
#include <memory/pool.h>
#include <memory/user.h>
#include <processes/process.h>

#define FRAMES 16
#define PIPE_BYTES (FRAMES * (uint64_t)KERNE_PAGE)
#define PIPE_HAD_WRITERS UINT64_MAX /* of file.position */
#define ATOMIC_BYTES KERNE_PAGE     /* written in one piece, or not yet */

struct pipe {
    uint32_t users, readers, writers;
    uint64_t read_sides, write_sides; /* opened since the beginning */
    uint64_t read, written;           /* bytes, the same */
    uint64_t frame[FRAMES]; /* of byte n: n / page % FRAMES; 0: none */
    struct queue to_read, to_write;
    struct node *node; /* of a fifo; null: none */
    bool has_own_node; /* that is made for /proc, and used by the pipe */
};

static struct pipe *pipe_of(const struct file *file) { return file->own; }

/* ---- bytes --------------------------------------------------------------- */

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

static uint64_t *frame_of(struct pipe *p, uint64_t byte)
{
    return &p->frame[byte / KERNE_PAGE % FRAMES];
}

const char *pipe_bytes(struct file *file, uint64_t *ret_bytes)
{
    struct pipe *p = pipe_of(file);
    uint64_t within = p->read % KERNE_PAGE;
    *ret_bytes = least(KERNE_PAGE - within, p->written - p->read);
    return (const char *)*frame_of(p, p->read) + within;
}

uint64_t pipe_room(const struct file *file)
{
    const struct pipe *p = pipe_of(file);
    return PIPE_BYTES - (p->written - p->read);
}

/* The page that has been read is given back, but for the last one; and for one
 * that has the end of a full pipe in its beginning. */
static void pass_page(struct pipe *p)
{
    if (p->written - p->read > PIPE_BYTES - KERNE_PAGE) { return; }
    if (p->read == p->written) {
        uint64_t within = p->read % KERNE_PAGE;
        p->read -= within;
        p->written -= within;
        if (within != 0) { return; }
    }
    uint64_t *frame = frame_of(p, p->read - 1);
    frame_drop(*frame);
    *frame = 0;
}

void pipe_pass(struct file *file, uint64_t bytes)
{
    struct pipe *p = pipe_of(file);
    p->read += bytes;
    if (p->read % KERNE_PAGE == 0 || p->read == p->written) { pass_page(p); }
    queue_wake(&p->to_write);
}

static long pipe_read(struct file *file, struct transfer *to,
                      uint64_t *position)
{
    struct pipe *p = pipe_of(file);
    long done = 0;
    (void)position;
    if (p->read == p->written && to->bytes > 0) {
        return p->writers == 0 ? 0 : -LINUX_EAGAIN;
    }
    while (to->bytes > 0 && p->read < p->written) {
        uint64_t within = p->read % KERNE_PAGE;
        uint64_t part = least(KERNE_PAGE - within, p->written - p->read);
        part = transfer_part(to, part);
        if (transfer_put(to, (char *)*frame_of(p, p->read) + within, part) !=
            0) {
            return done > 0 ? done : -LINUX_EFAULT;
        }
        pipe_pass(file, part);
        done += (long)part;
    }
    return done;
}

/* Up to the end of a page; 0: there is no room. */
static long write_part(struct pipe *p, struct transfer *from)
{
    uint64_t room = PIPE_BYTES - (p->written - p->read);
    uint64_t within = p->written % KERNE_PAGE;
    uint64_t part = transfer_part(from, least(KERNE_PAGE - within, room));
    uint64_t *frame = frame_of(p, p->written);
    if (part == 0) { return 0; }
    if (*frame == 0) { *frame = frame_take(); }
    if (*frame == 0) { return -LINUX_ENOMEM; }
    if (transfer_get(from, (char *)*frame + within, part) != 0) {
        return -LINUX_EFAULT;
    }
    p->written += part;
    return (long)part;
}

static long pipe_write(struct file *file, struct transfer *from,
                       uint64_t *position)
{
    struct pipe *p = pipe_of(file);
    uint64_t room = PIPE_BYTES - (p->written - p->read);
    long done = 0, part = 1;
    (void)position;
    if (p->readers == 0) { return -LINUX_EPIPE; }
    if (from->bytes <= ATOMIC_BYTES && room < from->bytes) {
        return -LINUX_EAGAIN;
    }
    while (from->bytes > 0 && (part = write_part(p, from)) > 0) {
        done += part;
    }
    if (done > 0) { queue_wake(&p->to_read); }
    return done > 0 ? done : part == 0 ? -LINUX_EAGAIN : part < 0 ? part : 0;
}

/* ---- ready, and the end -------------------------------------------------- */

static unsigned pipe_ready(struct file *file)
{
    const struct pipe *p = pipe_of(file);
    unsigned bits = 0;
    if (file_is_readable(file)) {
        if (p->read < p->written) { bits |= LINUX_POLLIN; }
        if (p->writers == 0 && p->write_sides != file->position) {
            bits |= LINUX_POLLHUP;
        }
    }
    if (file_is_writable(file)) {
        if (p->written - p->read <= PIPE_BYTES - ATOMIC_BYTES) {
            bits |= LINUX_POLLOUT;
        }
        if (p->readers == 0) { bits |= LINUX_POLLERR; }
    }
    return bits;
}

static struct queue *pipe_queue(struct file *file, unsigned bits)
{
    struct pipe *p = pipe_of(file);
    return bits & LINUX_POLLIN && file_is_readable(file) ? &p->to_read
                                                         : &p->to_write;
}

static void pipe_drop(struct pipe *p)
{
    if (--p->users > 0) { return; }
    queue_end(&p->to_read);
    queue_end(&p->to_write);
    if (p->node != NULL) { p->node->channel = NULL; }
    if (p->has_own_node) { node_drop(p->node); }
    for (unsigned i = 0; i < FRAMES; i++) {
        if (p->frame[i] != 0) { frame_drop(p->frame[i]); }
    }
    pool_return(p, sizeof *p);
}

static void pipe_end(struct file *file)
{
    struct pipe *p = pipe_of(file);
    p->readers -= file_is_readable(file);
    p->writers -= file_is_writable(file);
    queue_wake(&p->to_read);
    queue_wake(&p->to_write);
    pipe_drop(p);
}

static const struct file_kind pipe_file = {
    .read = pipe_read,
    .write = pipe_write,
    .ready = pipe_ready,
    .queue = pipe_queue,
    .end = pipe_end,
    .name = "pipe",
};

bool file_is_pipe(const struct file *file) { return file->kind == &pipe_file; }

/* ---- making -------------------------------------------------------------- */

static struct file *open_side(struct pipe *p, uint32_t flags, struct node *node)
{
    struct file *file = file_make(&pipe_file, flags, node);
    if (file == NULL) { return NULL; }
    file->own = p;
    p->users++;
    p->readers += file_is_readable(file);
    p->writers += file_is_writable(file);
    p->read_sides += file_is_readable(file);
    p->write_sides += file_is_writable(file);
    /* Until the first writer comes, none has hung up. */
    file->position = p->writers > 0 ? PIPE_HAD_WRITERS : p->write_sides;
    queue_wake(&p->to_read);
    queue_wake(&p->to_write);
    return file;
}

static struct pipe *pipe_make(struct node *node)
{
    struct pipe *p = pool_take(sizeof *p);
    if (p != NULL) {
        p->users = 1;
        p->node = node;
    }
    return p;
}

struct node *pipe_node(struct file *file)
{
    struct pipe *p = file->own;
    if (file->kind != &pipe_file) { return NULL; }
    if (p->node == NULL) {
        p->node = node_make(LINUX_S_FIFO | 0600);
        if (p->node == NULL) { return NULL; }
        p->node->channel = p;
        p->node->number = (uint64_t)p / 64;
        p->has_own_node = true;
    }
    node_use(p->node);
    return p->node;
}

/* ---- fifos --------------------------------------------------------------- */

/* How many of the other side have been opened. */
static uint64_t others(const struct pipe *p, const struct file *file)
{
    return file_is_readable(file) ? p->write_sides : p->read_sides;
}

/* The side is open, for who comes to see; its thread waits for the other one,
 * which may have gone again when it looks. */
static long await_other(struct thread *t, uint64_t seen, struct file **ret_file)
{
    struct file *file = t->opening;
    struct pipe *p = pipe_of(file);
    if (others(p, file) != seen) {
        *ret_file = file;
        t->opening = NULL;
        return 0;
    }
    t->progress = seen;
    long result =
        wait_on(t, file_is_readable(file) ? &p->to_read : &p->to_write);
    if (result != CALL_WAITS) {
        t->opening = NULL;
        file_drop(file);
    }
    return result;
}

long fifo_open_again(struct thread *t, struct file **ret_file)
{
    return await_other(t, t->progress, ret_file);
}

/* Who opens for both waits for nobody, nor does a reader that may not; a writer
 * that may not is refused. */
static long open_fifo(struct thread *t, struct pipe *p, struct node *node,
                      uint32_t flags, struct file **ret_file)
{
    bool waits = !(flags & LINUX_O_NONBLOCK);
    uint32_t access = flags & LINUX_O_ACCESS;
    uint32_t there = access == LINUX_O_RDONLY ? p->writers : p->readers;
    bool is_alone = there == 0 && !p->has_own_node;
    if (access == LINUX_O_WRONLY && is_alone && !waits) { return -LINUX_ENXIO; }
    struct file *file = open_side(p, flags, node);
    if (file == NULL) { return -LINUX_ENOMEM; }
    if (access != LINUX_O_RDWR && is_alone && waits) {
        t->opening = file;
        return await_other(t, others(p, file), ret_file);
    }
    *ret_file = file;
    return 0;
}

long fifo_open(struct thread *t, struct node *node, uint32_t flags,
               struct file **ret_file)
{
    struct pipe *p = node->channel == NULL ? pipe_make(node) : node->channel;
    if (p == NULL) { return -LINUX_ENOMEM; }
    if (node->channel != NULL) { p->users++; }
    node->channel = p;
    long result = open_fifo(t, p, node, flags, ret_file);
    pipe_drop(p);
    return result;
}

long call_pipe2(struct thread *t, const uint64_t *a)
{
    uint32_t flags = (uint32_t)a[1] & LINUX_O_NONBLOCK;
    if ((uint32_t)a[1] & ~(uint32_t)(LINUX_O_NONBLOCK | LINUX_O_CLOEXEC)) {
        return -LINUX_EINVAL;
    }
    struct pipe *p = pipe_make(NULL);
    if (p == NULL) { return -LINUX_ENOMEM; }
    struct file *read = open_side(p, LINUX_O_RDONLY | flags, NULL);
    struct file *write = open_side(p, LINUX_O_WRONLY | flags, NULL);
    pipe_drop(p);
    if (read == NULL || write == NULL) {
        if (read != NULL) { file_drop(read); }
        if (write != NULL) { file_drop(write); }
        return -LINUX_ENOMEM;
    }
    return descriptor_put_both(t, read, write, a[0], a[1] & LINUX_O_CLOEXEC);
}
