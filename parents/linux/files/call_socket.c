/* Calls about sockets: making, naming, connecting them, and their options.
 * There are local ones only. */
#include <calls/table.h>
#include <files/call_socket.h>
#include <files/descriptors.h>
#include <files/socket_name.h>
#include <memory/user.h>
#include <processes/process.h>

#define FLAGS (LINUX_O_NONBLOCK | LINUX_O_CLOEXEC)
#define SOCKET_TYPES 15u /* bits */
#define RAW 3u           /* of local sockets, as SOCKET_SINGLE */
#define MOST_WAITING 4096

long socket_for(struct thread *t, uint64_t number, struct file **ret_file)
{
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)number);
    if (file == NULL) { return -LINUX_EBADF; }
    if (socket_of(file) == NULL) { return -LINUX_ENOTSOCK; }
    *ret_file = file;
    return 0;
}

/* The socket alone. */
static long find(struct thread *t, uint64_t number, struct socket **ret_socket)
{
    struct file *file;
    long result = socket_for(t, number, &file);
    if (result == 0) { *ret_socket = file->own; }
    return result;
}

long socket_wait(struct thread *t, const struct file *file, uint64_t flags,
                 struct queue *queue)
{
    return file->flags & LINUX_O_NONBLOCK || flags & SOCKET_DONTWAIT
               ? -LINUX_EAGAIN
               : wait_on(t, queue);
}

/* ---- names --------------------------------------------------------------- */

long call_bind(struct thread *t, const uint64_t *a)
{
    struct socket *s;
    struct socket_name name;
    long result = find(t, a[0], &s);
    if (result == 0) { result = socket_name_read(t, a[1], a[2], &name); }
    return result != 0 ? result : socket_name_give(t, s, &name);
}

long call_getsockname(struct thread *t, const uint64_t *a)
{
    struct socket *s;
    long result = find(t, a[0], &s);
    return result != 0 ? result : socket_name_write(t, &s->name, a[1], a[2]);
}

long call_getpeername(struct thread *t, const uint64_t *a)
{
    struct socket *s;
    long result = find(t, a[0], &s);
    if (result != 0) { return result; }
    return s->peer == NULL ? -LINUX_ENOTCONN
                           : socket_name_write(t, &s->peer->name, a[1], a[2]);
}

/* ---- making -------------------------------------------------------------- */

static long check_kind(const uint64_t *a)
{
    uint32_t type = (uint32_t)a[1] & ~(uint32_t)FLAGS;
    if (type & ~SOCKET_TYPES) { return -LINUX_EINVAL; }
    if ((int32_t)a[0] != SOCKET_FAMILY) { return -LINUX_EAFNOSUPPORT; }
    if ((int32_t)a[2] != 0 && (int32_t)a[2] != SOCKET_FAMILY) {
        return -LINUX_EPROTONOSUPPORT;
    }
    return type == SOCKET_STREAM || type == SOCKET_SINGLE || type == RAW ||
                   type == SOCKET_ROW
               ? 0
               : -LINUX_ESOCKTNOSUPPORT;
}

static struct file *make(struct thread *t, uint64_t type)
{
    uint32_t kind = type & SOCKET_TYPES;
    struct socket *s = socket_make(
        kind == RAW ? SOCKET_SINGLE : (enum socket_type)kind, t->process->id);
    struct file *file =
        s == NULL ? NULL : socket_file(s, type & LINUX_O_NONBLOCK);
    if (file == NULL && s != NULL) { socket_drop(s); }
    return file;
}

long call_socket(struct thread *t, const uint64_t *a)
{
    long result = check_kind(a);
    if (result != 0) { return result; }
    struct file *file = make(t, a[1]);
    return file == NULL
               ? -LINUX_ENOBUFS
               : descriptor_put(t->process, file, 0, a[1] & LINUX_O_CLOEXEC);
}

long call_socketpair(struct thread *t, const uint64_t *a)
{
    long result = check_kind(a);
    if (result != 0) { return result; }
    struct file *first = make(t, a[1]), *second = make(t, a[1]);
    if (first == NULL || second == NULL) {
        if (first != NULL) { file_drop(first); }
        if (second != NULL) { file_drop(second); }
        return -LINUX_ENOBUFS;
    }
    socket_join(first->own, second->own);
    return descriptor_put_both(t, first, second, a[3], a[1] & LINUX_O_CLOEXEC);
}

