/* Calls about sockets.  There are local ones only, and they pass no
 * descriptors. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <files/path.h>
#include <files/socket.h>
#include <memory/user.h>
#include <processes/process.h>
#include <processes/signals.h>
#include <string.h>

enum { AF_UNIX = 1 };
enum { DONTWAIT = 0x40, WAITALL = 0x100, NOSIGNAL = 0x4000 };
#define CLOEXEC_RECEIVED 0x40000000u
#define CAN_SEND (DONTWAIT | NOSIGNAL)
#define CAN_RECEIVE                                               \
    (SOCKET_PEEK | SOCKET_WHOLE | DONTWAIT | WAITALL | NOSIGNAL | \
     CLOEXEC_RECEIVED)
#define FLAGS (LINUX_O_NONBLOCK | LINUX_O_CLOEXEC)
#define FAMILY_BYTES sizeof(uint16_t)
#define NAME_BYTES (FAMILY_BYTES + SOCKET_PATH_BYTES)
#define VECTORS 1024
#define MOST_WAITING 4096

static long socket_for(struct thread *t, uint64_t number,
                       struct file **ret_file, struct socket **ret_socket)
{
    struct file *file =
        descriptor_file(t->process->descriptors, (uint32_t)number);
    if (file == NULL || file->flags & LINUX_O_PATH) { return -LINUX_EBADF; }
    struct socket *s = socket_of(file);
    if (s == NULL) { return -LINUX_ENOTSOCK; }
    *ret_file = file;
    *ret_socket = s;
    return 0;
}

/* ---- names --------------------------------------------------------------- */

static long read_name(struct thread *t, uint64_t address, uint64_t bytes,
                      struct socket_name *ret_name)
{
    memset(ret_name, 0, sizeof *ret_name);
    if ((uint32_t)bytes < FAMILY_BYTES || (uint32_t)bytes > NAME_BYTES) {
        return -LINUX_EINVAL;
    }
    if (user_read(t->space, ret_name, address, (uint32_t)bytes) != 0) {
        return -LINUX_EFAULT;
    }
    ret_name->bytes = (uint32_t)bytes;
    if (ret_name->family != AF_UNIX) { return -LINUX_EAFNOSUPPORT; }
    return ret_name->bytes == FAMILY_BYTES ? -LINUX_EINVAL : 0;
}

/* As much as there is room for; the length is told whole. */
static long write_name(struct thread *t, const struct socket_name *name,
                       uint64_t address, uint64_t length_address)
{
    struct socket_name none = { .family = AF_UNIX, .bytes = FAMILY_BYTES };
    int32_t room;
    if (name->bytes == 0) { name = &none; }
    if (user_read(t->space, &room, length_address, sizeof room) != 0) {
        return -LINUX_EFAULT;
    }
    if (room < 0) { return -LINUX_EINVAL; }
    uint32_t part = (uint32_t)room < name->bytes ? (uint32_t)room : name->bytes;
    if (user_write(t->space, address, name, part) != 0) {
        return -LINUX_EFAULT;
    }
    return user_write(t->space, length_address, &name->bytes,
                      sizeof name->bytes);
}

static long find_path(struct thread *t, const struct socket_name *name,
                      struct place *ret_place)
{
    char path[SOCKET_PATH_BYTES + 1] = { 0 };
    memcpy(path, name->path, name->bytes - FAMILY_BYTES);
    return path_find_text(t, t->process->scope->folder, path, PATH_FOLLOW,
                          ret_place);
}

/* Who has the name. */
static long find(struct thread *t, const struct socket_name *name,
                 enum socket_type type, struct socket **ret_socket)
{
    struct socket *s = NULL;
    if (name->path[0] == '\0') {
        s = socket_find(name);
    } else {
        struct place place;
        long result = find_path(t, name, &place);
        if (result != 0) { return result; }
        bool is_there = place.node != NULL;
        if (is_there && node_is(place.node, LINUX_S_SOCKET)) {
            s = place.node->channel;
        }
        place_end(&place);
        if (!is_there) { return -LINUX_ENOENT; }
    }
    if (s == NULL) { return -LINUX_ECONNREFUSED; }
    *ret_socket = s;
    return s->type == type ? 0 : -LINUX_EPROTOTYPE;
}

static long bind_path(struct thread *t, struct socket *s,
                      struct socket_name *name)
{
    struct place place;
    struct node *node;
    long result = find_path(t, name, &place);
    if (result != 0) { return result; }
    result = place.node != NULL
                 ? -LINUX_EADDRINUSE
                 : place_make(t, &place, LINUX_S_SOCKET | 0777, &node);
    place_end(&place);
    if (result == 0) { socket_set_name(s, name, node); }
    return result;
}

