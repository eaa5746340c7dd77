/* Calls that move bytes from one file to another: sendfile, splice,
 * copy_file_range. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <files/pipe.h>
#include <memory/user.h>
#include <processes/process.h>
#include <processes/signals.h>

/* Bytes in one call: nobody else's is run meanwhile; the caller may go on. */
#define MOST (UINT64_C(1) << 24)
#define PART 4096
enum { SPLICE_NONBLOCK = 2, SPLICE_FLAGS = 15 };

/* One of the two files, and where in it. */
struct side {
    struct file *file;
    uint64_t address, offset; /* of the program's offset; 0: it gives none */
    uint64_t *position;
};

/* ---- sides --------------------------------------------------------------- */

static long find(struct thread *t, uint64_t number, bool is_read,
                 struct side *ret)
{
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)number);
    if (file == NULL ||
        !(is_read ? file_is_readable(file) : file_is_writable(file))) {
        return -LINUX_EBADF;
    }
    bool can = is_read ? file->kind->read != NULL : file->kind->write != NULL;
    *ret = (struct side){ .file = file, .position = &file->position };
    return can ? 0 : -LINUX_EINVAL;
}

/* The program may say where, and is told then how far it came. */
static long read_offset(struct thread *t, uint64_t address, struct side *side)
{
    if (address == 0) { return 0; }
    if (!side->file->kind->has_position) { return -LINUX_ESPIPE; }
    if (user_read(t->space, &side->offset, address, sizeof side->offset) != 0) {
        return -LINUX_EFAULT;
    }
    if ((int64_t)side->offset < 0) { return -LINUX_EINVAL; }
    side->address = address;
    side->position = &side->offset;
    return 0;
}

static long tell_offset(struct thread *t, const struct side *side, long result)
{
    if (side->address == 0 || result < 0) { return result; }
    return user_write(t->space, side->address, &side->offset,
                      sizeof side->offset) != 0
               ? -LINUX_EFAULT
               : result;
}

static long wait_for(struct thread *t, struct side *side, unsigned bits)
{
    struct file *file = side->file;
    return file->flags & LINUX_O_NONBLOCK || file->kind->queue == NULL
               ? -LINUX_EAGAIN
               : wait_on(t, file->kind->queue(file, bits));
}

/* ---- bytes --------------------------------------------------------------- */

/* A part was taken off neither, or off both: what the one side has no room for
 * stays in the other, which is a pipe, or has a position, or may only be asked
 * for as much as there is room. */
static long move_part(struct side *from, struct side *to, uint64_t bytes)
{
    static char part[PART];
    struct transfer out = { NULL, (uint64_t)part, 0 };
    struct transfer in = { NULL, (uint64_t)part, bytes < PART ? bytes : PART };
    bool is_pipe = file_is_pipe(from->file);
    uint64_t before = *from->position, there = 0;
    if (is_pipe) {
        out.address = (uint64_t)pipe_bytes(from->file, &there);
        out.bytes = there < bytes ? there : bytes;
    }
    if (file_is_pipe(to->file) && pipe_room(to->file) < in.bytes) {
        in.bytes = pipe_room(to->file);
        if (in.bytes == 0) {
            bool is_broken = file_ready(to->file) & LINUX_POLLERR;
            return is_broken ? -LINUX_EPIPE : -LINUX_EAGAIN;
        }
    }
    if (out.bytes == 0) { /* of an empty pipe: its end, or nothing yet */
        long got = from->file->kind->read(from->file, &in, from->position);
        if (got <= 0) { return got; }
        out.bytes = (uint64_t)got;
    }
    uint64_t all = out.bytes;
    long put = to->file->kind->write(to->file, &out, to->position);
    uint64_t taken = put > 0 ? (uint64_t)put : 0;
    if (is_pipe && taken > 0) { pipe_pass(from->file, taken); }
    if (!is_pipe && taken < all && from->file->kind->has_position) {
        *from->position = before + taken;
    }
    return put;
}

