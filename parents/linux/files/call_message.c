/* Calls that send and receive by sockets. */
#include <calls/table.h>
#include <files/call_socket.h>
#include <files/control.h>
#include <files/socket_name.h>
#include <memory/user.h>
#include <processes/process.h>
#include <processes/signals.h>

enum { OUT_OF_BAND = 1, WAITALL = 0x100, NOSIGNAL = 0x4000 };
#define VECTORS 1024

/* ---- bytes --------------------------------------------------------------- */

struct header { /* struct msghdr */
    uint64_t name;
    uint32_t name_bytes, pad;
    uint64_t vectors, count;
    struct control control;
};
_Static_assert(sizeof(struct header) == 56, "size of struct msghdr");

/* Of the call that is run: where its bytes are, and they themselves. */
static struct linux_vector vectors[VECTORS];
static uint64_t vector_count, vector_bytes;
static char bytes[65536];

static long one_vector(uint64_t address, uint64_t length)
{
    if (length > INT32_MAX) { length = INT32_MAX; }
    if (!user_is_range(address, length)) { return -LINUX_EFAULT; }
    vectors[0] = (struct linux_vector){ address, length };
    vector_count = 1;
    vector_bytes = length;
    return 0;
}

static long read_vectors(struct thread *t, const struct header *h)
{
    vector_bytes = 0;
    vector_count = h->count;
    if (h->count > VECTORS) { return -LINUX_EMSGSIZE; }
    if (user_read(t->space, vectors, h->vectors,
                  h->count * sizeof vectors[0]) != 0) {
        return -LINUX_EFAULT;
    }
    for (uint64_t i = 0; i < h->count; i++) {
        if (!user_is_range(vectors[i].address, vectors[i].bytes)) {
            return -LINUX_EFAULT;
        }
        vector_bytes += vectors[i].bytes;
    }
    return vector_bytes > INT32_MAX ? -LINUX_EINVAL : 0;
}

/* What is done with the places: their bytes are taken, or written to, or it is
 * seen to that they can be. */
enum way { OUT, IN, OPEN };

static long move_one(struct thread *t, enum way way, uint64_t at, char *own,
                     uint64_t count)
{
    switch (way) {
    case OUT: return user_read(t->space, own, at, count);
    case IN: return user_write(t->space, at, own, count);
    case OPEN: break;
    }
    return user_open(t->space, at, count);
}

/* Moves a part between `bytes` and what lies `from` behind the beginning; how
 * much there was of it.  Who waited may find its vectors changed. */
static long move(struct thread *t, uint64_t from, uint64_t length, enum way way)
{
    uint64_t done = 0;
    for (uint64_t i = 0; i < vector_count && done < length; i++) {
        uint64_t part = vectors[i].bytes;
        if (from >= part) {
            from -= part;
            continue;
        }
        part -= from;
        if (part > length - done) { part = length - done; }
        uint64_t at = vectors[i].address + from;
        if (move_one(t, way, at, bytes + done, part) != 0) {
            return -LINUX_EFAULT;
        }
        done += part;
        from = 0;
    }
    return (long)done;
}

/* What it has come to: what is done already counts first. */
static long total(const struct thread *t, long result)
{
    return result == CALL_WAITS || t->progress == 0 ? result
                                                    : (long)t->progress;
}

/* ---- sending ------------------------------------------------------------- */

static long send(struct thread *t, struct file *file, struct socket *to,
                 uint64_t flags, struct socket_note *note)
{
    struct socket *s = file->own;
    bool is_stream = s->type == SOCKET_STREAM;
    long result;
    if (!is_stream && vector_bytes > sizeof bytes) { return -LINUX_EMSGSIZE; }
    do {
        struct transfer from = { NULL, (uint64_t)bytes, 0 };
        result = move(t, t->progress, sizeof bytes, OUT);
        if (result >= 0) {
            from.bytes = (uint64_t)result;
            result = socket_send(s, to, &from, note);
        }
        if (result > 0) { t->progress += (uint64_t)result; }
    } while (result > 0 && is_stream && t->progress < vector_bytes);
    if (result == -LINUX_EPIPE && t->progress == 0 && !(flags & NOSIGNAL)) {
        signal_no_reader(t);
    }
    if (result == -LINUX_EAGAIN) {
        struct queue *queue =
            to != NULL ? &to->to_write : file->kind->queue(file, LINUX_POLLOUT);
        result = socket_wait(t, file, flags, queue);
    }
    return total(t, result);
}

static long send_to(struct thread *t, struct file *file, uint64_t name_address,
                    uint64_t name_bytes, uint64_t flags,
                    struct socket_note *note)
{
    struct socket *s = file->own, *to = NULL;
    struct socket_name name;
    if (flags & OUT_OF_BAND) { return -LINUX_EOPNOTSUPP; }
    if (name_bytes == 0) { name_address = 0; }
    if (name_address != 0 && s->type == SOCKET_STREAM) {
        return s->was_connected ? -LINUX_EISCONN : -LINUX_EOPNOTSUPP;
    }
    if (name_address != 0 && s->type == SOCKET_SINGLE) {
        long result = socket_name_read(t, name_address, name_bytes, &name);
        if (result == 0) { result = socket_name_find(t, &name, s->type, &to); }
        if (result != 0) { return result; }
    }
    return send(t, file, to, flags, note);
}