long call_bind(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct socket *s;
    struct socket_name name;
    long result = socket_for(t, a[0], &file, &s);
    if (result == 0) { result = read_name(t, a[1], a[2], &name); }
    if (result != 0) { return result; }
    if (s->name.bytes != 0) { return -LINUX_EINVAL; }
    if (name.path[0] != '\0') { return bind_path(t, s, &name); }
    if (socket_find(&name) != NULL) { return -LINUX_EADDRINUSE; }
    socket_set_name(s, &name, NULL);
    return 0;
}

long call_getsockname(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct socket *s;
    long result = socket_for(t, a[0], &file, &s);
    return result != 0 ? result : write_name(t, &s->name, a[1], a[2]);
}

long call_getpeername(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct socket *s;
    long result = socket_for(t, a[0], &file, &s);
    if (result != 0) { return result; }
    return s->peer == NULL ? -LINUX_ENOTCONN
                           : write_name(t, &s->peer->name, a[1], a[2]);
}

/* ---- making -------------------------------------------------------------- */

static long check_kind(const uint64_t *a)
{
    uint32_t type = (uint32_t)a[1] & ~(uint32_t)FLAGS;
    if ((int32_t)a[0] != AF_UNIX) { return -LINUX_EAFNOSUPPORT; }
    if ((int32_t)a[2] != 0 && (int32_t)a[2] != AF_UNIX) {
        return -LINUX_EPROTONOSUPPORT;
    }
    return type == SOCKET_STREAM || type == SOCKET_SINGLE || type == SOCKET_ROW
               ? 0
               : -LINUX_ESOCKTNOSUPPORT;
}

static struct file *make(struct thread *t, uint64_t type)
{
    struct socket *s = socket_make(
        (enum socket_type)(type & ~(uint64_t)FLAGS & 0xff), t->process->id);
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
    struct file *file;
    struct socket *s;
    uint32_t most = (uint32_t)a[1];
    long result = socket_for(t, a[0], &file, &s);
    if (result != 0) { return result; }
    if (s->type == SOCKET_SINGLE) { return -LINUX_EOPNOTSUPP; }
    if (s->name.bytes == 0 || s->was_connected) { return -LINUX_EINVAL; }
    s->is_listening = true;
    s->most_waiting = most < MOST_WAITING ? most + 1 : MOST_WAITING;
    queue_wake(&s->to_write);
    return 0;
}

static long wait_or_again(struct thread *t, const struct file *file,
                          uint64_t flags, struct queue *queue)
{
    return file->flags & LINUX_O_NONBLOCK || flags & DONTWAIT
               ? -LINUX_EAGAIN
               : wait_on(t, queue);
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
        return wait_or_again(t, file, 0, &listener->to_write);
    }
    struct socket *other = socket_make(s->type, listener->process);
    if (other == NULL) { return -LINUX_ENOMEM; }
    other->name = listener->name;
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
    struct socket *s, *other = NULL;
    struct socket_name name;
    long result = socket_for(t, a[0], &file, &s);
    if (result != 0) { return result; }
    uint16_t family = AF_UNIX;
    if ((uint32_t)a[2] >= sizeof family &&
        user_read(t->space, &family, a[1], sizeof family) != 0) {
        return -LINUX_EFAULT;
    }
    if (family == 0 && s->type == SOCKET_SINGLE) {
        socket_part(s);
        return 0;
    }
    result = read_name(t, a[1], a[2], &name);
    if (result == 0) { result = find(t, &name, s->type, &other); }
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
    struct socket *s;
    long result = socket_for(t, a[0], &file, &s);
    if (result != 0) { return result; }
    if (flags & ~(uint64_t)FLAGS) { return -LINUX_EINVAL; }
    if (s->type == SOCKET_SINGLE) { return -LINUX_EOPNOTSUPP; }
    if (!s->is_listening) { return -LINUX_EINVAL; }
    struct socket *other = s->first_waiting;
    if (other == NULL) { return wait_or_again(t, file, 0, &s->to_read); }
    if (a[1] != 0) {
        struct socket_name none = { 0 };
        result = write_name(t, other->peer == NULL ? &none : &other->peer->name,
                            a[1], a[2]);
        if (result != 0) { return result; }
    }
    struct file *accepted = socket_file(other, flags & LINUX_O_NONBLOCK);
    if (accepted == NULL) { return -LINUX_ENOMEM; }
    s->first_waiting = other->next_waiting;
    other->next_waiting = NULL;
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
    struct file *file;
    struct socket *s;
    uint32_t how = (uint32_t)a[1];
    long result = socket_for(t, a[0], &file, &s);
    if (result != 0) { return result; }
    if (how > 2) { return -LINUX_EINVAL; }
    if (s->peer == NULL && !s->is_listening) { return -LINUX_ENOTCONN; }
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

