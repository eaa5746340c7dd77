#include <files/socket.h>

#include <loop.h>
#include <memory/pool.h>
#include <processes/process.h>
#include <string.h>

enum { POLLRDHUP = 0x2000 };

/* A record with bytes that were received. */
struct piece {
    struct piece *next;
    uint32_t room, read, written;
    uint32_t process; /* that has sent it */
    bool is_last;     /* of its packet, or of what came with a parcel */
    struct parcel *parcel;
    struct socket_name from;
    char bytes[];
};
#define PIECE_BYTES (POOL_BYTES - sizeof(struct piece))

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

static uint64_t size_of(const struct piece *piece)
{
    return sizeof *piece + piece->room;
}

/* ---- making and ending --------------------------------------------------- */

struct socket *socket_make(enum socket_type type, uint32_t process)
{
    struct socket *s = pool_take(sizeof *s);
    if (s == NULL) { return NULL; }
    s->users = 1;
    s->type = type;
    s->process = process;
    return s;
}

static void drop_first(struct socket *s)
{
    struct piece *piece = s->first;
    s->first = piece->next;
    if (s->first == NULL) { s->last = NULL; }
    s->received -= size_of(piece);
    parcel_drop(parcel_take(&piece->parcel));
    pool_return(piece, size_of(piece));
}

void socket_each_parcel(struct socket *s,
                        void (*visit)(const struct parcel *p,
                                      struct socket **list),
                        struct socket **list)
{
    for (const struct piece *piece = s->first; piece != NULL;
         piece = piece->next) {
        if (piece->parcel != NULL) { visit(piece->parcel, list); }
    }
}

void socket_drop(struct socket *s)
{
    if (--s->users > 0) { return; }
    queue_end(&s->to_read);
    queue_end(&s->to_write);
    pool_return(s, sizeof *s);
}

void socket_join(struct socket *a, struct socket *b)
{
    a->peer = b;
    b->peer = a;
    a->users++;
    b->users++;
    a->was_connected = b->was_connected = true;
}

/* ---- names --------------------------------------------------------------- */

static struct socket *abstract; /* those with such names */

void socket_set_name(struct socket *s, const struct socket_name *name,
                     struct node *node)
{
    s->name = *name;
    s->node = node;
    if (node != NULL) {
        node->channel = s;
    } else {
        s->next_abstract = abstract;
        abstract = s;
    }
}

static bool is_same(const struct socket_name *a, const struct socket_name *b)
{
    return a->bytes == b->bytes &&
           memcmp(a->path, b->path, a->bytes - sizeof a->family) == 0;
}

struct socket *socket_find(const struct socket_name *name)
{
    struct socket *s = abstract;
    while (s != NULL && !is_same(&s->name, name)) { s = s->next_abstract; }
    return s;
}

static void forget_name(struct socket *s)
{
    struct socket **place = &abstract;
    if (s->node != NULL) {
        s->node->channel = NULL;
        node_drop(s->node);
        s->node = NULL;
        return;
    }
    while (*place != NULL && *place != s) { place = &(*place)->next_abstract; }
    if (*place == s) { *place = s->next_abstract; }
}

/* ---- peers --------------------------------------------------------------- */

static void wake(struct socket *s)
{
    queue_wake(&s->to_read);
    queue_wake(&s->to_write);
}

/* Both let go of each other. */
void socket_part(struct socket *s)
{
    struct socket *peer = s->peer;
    if (peer == NULL) { return; }
    s->peer = NULL;
    if (peer->peer == s && s->type != SOCKET_SINGLE) {
        peer->peer = NULL;
        if (s->first != NULL) { peer->error = LINUX_ECONNRESET; }
        wake(peer);
        socket_drop(s);
    }
    socket_drop(peer);
}

void socket_end(struct socket *s)
{
    s->has_ended = true;
    forget_name(s);
    while (s->first_waiting != NULL) {
        struct socket *other = s->first_waiting;
        s->first_waiting = other->next_waiting;
        socket_end(other);
    }
    socket_part(s);
    while (s->first != NULL) { drop_first(s); }
    wake(s);
    socket_drop(s);
}

/* ---- bytes --------------------------------------------------------------- */

static bool has_room(const struct socket *s, uint64_t bytes)
{
    uint64_t pieces = (bytes + PIECE_BYTES - 1) / PIECE_BYTES;
    return s->received + bytes + pieces * sizeof(struct piece) <= SOCKET_BYTES;
}

/* Bytes that are to be read together, of which there are none yet. */
static struct piece *piece_make(const struct socket *from, uint64_t room,
                                const struct socket_note *note)
{
    struct piece *piece = pool_take(sizeof *piece + room);
    if (piece == NULL) { return NULL; }
    piece->room = (uint32_t)room;
    piece->from = from->name;
    piece->process = note->process;
    return piece;
}