long call_sendto(struct thread *t, const uint64_t *a)
{
    struct file *file;
    long result = socket_for(t, a[0], &file);
    if (result == 0) { result = one_vector(a[1], a[2]); }
    return result != 0
               ? result
               : send_to(t, file, a[4], (uint32_t)a[5], (uint32_t)a[3], NULL);
}

long call_sendmsg(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct header h;
    long result = socket_for(t, a[0], &file);
    if (result != 0) { return result; }
    if (user_read(t->space, &h, a[1], sizeof h) != 0) { return -LINUX_EFAULT; }
    struct socket_note note = { .process = t->process->id };
    result = read_vectors(t, &h);
    if (result == 0 && t->progress == 0) { /* else it has gone already */
        result = control_read(t, &h.control, &note);
    }
    if (result == 0) {
        result = send_to(t, file, h.name, h.name_bytes, (uint32_t)a[2], &note);
    }
    parcel_drop(note.parcel);
    return result;
}

/* ---- receiving ----------------------------------------------------------- */

/* A call that has waited finds its vectors changed: they may have become
 * shorter than what is done already. */
static uint64_t room_left(const struct thread *t)
{
    uint64_t done = t->progress;
    uint64_t left = done < vector_bytes ? vector_bytes - done : 0;
    return left < sizeof bytes ? left : sizeof bytes;
}

static long receive(struct thread *t, struct file *file, uint64_t flags,
                    struct socket_note *note)
{
    struct socket *s = file->own;
    bool is_whole =
        flags & WAITALL && s->type == SOCKET_STREAM && !(flags & SOCKET_PEEK);
    long result;
    if (flags & OUT_OF_BAND) { return -LINUX_EINVAL; }
    do {
        uint64_t part = room_left(t), there = socket_bytes(s);
        struct transfer to = { NULL, (uint64_t)bytes, part };
        /* What is taken off the socket must find its place. */
        result = move(t, t->progress, there < part ? there : part, OPEN);
        if (result < 0) { break; }
        result = socket_receive(s, &to, (unsigned)flags, note);
        if (result > 0 && move(t, t->progress, part - to.bytes, IN) < 0) {
            result = -LINUX_EFAULT;
        }
        if (result > 0) { t->progress += (uint64_t)result; }
    } while (result > 0 && is_whole && note->parcel == NULL &&
             t->progress < vector_bytes);
    if (result == -LINUX_EAGAIN) {
        result = socket_wait(t, file, flags, &s->to_read);
    }
    return total(t, result);
}

/* Drops what came with bytes, but for what lies in the socket still. */
static void forget_note(const struct socket_note *note, uint64_t flags)
{
    if (!(flags & SOCKET_PEEK)) { parcel_drop(note->parcel); }
}

/* Of a sender without a name only that it has none. */
static long write_sender(struct thread *t, const struct socket_name *from,
                         uint64_t address, uint64_t length_address)
{
    int32_t room;
    if (from->bytes > 0) {
        return socket_name_write(t, from, address, length_address);
    }
    if (user_read(t->space, &room, length_address, sizeof room) != 0) {
        return -LINUX_EFAULT;
    }
    if (room < 0) { return -LINUX_EINVAL; }
    return user_write(t->space, length_address, &from->bytes,
                      sizeof from->bytes);
}

long call_recvfrom(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct socket_note note = { .parcel = NULL };
    long result = socket_for(t, a[0], &file);
    if (result == 0) { result = one_vector(a[1], a[2]); }
    if (result != 0) { return result; }
    result = receive(t, file, (uint32_t)a[3], &note);
    forget_note(&note, a[3]);
    if (result < 0 || a[4] == 0) { return result; }
    long told = write_sender(t, &note.from, a[4], a[5]);
    return told != 0 ? told : result;
}

long call_recvmsg(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct header h;
    struct socket_note note = { .parcel = NULL };
    long result = socket_for(t, a[0], &file);
    if (result != 0) { return result; }
    if (user_read(t->space, &h, a[1], sizeof h) != 0) { return -LINUX_EFAULT; }
    result = read_vectors(t, &h);
    if (result != 0) { return result; }
    result = receive(t, file, (uint32_t)a[2], &note);
    if (result >= 0) { control_write(t, file->own, &note, a[2], &h.control); }
    forget_note(&note, a[2]);
    if (result < 0) { return result; }
    uint32_t room =
        h.name_bytes < SOCKET_NAME_BYTES ? h.name_bytes : SOCKET_NAME_BYTES;
    h.name_bytes = note.from.bytes;
    h.control.flags |= note.is_cut ? SOCKET_WHOLE : 0;
    if (room > note.from.bytes) { room = note.from.bytes; }
    if (h.name != 0 && user_write(t->space, h.name, &note.from, room) != 0) {
        return -LINUX_EFAULT;
    }
    long told = user_write(t->space, a[1], &h, sizeof h);
    return told != 0 ? told : result;
}
