/* Calls that read and write what lies in several places. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <files/moving.h>
#include <files/pipe.h>
#include <files/socket.h>
#include <memory/swap.h>
#include <memory/user.h>
#include <processes/process.h>
#include <waiting/timer.h>

#define VECTORS 1024
#define TOGETHER 65536    /* bytes that are moved at once */
#define LONGEST (1 << 24) /* bytes of a device without an end */

/* Those of the program's; they are checked before the first is moved. */
struct vectors {
    uint64_t address, count, bytes;
};

static long read_vector(struct thread *t, const struct vectors *v,
                        uint64_t number, struct linux_vector *ret)
{
    return user_read(t->space, ret, v->address + number * sizeof *ret,
                     sizeof *ret);
}

static long check_vectors(struct thread *t, struct vectors *v)
{
    struct linux_vector vector;
    if (v->count > VECTORS) { return -LINUX_EINVAL; }
    for (uint64_t i = 0; i < v->count; i++) {
        if (read_vector(t, v, i, &vector) != 0) { return -LINUX_EFAULT; }
        if ((int64_t)vector.bytes < 0) { return -LINUX_EINVAL; }
        if (!user_is_range(vector.address, vector.bytes)) {
            return -LINUX_EFAULT;
        }
        v->bytes += vector.bytes;
    }
    return 0;
}

static char together[TOGETHER];

/* Moves a part between `together` and what lies `from` behind the beginning;
 * how much, up to what may not be touched; or -LINUX_EFAULT. */
static long move_together(struct thread *t, const struct vectors *v,
                          uint64_t from, uint64_t most, bool is_read)
{
    struct linux_vector vector;
    uint64_t done = 0;
    for (uint64_t i = 0; i < v->count && done < most; i++) {
        if (read_vector(t, v, i, &vector) != 0) { return -LINUX_EFAULT; }
        if (from >= vector.bytes) {
            from -= vector.bytes;
            continue;
        }
        uint64_t part = vector.bytes - from, at = vector.address + from;
        if (part > most - done) { part = most - done; }
        if ((is_read ? user_write(t->space, at, together + done, part)
                     : user_read(t->space, together + done, at, part)) != 0) {
            return done > 0 && swap_wanted == NULL ? (long)done : -LINUX_EFAULT;
        }
        done += part;
        from = 0;
    }
    return (long)done;
}

static bool has_packets(const struct file *file)
{
    const struct socket *s = socket_of(file);
    return s != NULL && s->type != SOCKET_STREAM;
}

/* All is written as if it lay in one place: what is to arrive in one piece
 * does. */
static long write_together(struct thread *t, const struct move *m,
                           const struct vectors *v)
{
    bool is_packet = has_packets(m->file);
    long result;
    if (is_packet && v->bytes > TOGETHER) { return -LINUX_EMSGSIZE; }
    do {
        struct transfer from = { NULL, (uint64_t)together, 0 };
        result = move_together(t, v, t->progress, TOGETHER, false);
        if (is_packet && result >= 0 && (uint64_t)result < v->bytes) {
            result = -LINUX_EFAULT;
        }
        if (result >= 0) {
            from.bytes = (uint64_t)result;
            result = m->file->kind->write(m->file, &from, m->position);
        }
        if (result > 0) { t->progress += (uint64_t)result; }
    } while (result > 0 && t->progress < v->bytes);
    return move_total(t, m, result);
}

/* Of a packet, what has no room is lost; nothing of it is, if it cannot be
 * written where it is to go. */
static long read_packet(struct thread *t, const struct move *m,
                        const struct vectors *v)
{
    struct linux_vector vector;
    struct transfer to = { NULL, (uint64_t)together,
                           v->bytes < TOGETHER ? v->bytes : TOGETHER };
    for (uint64_t i = 0; i < v->count; i++) {
        if (read_vector(t, v, i, &vector) != 0 ||
            user_open(t->space, vector.address,
                      vector.bytes < TOGETHER ? vector.bytes : TOGETHER) != 0) {
            return -LINUX_EFAULT;
        }
    }
    long result = m->file->kind->read(m->file, &to, m->position);
    if (result < 0) { return move_or_wait(t, m, result); }
    return move_together(t, v, 0, (uint64_t)result, true);
}

/* Several parts one after the other; what does not go on ends there.  Parts may
 * be one page again and again: a device without an end is read only so far, for
 * others wait meanwhile. */
static long move_vectors(struct thread *t, const uint64_t *a, bool is_read,
                         uint64_t *position)
{
    struct move m = { .is_read = is_read, .position = position };
    struct vectors v = { a[1], (uint32_t)a[2], 0 };
    struct linux_vector vector;
    long done = 0, result = move_file(t, a[0], &m);
    if (result == 0) { result = check_vectors(t, &v); }
    if (result != 0) { return result; }
    if (is_read && has_packets(m.file)) { return read_packet(t, &m, &v); }
    if (!is_read && (file_is_pipe(m.file) || socket_of(m.file) != NULL)) {
        return write_together(t, &m, &v);
    }
    for (uint64_t i = 0; i < v.count; i++) {
        if (read_vector(t, &v, i, &vector) != 0) {
            return done > 0 ? done : -LINUX_EFAULT;
        }
        struct transfer transfer = { t->space, vector.address, vector.bytes };
        if (vector.bytes == 0) { continue; }
        result = move_part(&m, &transfer);
        if (result < 0) { break; }
        done += result;
        if ((uint64_t)result < vector.bytes || (is_read && done >= LONGEST)) {
            break;
        }
    }
    if (done == 0) { return move_or_wait(t, &m, result); }
    timer_forget(t); /* of a terminal's last part, which is not waited for */
    return done;
}

long call_readv(struct thread *t, const uint64_t *a)
{
    return move_vectors(t, a, true, NULL);
}

long call_writev(struct thread *t, const uint64_t *a)
{
    return move_vectors(t, a, false, NULL);
}

static long move_vectors_at(struct thread *t, const uint64_t *a, bool is_read)
{
    uint64_t position = a[3];
    const struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[0]);
    if ((int64_t)position < 0) { return -LINUX_EINVAL; }
    if (file == NULL) { return -LINUX_EBADF; }
    return file->kind->has_position ? move_vectors(t, a, is_read, &position)
                                    : -LINUX_ESPIPE;
}

long call_preadv(struct thread *t, const uint64_t *a)
{
    return move_vectors_at(t, a, true);
}

long call_pwritev(struct thread *t, const uint64_t *a)
{
    return move_vectors_at(t, a, false);
}