/* The parcel goes with the piece, which lies in the socket. */
static void put_parcel(struct socket *s, struct piece *piece,
                       struct socket_note *note)
{
    if (note->parcel != NULL) { parcel_put(note->parcel, s, &piece->parcel); }
    note->parcel = NULL;
}

static void append(struct socket *s, struct piece *first, struct piece *last,
                   uint64_t size)
{
    *(s->first == NULL ? &s->first : &s->last->next) = first;
    s->last = last;
    s->received += size;
}

/* What comes with a parcel is not read together with what comes behind it. */
static long send_stream(struct socket *to, const struct socket *s,
                        struct transfer *from, struct socket_note *note)
{
    bool has_parcel = note->parcel != NULL;
    long done = 0;
    while (from->bytes > 0) {
        struct piece *piece = to->last;
        bool is_new = piece == NULL || piece->written == piece->room ||
                      piece->is_last || note->parcel != NULL ||
                      (to->wants_sender && piece->process != note->process);
        uint64_t room =
            has_parcel ? least(from->bytes, PIECE_BYTES) : PIECE_BYTES;
        if (is_new && !has_room(to, room + parcel_bytes(note->parcel))) {
            break;
        }
        if (is_new) { piece = piece_make(s, room, note); }
        if (piece == NULL) { return done > 0 ? done : -LINUX_ENOBUFS; }
        uint64_t part = least(from->bytes, piece->room - piece->written);
        if (transfer_get(from, piece->bytes + piece->written, part) != 0) {
            if (is_new) { pool_return(piece, size_of(piece)); }
            return done > 0 ? done : -LINUX_EFAULT;
        }
        if (is_new) { append(to, piece, piece, size_of(piece)); }
        put_parcel(to, piece, note);
        piece->written += (uint32_t)part;
        piece->is_last = has_parcel && from->bytes == 0;
        done += (long)part;
    }
    return done > 0 || from->bytes == 0 ? done : -LINUX_EAGAIN;
}

/* A packet arrives whole, or not at all. */
static long send_packet(struct socket *to, const struct socket *s,
                        struct transfer *from, struct socket_note *note)
{
    struct piece *first = NULL, *last = NULL;
    uint64_t all = from->bytes, size = 0;
    long result = 0;
    if (all > SOCKET_BYTES / 2) { return -LINUX_EMSGSIZE; }
    if (!has_room(to, all + parcel_bytes(note->parcel))) {
        return -LINUX_EAGAIN;
    }
    do {
        uint64_t part = least(from->bytes, PIECE_BYTES);
        struct piece *piece = piece_make(s, part, note);
        if (piece == NULL) {
            result = -LINUX_ENOBUFS;
            break;
        }
        *(first == NULL ? &first : &last->next) = piece;
        last = piece;
        size += size_of(piece);
        piece->written = (uint32_t)part;
        result = transfer_get(from, piece->bytes, part);
    } while (result == 0 && from->bytes > 0);
    if (result == 0) {
        last->is_last = true;
        append(to, first, last, size);
        put_parcel(to, first, note);
        return (long)all;
    }
    while (first != NULL) {
        struct piece *next = first->next;
        pool_return(first, size_of(first));
        first = next;
    }
    return result;
}

long socket_send(struct socket *s, struct socket *to, struct transfer *from,
                 struct socket_note *note)
{
    struct socket_note own = { .process = loop_process()->id };
    if (note == NULL) { note = &own; }
    if (to == NULL) { to = s->peer; }
    if (s->writes_no_more) { return -LINUX_EPIPE; }
    if (to == NULL) {
        return s->was_connected ? -LINUX_EPIPE : -LINUX_ENOTCONN;
    }
    if (to->has_ended) { return -LINUX_ECONNREFUSED; }
    if (to->reads_no_more) { return -LINUX_EPIPE; }
    long result = s->type == SOCKET_STREAM ? send_stream(to, s, from, note)
                                           : send_packet(to, s, from, note);
    if (result >= 0) { queue_wake(&to->to_read); }
    return result;
}

static bool is_at_end(const struct socket *s)
{
    return s->reads_no_more || (s->type != SOCKET_SINGLE && s->was_connected &&
                                (s->peer == NULL || s->peer->writes_no_more));
}

/* Who has sent may be waiting for room. */
static void tell_sender(struct socket *s)
{
    queue_wake(s->type == SOCKET_SINGLE || s->peer == NULL
                   ? &s->to_write
                   : &s->peer->to_write);
}

/* The parcel of a piece of which something was read. */
static struct parcel *parcel_of(struct piece *piece, unsigned how)
{
    return how & SOCKET_PEEK ? piece->parcel : parcel_take(&piece->parcel);
}

/* Is a piece of a stream not to be read together with those before it? */
static bool is_apart(const struct socket *s, const struct piece *piece,
                     const struct socket_note *note)
{
    return (note->parcel != NULL && piece->parcel != NULL) ||
           (s->wants_sender && piece->process != note->process);
}

