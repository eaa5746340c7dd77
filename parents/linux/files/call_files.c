/* Calls that read and write through descriptors. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <files/moving.h>
#include <files/path.h>
#include <files/pipe.h>
#include <memory/user.h>
#include <processes/process.h>
#include <processes/signals.h>

#define MOST UINT64_C(0x7ffff000) /* bytes in one call */
#define MEMORY_NAME_BYTES 250     /* with its end, of memfd_create */
#define FIONBIO 0x5421u           /* an ioctl that every file has */

long move_part(const struct move *m, struct transfer *transfer)
{
    if (!user_is_range(transfer->address, transfer->bytes)) {
        return -LINUX_EFAULT;
    }
    if (transfer->bytes > MOST) { transfer->bytes = MOST; }
    return m->is_read ? m->file->kind->read(m->file, transfer, m->position)
                      : m->file->kind->write(m->file, transfer, m->position);
}

/* What cannot be done now waits, unless the file says otherwise. */
long move_or_wait(struct thread *t, const struct move *m, long result)
{
    struct file *file = m->file;
    if (result == -LINUX_EPIPE) { signal_no_reader(t); }
    if (result != -LINUX_EAGAIN || file->flags & LINUX_O_NONBLOCK ||
        file->kind->queue == NULL) {
        return result;
    }
    return wait_on(
        t, file->kind->queue(file, m->is_read ? LINUX_POLLIN : LINUX_POLLOUT));
}

/* What a write has come to, with what was done before: the rest waits. */
long move_total(struct thread *t, const struct move *m, long result)
{
    bool has_reader = result != -LINUX_EPIPE || !file_is_pipe(m->file);
    if (t->progress == 0 || result == -LINUX_EAGAIN || !has_reader) {
        result = move_or_wait(t, m, result);
    }
    return result == CALL_WAITS || t->progress == 0 ? result
                                                    : (long)t->progress;
}

static long move_all(struct thread *t, const struct move *m,
                     struct transfer *transfer)
{
    transfer->address += t->progress;
    transfer->bytes -= t->progress;
    bool goes_on = !m->is_read && m->file->kind->queue != NULL &&
                   !(m->file->flags & LINUX_O_NONBLOCK);
    long result;
    while ((result = move_part(m, transfer)) > 0 && goes_on &&
           transfer->bytes > 0) {
        t->progress += (uint64_t)result;
    }
    return result > 0 ? (long)t->progress + result : move_total(t, m, result);
}

long move_file(struct thread *t, uint64_t number, struct move *ret_move)
{
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)number);
    bool is_read = ret_move->is_read;
    if (file == NULL ||
        !(is_read ? file_is_readable(file) : file_is_writable(file))) {
        return -LINUX_EBADF;
    }
    if ((is_read ? (void *)file->kind->read : (void *)file->kind->write) ==
        NULL) {
        return -LINUX_EINVAL;
    }
    ret_move->file = file;
    if (ret_move->position == NULL) { ret_move->position = &file->position; }
    return 0;
}

static long move_bytes(struct thread *t, const uint64_t *a, bool is_read)
{
    struct move m = { .is_read = is_read };
    struct transfer transfer = { t->space, a[1], a[2] };
    long result = move_file(t, a[0], &m);
    return result != 0 ? result : move_all(t, &m, &transfer);
}

/* What is mostly so is looked at first: the file is there, for that, and all is
 * moved at once. */
long call_read(struct thread *t, const uint64_t *a)
{
    struct file *file =
        descriptor_file(t->process->descriptors, (uint32_t)a[0]);
    if (file == NULL || file->flags & (LINUX_O_PATH | LINUX_O_WRONLY) ||
        file->kind->read == NULL || a[2] > MOST || !user_is_range(a[1], a[2])) {
        return move_bytes(t, a, true);
    }
    struct transfer transfer = { t->space, a[1], a[2] };
    long result = file->kind->read(file, &transfer, &file->position);
    if (result != -LINUX_EAGAIN) { return result; }
    return move_or_wait(t, &(struct move){ .file = file, .is_read = true },
                        result);
}