/* ---- connections --------------------------------------------------------- */

long call_listen(struct thread *t, const uint64_t *a)
{
    struct socket *s;
    uint32_t most = (uint32_t)a[1];
    long result = find(t, a[0], &s);
    if (result != 0) { return result; }
    if (s->type == SOCKET_SINGLE) { return -LINUX_EOPNOTSUPP; }
    if (s->name.bytes == 0 || s->was_connected) { return -LINUX_EINVAL; }
    s->is_listening = true;
    s->most_waiting = most < MOST_WAITING ? most + 1 : MOST_WAITING;
    queue_wake(&s->to_write);
    return 0;
}

/* The other side of it waits for accept, with the name of who listens. */
static long join_listener(struct thread *t, const struct file *file,
                          struct socket *s, struct socket *listener)
{
    if (s->was_connected) { return -LINUX_EISCONN; }
    if (s->is_listening) { return -LINUX_EINVAL; }
    if (!listener->is_listening || listener->reads_no_more) {
        return -LINUX_ECONNREFUSED;
    }
    if (listener->waiting >= listener->most_waiting) {
        return socket_wait(t, file, 0, &listener->to_write);
    }
    struct socket *other = socket_make(s->type, listener->process);
    if (other == NULL) { return -LINUX_ENOMEM; }
    other->name = listener->name;
    other->listener = listener;
    other->wants_sender = listener->wants_sender;
    socket_join(s, other);
    struct socket **place = &listener->first_waiting;
    while (*place != NULL) { place = &(*place)->next_waiting; }
    *place = other;
    listener->waiting++;
    queue_wake(&listener->to_read);
    queue_wake(&s->to_write);
    return 0;
}

long call_connect(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct socket *other = NULL;
    struct socket_name name;
    long result = socket_for(t, a[0], &file);
    if (result != 0) { return result; }
    struct socket *s = file->own;
    uint16_t family = SOCKET_FAMILY;
    if ((uint32_t)a[2] >= sizeof family &&
        user_read(t->space, &family, a[1], sizeof family) != 0) {
        return -LINUX_EFAULT;
    }
    if (family == 0 && s->type == SOCKET_SINGLE) {
        socket_part(s);
        return 0;
    }
    result = socket_name_read(t, a[1], a[2], &name);
    if (result == 0) { result = socket_name_find(t, &name, s->type, &other); }
    if (result != 0) { return result; }
    if (s->type != SOCKET_SINGLE) { return join_listener(t, file, s, other); }
    other->users++;
    socket_part(s);
    s->peer = other;
    s->was_connected = true;
    return 0;
}

static long accept_one(struct thread *t, const uint64_t *a, uint64_t flags)
{
    struct file *file;
    long result = socket_for(t, a[0], &file);
    if (result != 0) { return result; }
    struct socket *s = file->own;
    if (flags & ~(uint64_t)FLAGS) { return -LINUX_EINVAL; }
    if (s->type == SOCKET_SINGLE) { return -LINUX_EOPNOTSUPP; }
    if (!s->is_listening) { return -LINUX_EINVAL; }
    if (!descriptors_are_left(t->process)) { return -LINUX_EMFILE; }
    struct socket *other = s->first_waiting;
    if (other == NULL) { return socket_wait(t, file, 0, &s->to_read); }
    if (a[1] != 0) {
        struct socket_name none = { 0 };
        result = socket_name_write(
            t, other->peer == NULL ? &none : &other->peer->name, a[1], a[2]);
        if (result != 0) { return result; }
    }
    struct file *accepted = socket_file(other, flags & LINUX_O_NONBLOCK);
    if (accepted == NULL) { return -LINUX_ENOMEM; }
    s->first_waiting = other->next_waiting;
    other->next_waiting = NULL;
    other->listener = NULL;
    s->waiting--;
    queue_wake(&s->to_write);
    return descriptor_put(t->process, accepted, 0, flags & LINUX_O_CLOEXEC);
}

long call_accept(struct thread *t, const uint64_t *a)
{
    return accept_one(t, a, 0);
}

