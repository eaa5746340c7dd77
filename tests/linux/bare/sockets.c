/* Unix sockets: pairs, names, streams, packets. */
#include "bare.h"

enum {
    SOCKET = 198,
    SOCKETPAIR,
    BIND,
    LISTEN,
    ACCEPT,
    CONNECT,
    GETSOCKNAME,
    GETPEERNAME,
    SENDTO,
    RECVFROM,
    SETSOCKOPT,
    GETSOCKOPT,
    SHUTDOWN,
    SENDMSG,
    RECVMSG,
    ACCEPT4 = 242,
    PPOLL = 73
};
enum { UNIX = 1, INET = 2, STREAM = 1, SINGLE = 2, ROW = 5 };
enum { PEEK = 2, TRUNCATED = 0x20, DONTWAIT = 0x40, WAITALL = 0x100 };
enum { NOSIGNAL = 0x4000, BIG = 300000 };
enum {
    ENOTSOCK = 88,
    EMSGSIZE = 90,
    EPROTOTYPE,
    ENOPROTOOPT,
    EPROTONOSUPPORT,
    ESOCKTNOSUPPORT,
    EOPNOTSUPP,
    EAFNOSUPPORT = 97,
    EADDRINUSE,
    ECONNRESET = 104,
    EISCONN = 106,
    ENOTCONN,
    ECONNREFUSED = 111
};

struct name {
    unsigned short family;
    char path[108];
};

static int both[2];
static char text[64];

/* Its bytes; a leading @ stands for the 0 of abstract ones. */
static long name_of(struct name *name, const char *path)
{
    long count = length(path);
    *name = (struct name){ UNIX, { 0 } };
    for (long i = 0; i < count; i++) { name->path[i] = path[i]; }
    if (path[0] == '@') { name->path[0] = 0; }
    return 2 + count;
}

static long at(long what, long file, const char *path)
{
    struct name name;
    long bytes = name_of(&name, path);
    return call(what, file, &name, bytes);
}

static long get(long file)
{
    for (int i = 0; i < 64; i++) { text[i] = 0; }
    return call(RECVFROM, file, text, 63, 0, 0, 0);
}

static void refusals(void)
{
    struct name odd = { INET, { 0 } };
    int pipe[2], number = 0;
    call(PIPE2, pipe, 0);
    expect(call(SOCKET, INET, STREAM, 0), -EAFNOSUPPORT, "socket.no_network");
    expect(call(SOCKET, UNIX, 4, 0), -ESOCKTNOSUPPORT, "socket.odd_type");
    expect(call(SOCKET, UNIX, STREAM, 7), -EPROTONOSUPPORT,
           "socket.odd_protocol");
    expect(call(SOCKETPAIR, UNIX, STREAM, 0, NOTHING_THERE), -EFAULT,
           "socket.pair_to_nowhere");
    expect(call(LISTEN, pipe[0], 1), -ENOTSOCK, "socket.is_none");
    expect(call(LISTEN, 99, 1), -EBADF, "socket.no_file");
    long s = call(SOCKET, UNIX, STREAM, 0);
    expect(call(BIND, s, &odd, 16), -EINVAL, "socket.odd_family");
    expect(call(BIND, s, &odd, 1), -EINVAL, "socket.short_name");
    expect(call(BIND, s, &odd, 111), -EINVAL, "socket.long_name");
    expect(call(BIND, s, NOTHING_THERE, 20), -EFAULT, "socket.name_nowhere");
    expect(call(LISTEN, s, 1), -EINVAL, "socket.has_no_name");
    expect(call(SENDTO, s, "x", 1, NOSIGNAL, 0, 0), -ENOTCONN,
           "socket.is_not_connected");
    expect(call(SENDTO, s, NOTHING_THERE, 1, 0, 0, 0), -EFAULT,
           "socket.bytes_nowhere");
    expect(at(CONNECT, s, "/tmp/none"), -ENOENT, "socket.no_such_path");
    expect(at(CONNECT, s, "@none"), -ECONNREFUSED, "socket.no_such_name");
    expect(at(CONNECT, s, "/t/text"), -ECONNREFUSED, "socket.is_a_file");
    long other = call(SOCKET, UNIX, STREAM, 0);
    expect(call(SHUTDOWN, other, 1), 0, "socket.nothing_to_shut");
    call(CLOSE, other);
    expect(call(SETSOCKOPT, s, 1, 99, &number, 4), -ENOPROTOOPT,
           "socket.odd_option");
    call(CLOSE, s);
    call(CLOSE, pipe[0]);
    call(CLOSE, pipe[1]);
}