long call_write(struct thread *t, const uint64_t *a)
{
    struct file *file =
        descriptor_file(t->process->descriptors, (uint32_t)a[0]);
    if (t->is_again || file == NULL || file->flags & LINUX_O_PATH ||
        !file_is_writable(file) || file->kind->write == NULL || a[2] > MOST ||
        !user_is_range(a[1], a[2])) {
        return move_bytes(t, a, false);
    }
    struct transfer transfer = { t->space, a[1], a[2] };
    long result = file->kind->write(file, &transfer, &file->position);
    if (result == (long)a[2]) { return result; }
    if (result <= 0) {
        return move_or_wait(t, &(struct move){ .file = file }, result);
    }
    bool goes_on =
        file->kind->queue != NULL && !(file->flags & LINUX_O_NONBLOCK);
    if (!goes_on) { return result; }
    t->progress = (uint64_t)result;
    return move_bytes(t, a, false);
}

static long move_at(struct thread *t, const uint64_t *a, bool is_read)
{
    uint64_t position = a[3];
    struct move m = { .is_read = is_read, .position = &position };
    struct transfer transfer = { t->space, a[1], a[2] };
    const struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[0]);
    if ((int64_t)position < 0) { return -LINUX_EINVAL; }
    if (file == NULL) { return -LINUX_EBADF; }
    if (!file->kind->has_position) { return -LINUX_ESPIPE; }
    long result = move_file(t, a[0], &m);
    return result != 0 ? result : move_part(&m, &transfer);
}

long call_pread64(struct thread *t, const uint64_t *a)
{
    return move_at(t, a, true);
}

long call_pwrite64(struct thread *t, const uint64_t *a)
{
    return move_at(t, a, false);
}

/* A file without a name. */
long call_memfd_create(struct thread *t, const uint64_t *a)
{
    enum { CLOSE_BY_EXEC = 1, MAY_BE_SEALED = 2, NO_EXEC = 8, EXEC = 16 };
    const uint32_t known = CLOSE_BY_EXEC | MAY_BE_SEALED | NO_EXEC | EXEC;
    char name[MEMORY_NAME_BYTES];
    struct file *file = NULL;
    uint32_t flags = (uint32_t)a[1];
    bool both = flags & NO_EXEC && flags & EXEC;
    if (flags & ~known || both) { return -LINUX_EINVAL; }
    long length = user_text(t->space, name, a[0], sizeof name);
    if (length < 0) { return length == -LINUX_EFAULT ? length : -LINUX_EINVAL; }
    struct node *node =
        node_make(LINUX_S_FILE | (flags & NO_EXEC ? 0666 : 0777));
    if (node == NULL) { return -LINUX_ENOMEM; }
    long result = file_open(t, node, LINUX_O_RDWR, &file);
    node_drop(node);
    return result != 0
               ? result
               : descriptor_put(t->process, file, 0, flags & CLOSE_BY_EXEC);
}

/* What may be said of how it is going to be read changes nothing. */
long call_fadvise64(struct thread *t, const uint64_t *a)
{
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[0]);
    if (file == NULL) { return -LINUX_EBADF; }
    if (file_is_pipe(file)) { return -LINUX_ESPIPE; }
    return (int64_t)a[2] < 0 || (uint32_t)a[3] > 5 ? -LINUX_EINVAL : 0;
}

long call_lseek(struct thread *t, const uint64_t *a)
{
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[0]);
    if (file == NULL) { return -LINUX_EBADF; }
    if (!file->kind->has_position) { return -LINUX_ESPIPE; }
    const struct content *content =
        file->node == NULL ? NULL : node_content(file->node);
    int64_t size = content == NULL ? 0 : (int64_t)content->size;
    int64_t to = (int64_t)a[1], from;
    uint32_t whence = (uint32_t)a[2];
    switch (whence) {
    case 0: from = 0; break;
    case 1: from = (int64_t)file->position; break;
    case 2: from = size; break;
    case 3: /* data: all is data */
    case 4: /* a hole: the end */
        if (to < 0 || to >= size) { return -LINUX_ENXIO; }
        from = whence == 3 ? 0 : size - to;
        break;
    default: return -LINUX_EINVAL;
    }
    if (__builtin_add_overflow(from, to, &to) || to < 0) {
        return -LINUX_EINVAL;
    }
    file->position = (uint64_t)to;
    return to;
}