long call_accept4(struct thread *t, const uint64_t *a)
{
    return accept_one(t, a, (uint32_t)a[3]);
}

long call_shutdown(struct thread *t, const uint64_t *a)
{
    struct socket *s;
    uint32_t how = (uint32_t)a[1];
    long result = find(t, a[0], &s);
    if (result != 0) { return result; }
    if (how > 2) { return -LINUX_EINVAL; }
    s->reads_no_more |= how != 1;
    s->writes_no_more |= how != 0;
    queue_wake(&s->to_read);
    queue_wake(&s->to_write);
    if (s->peer != NULL) {
        queue_wake(&s->peer->to_read);
        queue_wake(&s->peer->to_write);
    }
    return 0;
}

/* ---- options ------------------------------------------------------------- */

enum { SOL_SOCKET = 1 };
enum {
    SO_DEBUG = 1,
    SO_REUSEADDR,
    SO_TYPE,
    SO_ERROR,
    SO_SNDBUF = 7,
    SO_RCVBUF,
    SO_KEEPALIVE,
    SO_PASSCRED = 16,
    SO_PEERCRED,
    SO_ACCEPTCONN = 30,
    SO_PROTOCOL = 38,
    SO_DOMAIN
};

static long option_of(struct socket *s, uint64_t option, uint32_t *ret_words)
{
    ret_words[0] = 0;
    switch (option) {
    case SO_TYPE: ret_words[0] = s->type; return 4;
    case SO_DOMAIN: ret_words[0] = SOCKET_FAMILY; return 4;
    case SO_ACCEPTCONN: ret_words[0] = s->is_listening; return 4;
    case SO_SNDBUF:
    case SO_RCVBUF: ret_words[0] = SOCKET_BYTES; return 4;
    case SO_PASSCRED: ret_words[0] = s->wants_sender; return 4;
    case SO_ERROR:
        ret_words[0] = (uint32_t)s->error;
        s->error = 0;
        return 4;
    case SO_PEERCRED:
        ret_words[0] = s->peer == NULL ? 0 : s->peer->process;
        ret_words[1] = ret_words[2] = s->peer == NULL ? UINT32_MAX : 0;
        return 12;
    case SO_DEBUG:
    case SO_REUSEADDR:
    case SO_KEEPALIVE:
    case SO_PROTOCOL: return 4;
    default: return -LINUX_ENOPROTOOPT;
    }
}

long call_getsockopt(struct thread *t, const uint64_t *a)
{
    struct socket *s;
    uint32_t words[3];
    int32_t room;
    long result = find(t, a[0], &s);
    if (result != 0) { return result; }
    if ((int32_t)a[1] != SOL_SOCKET) { return -LINUX_EOPNOTSUPP; }
    if (user_read(t->space, &room, a[4], sizeof room) != 0) {
        return -LINUX_EFAULT;
    }
    if (room < 0) { return -LINUX_EINVAL; }
    result = option_of(s, (uint32_t)a[2], words);
    if (result < 0) { return result; }
    if (room > result) { room = (int32_t)result; }
    if (user_write(t->space, a[3], words, (uint64_t)room) != 0 ||
        user_write(t->space, a[4], &room, sizeof room) != 0) {
        return -LINUX_EFAULT;
    }
    return 0;
}

/* Most change nothing here: bounds are what they are. */
long call_setsockopt(struct thread *t, const uint64_t *a)
{
    struct socket *s;
    int32_t value;
    long result = find(t, a[0], &s);
    if (result != 0) { return result; }
    if ((int32_t)a[1] != SOL_SOCKET) { return -LINUX_EOPNOTSUPP; }
    if ((int32_t)a[4] < (int32_t)sizeof value) { return -LINUX_EINVAL; }
    if (user_read(t->space, &value, a[3], sizeof value) != 0) {
        return -LINUX_EFAULT;
    }
    switch ((uint32_t)a[2]) {
    case SO_PASSCRED: s->wants_sender = value != 0; return 0;
    case SO_DEBUG:
    case SO_REUSEADDR:
    case SO_SNDBUF:
    case SO_RCVBUF:
    case SO_KEEPALIVE: return 0;
    default: return -LINUX_ENOPROTOOPT;
    }
}