/* ---- bytes --------------------------------------------------------------- */

struct header { /* struct msghdr */
    uint64_t name;
    uint32_t name_bytes, pad;
    uint64_t vectors, count, control, control_bytes;
    uint32_t flags, pad_2;
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

/* Moves a part between `bytes` and what lies `from` behind the beginning. */
static long move(struct thread *t, uint64_t from, uint64_t length, bool is_out)
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
        if ((is_out ? user_read(t->space, bytes + done, at, part)
                    : user_write(t->space, at, bytes + done, part)) != 0) {
            return -LINUX_EFAULT;
        }
        done += part;
        from = 0;
    }
    return 0;
}

static uint64_t next_part(const struct thread *t)
{
    uint64_t left = vector_bytes - t->progress;
    return left < sizeof bytes ? left : sizeof bytes;
}

/* What it has come to: what is done already counts first. */
static long total(const struct thread *t, long result)
{
    return result == CALL_WAITS || t->progress == 0 ? result
                                                    : (long)t->progress;
}

static long send(struct thread *t, struct file *file, struct socket *to,
                 uint64_t flags)
{
    struct socket *s = file->own;
    bool is_stream = s->type == SOCKET_STREAM;
    long result;
    if (!is_stream && vector_bytes > sizeof bytes) { return -LINUX_EMSGSIZE; }
    do {
        uint64_t part = next_part(t);
        struct transfer from = { NULL, (uint64_t)bytes, part };
        result = move(t, t->progress, part, true);
        if (result == 0) { result = socket_send(s, to, &from); }
        if (result > 0) { t->progress += (uint64_t)result; }
    } while (result > 0 && is_stream && t->progress < vector_bytes);
    if (result == -LINUX_EPIPE && t->progress == 0 && !(flags & NOSIGNAL)) {
        struct siginfo info = { .signal = LINUX_SIGPIPE };
        signal_thread(t, &info);
    }
    if (result == -LINUX_EAGAIN) {
        struct queue *queue =
            to != NULL ? &to->to_write : file->kind->queue(file, LINUX_POLLOUT);
        result = wait_or_again(t, file, flags, queue);
    }
    return total(t, result);
}

static long send_to(struct thread *t, struct file *file, uint64_t name_address,
                    uint64_t name_bytes, uint64_t flags)
{
    struct socket *s = file->own, *to = NULL;
    struct socket_name name;
    if (flags & ~(uint64_t)CAN_SEND) { return -LINUX_EOPNOTSUPP; }
    if (name_address != 0 && s->type == SOCKET_STREAM) {
        return s->was_connected ? -LINUX_EISCONN : -LINUX_EOPNOTSUPP;
    }
    if (name_address != 0 && s->type == SOCKET_SINGLE) {
        long result = read_name(t, name_address, name_bytes, &name);
        if (result == 0) { result = find(t, &name, s->type, &to); }
        if (result != 0) { return result; }
    }
    return send(t, file, to, flags);
}

/* A call that goes on begins with nothing done. */
static long ended(struct thread *t, long result)
{
    if (result != CALL_WAITS) { t->progress = 0; }
    return result;
}

long call_sendto(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct socket *s;
    long result = socket_for(t, a[0], &file, &s);
    if (result == 0) { result = one_vector(a[1], a[2]); }
    return result != 0 ? result
                       : ended(t, send_to(t, file, a[4], a[5], (uint32_t)a[3]));
}

long call_sendmsg(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct socket *s;
    struct header h;
    long result = socket_for(t, a[0], &file, &s);
    if (result != 0) { return result; }
    if (user_read(t->space, &h, a[1], sizeof h) != 0) { return -LINUX_EFAULT; }
    if (h.control_bytes != 0) { return -LINUX_EOPNOTSUPP; }
    result = read_vectors(t, &h);
    return result != 0 ? result
                       : ended(t, send_to(t, file, h.name, h.name_bytes,
                                          (uint32_t)a[2]));
}