static void pair(void)
{
    int word = 0, size = 4;
    expect(call(SOCKETPAIR, UNIX, STREAM, 0, both), 0, "pair.is_made");
    call(WRITE, both[0], "one", 3);
    call(WRITE, both[0], "two", 3);
    expect(get(both[1]), 6, "pair.is_a_stream");
    expect_text(text, "onetwo", "pair.in_order");
    call(SENDTO, both[1], "back", 4, 0, 0, 0);
    expect(call(RECVFROM, both[0], text, 2, PEEK, 0, 0), 2, "pair.peeks");
    expect(get(both[0]), 4, "pair.both_ways");
    expect(call(RECVFROM, both[0], text, 1, DONTWAIT, 0, 0), -EAGAIN,
           "pair.is_empty");
    call(GETSOCKOPT, both[0], 1, 3, &word, &size);
    expect(word, STREAM, "pair.type");
    expect(call(SHUTDOWN, both[0], 1), 0, "pair.is_shut");
    expect(get(both[1]), 0, "pair.end");
    expect(call(SENDTO, both[0], "x", 1, NOSIGNAL, 0, 0), -EPIPE,
           "pair.writes_no_more");
    expect(call(WRITE, both[1], "y", 1), 1, "pair.other_way_is_open");
    call(CLOSE, both[0]);
    expect(get(both[1]), -ECONNRESET, "pair.what_was_not_read");
    expect(get(both[1]), 0, "pair.is_gone");
    call(CLOSE, both[1]);
}

/* More than there is room for: both wait for each other. */
static void much(void)
{
    static char out[BIG], in[BIG];
    long wrong = 0;
    for (long i = 0; i < BIG; i++) { out[i] = (char)(i * 7 + i / 251); }
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    long child = fork_child();
    if (child == 0) { leave(call(SENDTO, both[0], out, BIG, 0, 0, 0) != BIG); }
    expect(call(RECVFROM, both[1], in, BIG, WAITALL, 0, 0), BIG, "much.comes");
    for (long i = 0; i < BIG; i++) { wrong += in[i] != out[i]; }
    expect(wrong, 0, "much.is_the_same");
    expect(status_of(child), 0, "much.was_sent");
    long sent = 0, part;
    while ((part = call(SENDTO, both[0], out, BIG, DONTWAIT, 0, 0)) > 0) {
        sent += part;
    }
    expect(part, -EAGAIN, "much.is_full");
    expect(sent > 60000 && sent < BIG, 1, "much.is_bounded");
    call(CLOSE, both[0]);
    call(CLOSE, both[1]);
}

/* A write that ends at a hole leaves nothing to the next call. */
static void after_half(void)
{
    static char room[1000];
    char *edge = pages(2);
    int ends[2]; /* the pipe takes a page, and then there is no more */
    call(MUNMAP, edge + PAGE, PAGE);
    call(PIPE2, ends, 0);
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    expect(call(WRITE, ends[1], edge, 5000), PAGE, "half.of_a_write");
    expect(call(SENDTO, both[0], "x", 1, 0, 0, 0), 1, "half.one_is_sent");
    expect(call(RECVFROM, both[1], room, sizeof room, DONTWAIT, 0, 0), 1,
           "half.no_more_comes");
    call(CLOSE, ends[0]);
    call(CLOSE, ends[1]);
    call(CLOSE, both[0]);
    call(CLOSE, both[1]);
}

/* Who waits in the middle of a message may have its parts changed: what they
 * name no more is not sent. */