static long move_all(struct thread *t, struct side *from, struct side *to,
                     uint64_t left, bool waits)
{
    long done = 0, part = 0;
    if (left > MOST) { left = MOST; }
    while (left > 0 && (part = move_part(from, to, left)) > 0) {
        done += part;
        left -= (uint64_t)part;
    }
    if (part == -LINUX_EPIPE) { signal_no_reader(t); }
    if (done > 0) { return done; }
    if (part != -LINUX_EAGAIN || !waits) { return part; }
    return file_ready(to->file) & LINUX_POLLOUT
               ? wait_for(t, from, LINUX_POLLIN)
               : wait_for(t, to, LINUX_POLLOUT);
}

/* ---- calls --------------------------------------------------------------- */

long call_sendfile(struct thread *t, const uint64_t *a)
{
    struct side to, from;
    long result = find(t, a[0], false, &to);
    if (result == 0) { result = find(t, a[1], true, &from); }
    if (result == 0) { result = read_offset(t, a[2], &from); }
    if (result != 0) { return result; }
    if (!from.file->kind->has_position || from.file->kind == &folder_file ||
        (int64_t)a[3] < 0) {
        return -LINUX_EINVAL;
    }
    result = move_all(t, &from, &to, a[3], true);
    return tell_offset(t, &from, result);
}

/* To or from a pipe. */
long call_splice(struct thread *t, const uint64_t *a)
{
    struct side to, from;
    if ((uint32_t)a[5] & ~(uint32_t)SPLICE_FLAGS) { return -LINUX_EINVAL; }
    if ((int64_t)a[4] < 0) { return -LINUX_EINVAL; }
    if (a[4] == 0) { return 0; }
    long result = find(t, a[0], true, &from);
    if (result == 0) { result = find(t, a[2], false, &to); }
    if (result == 0) { result = read_offset(t, a[1], &from); }
    if (result == 0) { result = read_offset(t, a[3], &to); }
    if (result != 0) { return result; }
    bool is_to = file_is_pipe(to.file), is_from = file_is_pipe(from.file);
    if ((!is_to && !is_from) ||
        (is_to && is_from && from.file->own == to.file->own) ||
        to.file->flags & LINUX_O_APPEND) {
        return -LINUX_EINVAL;
    }
    result = move_all(t, &from, &to, a[4], !(a[5] & SPLICE_NONBLOCK));
    result = tell_offset(t, &from, result);
    return tell_offset(t, &to, result);
}

static bool overlap(uint64_t a, uint64_t b, uint64_t bytes)
{
    return a < b ? b - a < bytes : a - b < bytes;
}

long call_copy_file_range(struct thread *t, const uint64_t *a)
{
    struct side to, from;
    long result = find(t, a[0], true, &from);
    if (result == 0) { result = find(t, a[2], false, &to); }
    if (result != 0) { return result; }
    if (to.file->flags & LINUX_O_APPEND) { return -LINUX_EBADF; }
    if (from.file->node != NULL && node_is(from.file->node, LINUX_S_FOLDER)) {
        return -LINUX_EISDIR;
    }
    if (from.file->kind != &stored_file || to.file->kind != &stored_file ||
        (uint32_t)a[5] != 0) {
        return -LINUX_EINVAL;
    }
    result = read_offset(t, a[1], &from);
    if (result == 0) { result = read_offset(t, a[3], &to); }
    if (result == -LINUX_EINVAL || *from.position + a[4] < a[4] ||
        *to.position + a[4] < a[4]) {
        return -LINUX_EOVERFLOW;
    }
    if (result != 0) { return result; }
    uint64_t size = from.file->node->content.size;
    uint64_t there = size > *from.position ? size - *from.position : 0;
    uint64_t bytes = a[4] < there ? a[4] : there;
    if (from.file->node == to.file->node &&
        overlap(*from.position, *to.position, bytes)) {
        return -LINUX_EINVAL;
    }
    result = move_all(t, &from, &to, bytes, false);
    result = tell_offset(t, &from, result);
    return tell_offset(t, &to, result);
}