static long receive(struct thread *t, struct file *file, uint64_t flags,
                    struct socket_name *ret_from, bool *ret_is_cut)
{
    struct socket *s = file->own;
    bool is_whole =
        flags & WAITALL && s->type == SOCKET_STREAM && !(flags & SOCKET_PEEK);
    long result;
    if (flags & ~(uint64_t)CAN_RECEIVE) { return -LINUX_EOPNOTSUPP; }
    do {
        uint64_t part = next_part(t);
        struct transfer to = { NULL, (uint64_t)bytes, part };
        result = socket_receive(s, &to, (unsigned)flags, ret_from, ret_is_cut);
        if (result > 0 && move(t, t->progress, part - to.bytes, false) != 0) {
            result = -LINUX_EFAULT;
        }
        if (result > 0) { t->progress += (uint64_t)result; }
    } while (result > 0 && is_whole && t->progress < vector_bytes);
    if (result == -LINUX_EAGAIN) {
        result = wait_or_again(t, file, flags, &s->to_read);
    }
    return total(t, result);
}

long call_recvfrom(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct socket *s;
    struct socket_name from = { 0 };
    bool is_cut;
    long result = socket_for(t, a[0], &file, &s);
    if (result == 0) { result = one_vector(a[1], a[2]); }
    if (result != 0) { return result; }
    result = ended(t, receive(t, file, (uint32_t)a[3], &from, &is_cut));
    if (result < 0 || a[4] == 0) { return result; }
    long told = write_name(t, &from, a[4], a[5]);
    return told != 0 ? told : result;
}

long call_recvmsg(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct socket *s;
    struct header h;
    struct socket_name from = { 0 };
    bool is_cut = false;
    long result = socket_for(t, a[0], &file, &s);
    if (result != 0) { return result; }
    if (user_read(t->space, &h, a[1], sizeof h) != 0) { return -LINUX_EFAULT; }
    result = read_vectors(t, &h);
    if (result != 0) { return result; }
    result = ended(t, receive(t, file, (uint32_t)a[2], &from, &is_cut));
    if (result < 0) { return result; }
    uint32_t room = h.name_bytes < NAME_BYTES ? h.name_bytes : NAME_BYTES;
    h.name_bytes = from.bytes;
    h.control_bytes = 0;
    h.flags = is_cut ? SOCKET_WHOLE : 0;
    if (room > from.bytes) { room = from.bytes; }
    if (h.name != 0 && user_write(t->space, h.name, &from, room) != 0) {
        return -LINUX_EFAULT;
    }
    long told = user_write(t->space, a[1], &h, sizeof h);
    return told != 0 ? told : result;
}

/* ---- options ------------------------------------------------------------- */

enum { SOL_SOCKET = 1 };
enum {
    SO_REUSEADDR = 2,
    SO_TYPE,
    SO_ERROR,
    SO_SNDBUF = 7,
    SO_RCVBUF,
    SO_KEEPALIVE,
    SO_PEERCRED = 17,
    SO_ACCEPTCONN = 30,
    SO_PROTOCOL = 38,
    SO_DOMAIN
};

static long option_of(struct socket *s, uint64_t option, uint32_t *ret_words)
{
    ret_words[0] = 0;
    switch (option) {
    case SO_TYPE: ret_words[0] = s->type; return 4;
    case SO_DOMAIN: ret_words[0] = AF_UNIX; return 4;
    case SO_ACCEPTCONN: ret_words[0] = s->is_listening; return 4;
    case SO_SNDBUF:
    case SO_RCVBUF: ret_words[0] = SOCKET_BYTES; return 4;
    case SO_ERROR:
        ret_words[0] = (uint32_t)s->error;
        s->error = 0;
        return 4;
    case SO_PEERCRED:
        ret_words[0] = s->peer == NULL ? 0 : s->peer->process;
        ret_words[1] = ret_words[2] = s->peer == NULL ? UINT32_MAX : 0;
        return 12;
    case SO_REUSEADDR:
    case SO_KEEPALIVE:
    case SO_PROTOCOL: return 4;
    default: return -LINUX_ENOPROTOOPT;
    }
}

long call_getsockopt(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct socket *s;
    uint32_t words[3];
    int32_t room;
    long result = socket_for(t, a[0], &file, &s);
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

/* These change nothing here: bounds are what they are. */
long call_setsockopt(struct thread *t, const uint64_t *a)
{
    struct file *file;
    struct socket *s;
    int32_t value;
    long result = socket_for(t, a[0], &file, &s);
    if (result != 0) { return result; }
    if ((int32_t)a[1] != SOL_SOCKET) { return -LINUX_EOPNOTSUPP; }
    if ((uint32_t)a[4] < sizeof value) { return -LINUX_EINVAL; }
    if (user_read(t->space, &value, a[3], sizeof value) != 0) {
        return -LINUX_EFAULT;
    }
    switch ((uint32_t)a[2]) {
    case SO_REUSEADDR:
    case SO_SNDBUF:
    case SO_RCVBUF:
    case SO_KEEPALIVE: return 0;
    default: return -LINUX_ENOPROTOOPT;
    }
}