static void changed_parts(void)
{
    char *big = pages(BIG / PAGE + 1), *shared;
    shared =
        (char *)call(MMAP, 0, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct vector *part = (struct vector *)shared;
    struct header *out = (struct header *)(shared + 64);
    part[0] = (struct vector){ big, BIG };
    *out = (struct header){ 0, 0, part, 1, 0, 0, 0 };
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    long child = fork_child(), in = 0, got;
    if (child == 0) {
        long sent = call(SENDMSG, both[0], out, 0);
        leave(sent > 0 && sent < BIG ? 0 : 1);
    }
    call(CLOSE, both[0]);
    await_waiting(child); /* for room */
    part[0].bytes = 10;
    while ((got = call(RECVFROM, both[1], big, PAGE, 0, 0, 0)) > 0) {
        in += got;
    }
    expect(in > 60000 && in <= 131072, 1, "changed.nothing_else_comes");
    expect(status_of(child), 0, "changed.tells_what_was_sent");
    call(CLOSE, both[1]);
    call(MUNMAP, big, (BIG / PAGE + 1) * PAGE);
    call(MUNMAP, shared, PAGE);
}

/* The same of who waits for the rest: no more is taken from the sender. */
static void changed_room(void)
{
    char *shared = (char *)call(MMAP, 0, PAGE, PROT_RW,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    static char room[300];
    struct vector *part = (struct vector *)shared;
    struct header *in = (struct header *)(shared + 64);
    part[0] = (struct vector){ room, 200 };
    *in = (struct header){ 0, 0, part, 1, 0, 0, 0 };
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    long child = fork_child();
    if (child == 0) {
        leave(call(RECVMSG, both[1], in, WAITALL) == 100 ? 0 : 1);
    }
    expect(call(SENDTO, both[0], room, 100, 0, 0, 0), 100, "room.a_half_comes");
    await_waiting(child); /* for the other */
    part[0].bytes = 10;
    expect(call(SENDTO, both[0], room, 50, 0, 0, 0), 50, "room.more_comes");
    expect(status_of(child), 0, "room.tells_what_came");
    expect(call(RECVFROM, both[1], room, sizeof room, DONTWAIT, 0, 0), 50,
           "room.nothing_is_lost");
    call(CLOSE, both[0]);
    call(CLOSE, both[1]);
    call(MUNMAP, shared, PAGE);
}

static void packets(void)
{
    static char big[80000];
    struct vector parts[2] = { { "ab", 2 }, { "cde", 3 } };
    struct header out = { 0, 0, parts, 2, 0, 0, 0 };
    struct vector room = { text, 3 };
    struct header in = { 0, 0, &room, 1, 0, 0, 0 };
    call(SOCKETPAIR, UNIX, ROW, 0, both);
    call(WRITE, both[0], "one", 3);
    expect(call(SENDMSG, both[0], &out, 0), 5, "packet.of_parts");
    expect(get(both[1]), 3, "packet.is_one");
    expect(call(RECVMSG, both[1], &in, 0), 3, "packet.is_cut");
    expect(in.flags, TRUNCATED, "packet.is_told_so");
    call(WRITE, both[0], "longer", 6);
    expect(call(RECVFROM, both[1], text, 2, TRUNCATED, 0, 0), 6,
           "packet.whole_length");
    expect(call(SENDTO, both[0], big, sizeof big, 0, 0, 0), -EMSGSIZE,
           "packet.too_long");
    expect(call(SENDTO, both[0], big, 50000, 0, 0, 0), 50000, "packet.long");
    expect(call(RECVFROM, both[1], big, sizeof big, 0, 0, 0), 50000,
           "packet.long_is_one");
    out.count = 2000;
    expect(call(SENDMSG, both[0], &out, 0), -EMSGSIZE, "packet.many_parts");
    call(WRITE, both[0], "", 0);
    call(CLOSE, both[0]);
    expect(get(both[1]), 0, "packet.end");
    call(CLOSE, both[1]);
}

static void singles(void)
{
    struct name from;
    int bytes = sizeof from;
    long a = call(SOCKET, UNIX, SINGLE, 0), b = call(SOCKET, UNIX, SINGLE, 0);
    struct name to;
    long to_bytes = name_of(&to, "@b");
    at(BIND, a, "/tmp/a");
    at(BIND, b, "@b");
    expect(call(SENDTO, a, "hello", 5, 0, &to, to_bytes), 5, "single.is_sent");
    expect(call(RECVFROM, b, text, 63, 0, &from, &bytes), 5, "single.comes");
    expect_text(from.path, "/tmp/a", "single.from_whom");
    expect(at(CONNECT, b, "/tmp/a"), 0, "single.is_connected");
    expect(call(WRITE, b, "answer", 6), 6, "single.goes_there");
    expect(get(a), 6, "single.came_there");
    long s = call(SOCKET, UNIX, STREAM, 0);
    expect(at(CONNECT, s, "/tmp/a"), -EPROTOTYPE, "single.is_no_stream");
    expect(at(BIND, s, "/tmp/a"), -EADDRINUSE, "single.name_is_used");
    expect(at(BIND, s, "@b"), -EADDRINUSE, "single.other_name_is_used");
    call(CLOSE, s);
    call(CLOSE, a);
    expect(call(WRITE, b, "x", 1), -ECONNREFUSED, "single.is_gone");
    expect(call(OPENAT, HERE, "/tmp/a", O_RDWR), -6, "single.is_not_opened");
    call(UNLINKAT, HERE, "/tmp/a", 0);
    call(CLOSE, b);
}

static void connections(void)
{
    struct name name;
    int bytes = sizeof name;
    long s = call(SOCKET, UNIX, STREAM, 0), client;
    at(BIND, s, "/tmp/s");
    expect(call(ACCEPT, s, 0, 0), -EINVAL, "listen.does_not_yet");
    client = call(SOCKET, UNIX, STREAM, 0);
    expect(at(CONNECT, client, "/tmp/s"), -ECONNREFUSED, "listen.nobody_does");
    expect(call(LISTEN, s, 1), 0, "listen.begins");
    call(FCNTL, s, 4, O_NONBLOCK);
    expect(call(ACCEPT, s, 0, 0), -EAGAIN, "listen.nobody_comes");
    call(FCNTL, s, 4, 0);
    long child = fork_child();
    if (child == 0) {
        at(CONNECT, client, "/tmp/s");
        call(WRITE, client, "hello", 5);
        leave(get(client));
    }
    long served = call(ACCEPT4, s, &name, &bytes, O_CLOEXEC);
    expect(served > 0, 1, "listen.accepts");
    expect(bytes, 2, "listen.client_has_no_name");
    expect(get(served), 5, "listen.bytes");
    call(WRITE, served, "ok", 2);
    expect(status_of(child) >> 8, 2, "listen.answer");
    bytes = sizeof name;
    call(GETPEERNAME, client, &name, &bytes);
    expect_text(name.path, "/tmp/s", "listen.peer's_name");
    expect(at(CONNECT, client, "/tmp/s"), -EISCONN, "listen.is_connected");
    call(CLOSE, served);
    expect(get(client), 0, "listen.end");
    call(CLOSE, client);
    client = call(SOCKET, UNIX, STREAM, 0); /* nobody accepts it */
    expect(at(CONNECT, client, "/tmp/s"), 0, "listen.waits");
    long many = 0, last[4];
    for (int i = 0; i < 4; i++) {
        last[i] = call(SOCKET, UNIX, STREAM | O_NONBLOCK, 0);
        many += at(CONNECT, last[i], "/tmp/s") == 0;
    }
    expect(many, 1, "listen.so_many_wait");
    call(CLOSE, s);
    expect(call(SENDTO, client, "x", 1, NOSIGNAL, 0, 0), -EPIPE,
           "listen.is_over");
    expect(at(CONNECT, last[3], "/tmp/s"), -ECONNREFUSED, "listen.is_gone");
    for (int i = 0; i < 4; i++) { call(CLOSE, last[i]); }
    call(CLOSE, client);
    call(UNLINKAT, HERE, "/tmp/s", 0);
}

void test(void)
{
    refusals();
    pair();
    much();
    after_half();
    changed_parts();
    changed_room();
    packets();
    singles();
    connections();
    call(SOCKETPAIR, UNIX, STREAM, 0, both); /* is left to the end */
    call(WRITE, both[0], "left", 4);
}