static long set_nonblock(struct thread *t, struct file *file, uint64_t address)
{
    int32_t is_on;
    if (user_read(t->space, &is_on, address, sizeof is_on) != 0) {
        return -LINUX_EFAULT;
    }
    file->flags &= ~(uint32_t)LINUX_O_NONBLOCK;
    if (is_on) { file->flags |= LINUX_O_NONBLOCK; }
    return 0;
}

long call_ioctl(struct thread *t, const uint64_t *a)
{
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[0]);
    if (file == NULL) { return -LINUX_EBADF; }
    if ((uint32_t)a[1] == FIONBIO) { return set_nonblock(t, file, a[2]); }
    if (file->kind->control == NULL) { return -LINUX_ENOTTY; }
    return file->kind->control(file, t, (uint32_t)a[1], a[2]);
}

long call_ftruncate(struct thread *t, const uint64_t *a)
{
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[0]);
    if (file == NULL) { return -LINUX_EBADF; }
    if (!file_is_writable(file) || file->kind != &stored_file ||
        (int64_t)a[1] < 0) {
        return -LINUX_EINVAL;
    }
    return node_resize(file->node, a[1]);
}

enum { KEEP_SIZE = 1, PUNCH_HOLE = 2 };

/* Behind the end nothing is kept. */
static long fill(struct node *node, uint64_t from, uint64_t to, bool is_longer)
{
    struct content *content = &node->content;
    uint64_t size = content->size;
    if (to > CONTENT_MOST) { return -LINUX_EFBIG; }
    if (!is_longer && to > size) { to = size; }
    if (!content_fill(content, from, to)) {
        content_resize(content, size); /* K1 */
        return -LINUX_ENOSPC;
    }
    if (to > size) { content_resize(content, to); }
    node_modified(node);
    return 0;
}

static long punch(struct node *node, uint64_t from, uint64_t to)
{
    if (!content_clear(&node->content, from, to)) { return -LINUX_ENOSPC; }
    node_modified(node);
    return 0;
}

long call_fallocate(struct thread *t, const uint64_t *a)
{
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[0]);
    uint32_t mode = (uint32_t)a[1];
    int64_t from = (int64_t)a[2], to;
    if (file == NULL) { return -LINUX_EBADF; }
    if (from < 0 || (int64_t)a[3] <= 0) { return -LINUX_EINVAL; }
    if (mode > (KEEP_SIZE | PUNCH_HOLE) || mode == PUNCH_HOLE) {
        return -LINUX_EOPNOTSUPP;
    }
    if (!file_is_writable(file)) { return -LINUX_EBADF; }
    if (file->kind != &stored_file) {
        return file_is_pipe(file) ? -LINUX_ESPIPE : -LINUX_ENODEV;
    }
    if (__builtin_add_overflow(from, (int64_t)a[3], &to)) {
        return -LINUX_EFBIG;
    }
    return mode & PUNCH_HOLE
               ? punch(file->node, a[2], (uint64_t)to)
               : fill(file->node, a[2], (uint64_t)to, !(mode & KEEP_SIZE));
}

long call_truncate(struct thread *t, const uint64_t *a)
{
    struct node *node;
    if ((int64_t)a[1] < 0) { return -LINUX_EINVAL; }
    long result =
        path_node(t, (uint64_t)LINUX_AT_FDCWD, a[0], PATH_FOLLOW, &node);
    if (result != 0) { return result; }
    result = node_is(node, LINUX_S_FOLDER) ? -LINUX_EISDIR
             : !node_is(node, LINUX_S_FILE) || node->kind != NULL
                 ? -LINUX_EINVAL
                 : node_resize(node, a[1]);
    node_drop(node);
    return result;
}