uint64_t socket_bytes(const struct socket *s)
{
    uint64_t sum = 0;
    bool is_over = false;
    for (const struct piece *piece = s->first; piece != NULL && !is_over;
         piece = piece->next) {
        sum += piece->written - piece->read;
        is_over = s->type != SOCKET_STREAM && piece->is_last;
    }
    return sum;
}

long socket_receive(struct socket *s, struct transfer *to, unsigned how,
                    struct socket_note *note)
{
    bool is_stream = s->type == SOCKET_STREAM, is_over = false;
    long done = 0, whole = 0;
    if (s->first == NULL) {
        if (s->error != 0) {
            long error = s->error;
            s->error = 0;
            return -error;
        }
        if (is_at_end(s) || (is_stream && to->bytes == 0)) { return 0; }
        return !is_stream || s->was_connected ? -LINUX_EAGAIN : -LINUX_EINVAL;
    }
    *note = (struct socket_note){ s->first->from, s->first->process, NULL, 0 };
    for (struct piece *piece = s->first; piece != NULL && !is_over;) {
        struct piece *next = piece->next;
        uint64_t there = piece->written - piece->read;
        uint64_t part = least(there, to->bytes);
        if (is_stream && is_apart(s, piece, note)) { break; }
        if (transfer_put(to, piece->bytes + piece->read, part) != 0) {
            return done > 0 ? done : -LINUX_EFAULT;
        }
        done += (long)part;
        whole += (long)there;
        if (piece->parcel != NULL && (part > 0 || !is_stream)) {
            note->parcel = parcel_of(piece, how);
        }
        is_over = is_stream ? to->bytes == 0 ||
                                  (note->parcel != NULL && piece->is_last)
                            : piece->is_last;
        if (!(how & SOCKET_PEEK)) {
            piece->read += (uint32_t)part;
            if (!is_stream || piece->read == piece->written) { drop_first(s); }
        }
        piece = next;
    }
    if (!(how & SOCKET_PEEK)) { tell_sender(s); }
    note->is_cut = !is_stream && whole > done;
    return how & SOCKET_WHOLE && !is_stream ? whole : done;
}

/* ---- as a file ----------------------------------------------------------- */

static long read(struct file *file, struct transfer *to, uint64_t *position)
{
    (void)position;
    struct socket_note note;
    note.parcel = NULL;
    long result = socket_receive(file->own, to, 0, &note);
    parcel_drop(note.parcel);
    return result;
}

static long write(struct file *file, struct transfer *from, uint64_t *position)
{
    (void)position;
    return socket_send(file->own, NULL, from, NULL);
}

static unsigned ready(struct file *file)
{
    const struct socket *s = file->own;
    unsigned bits = s->error != 0 ? LINUX_POLLERR : 0u;
    if (s->is_listening) { return s->waiting > 0 ? LINUX_POLLIN : 0u; }
    if (s->type != SOCKET_SINGLE && !s->was_connected) {
        return LINUX_POLLOUT | LINUX_POLLHUP;
    }
    if (s->first != NULL) { bits |= LINUX_POLLIN; }
    if (is_at_end(s)) { bits |= LINUX_POLLIN | POLLRDHUP; }
    if (s->type != SOCKET_SINGLE && s->peer == NULL) {
        return bits | LINUX_POLLHUP | LINUX_POLLOUT;
    }
    if (is_at_end(s) && s->writes_no_more) { bits |= LINUX_POLLHUP; }
    if (s->peer == NULL || has_room(s->peer, PIECE_BYTES)) {
        bits |= LINUX_POLLOUT;
    }
    return bits;
}

/* A single one waits for room where it sends to. */
static struct queue *queue(struct file *file, unsigned bits)
{
    struct socket *s = file->own;
    if (bits & LINUX_POLLIN) { return &s->to_read; }
    return s->type == SOCKET_SINGLE && s->peer != NULL ? &s->peer->to_write
                                                       : &s->to_write;
}

static void end(struct file *file) { socket_end(file->own); }

static void fewer(struct file *file)
{
    const struct socket *s = file->own;
    if (s->in_flight == file->users) { parcels_collect(); }
}

static const struct file_kind socket_kind = {
    .read = read,
    .write = write,
    .ready = ready,
    .queue = queue,
    .end = end,
    .fewer = fewer,
    .name = "socket",
};

struct file *socket_file(struct socket *s, uint32_t flags)
{
    struct file *file = file_make(&socket_kind, LINUX_O_RDWR | flags, NULL);
    if (file == NULL) { return NULL; }
    file->own = s;
    s->file = file;
    return file;
}

struct socket *socket_of(const struct file *file)
{
    return file->kind == &socket_kind ? file->own : NULL;
}
