/* Descriptors that go through Unix sockets, and who has sent them. */
#include "accounts.h"
#include "bare.h"

enum {
    SOCKET = 198,
    SOCKETPAIR,
    BIND,
    LISTEN,
    CONNECT = 203,
    SETSOCKOPT = 208,
    GETSOCKOPT,
    SENDMSG = 211,
    RECVMSG
};
enum { UNIX = 1, STREAM = 1, SINGLE = 2, ROW = 5 };
enum { SOL_SOCKET = 1, RIGHTS = 1, CREDENTIALS = 2, PASSCRED = 16 };
enum { PEEK = 2, CUT = 8, DONTWAIT = 0x40, CLOSE_BY_EXEC = 0x40000000 };
enum { MANY = 253, DEEP = 300, HEAD = 16, GETFD = 1, NOFILE = 7 };

struct control {
    long bytes;
    int level, type;
    int data[MANY + 3];
};

static int both[2];
static char text[64];
static struct control control; /* the one that was sent, or has come */
static long flags, room;       /* of what has come */

static long send_control(long to, const char *bytes, long control_bytes)
{
    struct vector part = { (void *)bytes, length(bytes) };
    struct header out = { 0, 0, &part, 1, &control, control_bytes, 0 };
    return call(SENDMSG, to, &out, DONTWAIT);
}

/* Sends so many descriptors, of which that is the first. */
static long pass(long to, const char *bytes, const int *files, long count)
{
    control = (struct control){ HEAD + 4 * count, SOL_SOCKET, RIGHTS, { 0 } };
    for (long i = 0; i < count; i++) { control.data[i] = files[i]; }
    return send_control(to, bytes, (HEAD + 4 * count + 7) / 8 * 8);
}

static long pass_one(long to, const char *bytes, long file)
{
    int one = (int)file;
    return pass(to, bytes, &one, 1);
}

static long receive_at(long from, long control_bytes, long how)
{
    struct vector part = { text, 63 };
    struct header in = { 0, 0, &part, 1, &control, control_bytes, 0 };
    memset(text, 0, sizeof text);
    memset(&control, 0, sizeof control);
    if (control_bytes == 0) { in.control = 0; }
    long result = call(RECVMSG, from, &in, how | DONTWAIT);
    flags = in.flags & 0xffffffff;
    room = in.control_bytes;
    return result;
}

static long receive(long from) { return receive_at(from, sizeof control, 0); }

/* How many descriptors have come. */
static long count_of(void)
{
    return control.type == RIGHTS ? (control.bytes - HEAD) / 4 : 0;
}

static void close_both(const int *ends)
{
    call(CLOSE, ends[0]);
    call(CLOSE, ends[1]);
}

static void close_come(void)
{
    for (long i = 0; i < count_of(); i++) { call(CLOSE, control.data[i]); }
}

/* ---- one ----------------------------------------------------------------- */

static void passes(long type, const char *name)
{
    int ends[2];
    char byte = 0;
    call(PIPE2, ends, 0);
    call(SOCKETPAIR, UNIX, type, 0, both);
    expect(pass_one(both[0], "go", ends[1]), 2, name);
    call(CLOSE, ends[1]);
    expect(receive(both[1]), 2, name);
    expect(count_of() == 1 && flags == 0 && room == 24, 1, name);
    int end = control.data[0];
    call(WRITE, end, "!", 1);
    call(READ, ends[0], &byte, 1);
    expect(byte, '!', name);
    expect(call(FCNTL, end, GETFD), 0, name);
    call(CLOSE, end);
    expect(call(READ, ends[0], &byte, 1), 0, name);
    call(CLOSE, ends[0]);
    close_both(both);
}

static void shares_its_place(void)
{
    char byte;
    long file = call(OPENAT, HERE, "/tmp/shared", O_CREAT | O_RDWR, 0600);
    call(WRITE, file, "abc", 3);
    call(LSEEK, file, 0, 0);
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    pass_one(both[0], "x", file);
    long child = fork_child();
    if (child == 0) {
        receive(both[1]);
        call(READ, control.data[0], &byte, 1);
        leave(byte);
    }
    expect(status_of(child), 'a' << 8, "one.another_process_has_it");
    call(READ, file, &byte, 1);
    expect(byte, 'b', "one.both_have_one_place");
    call(CLOSE, file);
    call(UNLINKAT, HERE, "/tmp/shared", 0);
    close_both(both);
}

/* ---- how they come ------------------------------------------------------- */

static void ways(void)
{
    int ends[2], files[3];
    char byte;
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    call(PIPE2, ends, 0);
    files[0] = files[1] = files[2] = ends[1];
    pass_one(both[0], "x", ends[1]);
    receive_at(both[1], sizeof control, CLOSE_BY_EXEC);
    expect(flags, CLOSE_BY_EXEC, "way.is_told_again");
    expect(call(FCNTL, control.data[0], GETFD), 1, "way.closed_by_exec");
    close_come();
    pass(both[0], "x", files, 3);
    expect(receive_at(both[1], HEAD + 8, 0), 1, "way.room_for_two");
    expect(count_of(), 2, "way.two_come");
    expect(flags, CUT, "way.it_is_cut");
    close_come();
    pass(both[0], "x", files, 2);
    expect(receive_at(both[1], HEAD + 3, 0), 1, "way.room_for_none");
    expect(flags == CUT && room == 0, 1, "way.none_comes");
    pass_one(both[0], "x", ends[1]);
    expect(receive_at(both[1], 0, 0), 1, "way.not_wanted");
    expect(flags, CUT, "way.that_is_told");
    pass_one(both[0], "xy", ends[1]);
    expect(call(READ, both[1], &byte, 1), 1, "way.read_alone");
    call(CLOSE, ends[1]);
    expect(call(READ, ends[0], &byte, 1), 0, "way.all_others_are_closed");
    expect(receive(both[1]), 1, "way.the_rest");
    expect(count_of(), 0, "way.has_none_any_more");
    call(CLOSE, ends[0]);
    close_both(both);
}

static void in_streams(void)
{
    int ends[2];
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    call(PIPE2, ends, 0);
    call(WRITE, both[0], "ab", 2);
    pass_one(both[0], "cd", ends[1]);
    call(WRITE, both[0], "ef", 2);
    expect(receive(both[1]), 4, "stream.with_what_was_before");
    expect(count_of(), 1, "stream.it_comes");
    close_come();
    expect(receive(both[1]), 2, "stream.not_with_what_is_behind");
    expect(count_of(), 0, "stream.it_came_once");
    pass_one(both[0], "1", ends[1]);
    pass_one(both[0], "2", ends[0]);
    expect(receive(both[1]), 1, "stream.one_at_a_time");
    close_come();
    expect(receive(both[1]), 1, "stream.then_the_other");
    expect(count_of(), 1, "stream.also_with_one");
    close_come();
    expect(pass_one(both[0], "", ends[1]), 0, "stream.without_a_byte");
    expect(receive(both[1]), -EAGAIN, "stream.nothing_comes");
    pass_one(both[0], "peek", ends[1]);
    expect(receive_at(both[1], sizeof control, PEEK), 4, "stream.peek");
    expect(count_of(), 1, "stream.gives_one");
    close_come();
    expect(receive(both[1]), 4, "stream.it_is_still_there");
    expect(count_of(), 1, "stream.and_comes_again");
    close_come();
    close_both(ends);
    close_both(both);
    call(SOCKETPAIR, UNIX, ROW, 0, both);
    call(PIPE2, ends, 0);
    expect(pass_one(both[0], "", ends[1]), 0, "packet.without_a_byte");
    expect(receive(both[1]), 0, "packet.comes");
    expect(count_of(), 1, "packet.with_it");
    close_come();
    close_both(ends);
    close_both(both);
}

static void limits(void)
{
    static int files[MANY + 1];
    long before[2], few[2];
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    for (long i = 0; i <= MANY; i++) { files[i] = both[0]; }
    expect(pass(both[0], "x", files, MANY + 1), -EINVAL, "limit.too_many");
    expect(pass(both[0], "x", files, MANY), 1, "limit.as_many_as_may_be");
    call(PRLIMIT64, 0, NOFILE, 0, before);
    long next = call(DUP, 0);
    call(CLOSE, next);
    few[0] = next + 3;
    few[1] = before[1];
    call(PRLIMIT64, 0, NOFILE, few, 0);
    expect(receive(both[1]), 1, "limit.few_numbers");
    expect(count_of(), 3, "limit.so_many_come");
    expect(flags, CUT, "limit.others_do_not");
    call(PRLIMIT64, 0, NOFILE, before, 0);
    close_come();
    close_both(both);
}

static void refusals(void)
{
    struct header nowhere = { .control = (void *)NOTHING_THERE,
                              .control_bytes = 24 };
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    expect(pass_one(both[0], "x", 999), -EBADF, "refused.no_file");
    expect(pass_one(both[0], "x", -1), -EBADF, "refused.no_number");
    expect(pass(both[0], "x", both, 0), 1, "refused.none_is_fine");
    control = (struct control){ HEAD - 1, SOL_SOCKET, RIGHTS, { 0 } };
    expect(send_control(both[0], "x", 24), -EINVAL, "refused.short_record");
    control.bytes = 25;
    expect(send_control(both[0], "x", 24), -EINVAL, "refused.long_record");
    control.bytes = -1;
    expect(send_control(both[0], "x", 24), -EINVAL, "refused.longest_record");
    control = (struct control){ 20, SOL_SOCKET, 99, { 0 } };
    expect(send_control(both[0], "x", 24), -EINVAL, "refused.odd_type");
    control.level = 6;
    expect(send_control(both[0], "x", 24), 1, "refused.others_are_passed");
    expect(send_control(both[0], "x", HEAD - 1), 1, "refused.no_record");
    expect(call(SENDMSG, both[0], &nowhere, 0), -EFAULT, "refused.nowhere");
    expect(receive(both[1]), 3, "refused.what_was_sent");
    expect(count_of(), 0, "refused.nothing_with_it");
    close_both(both);
}

/* ---- who has sent it ----------------------------------------------------- */

static long pass_credentials(long process)
{
    control = (struct control){
        HEAD + 12, SOL_SOCKET, CREDENTIALS, { (int)process, 0, 0 }
    };
    return send_control(both[0], "y", 32);
}

static void senders(void)
{
    int on = 1, size = 4, told = 0;
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    call(SETSOCKOPT, both[1], SOL_SOCKET, PASSCRED, &on, 4);
    call(GETSOCKOPT, both[1], SOL_SOCKET, PASSCRED, &told, &size);
    expect(told, 1, "sender.is_wanted");
    long child = fork_child();
    if (child == 0) { leave(call(WRITE, both[0], "child", 5)); }
    status_of(child);
    call(WRITE, both[0], "mine", 4);
    expect(receive(both[1]), 5, "sender.one_at_a_time");
    expect(control.type, CREDENTIALS, "sender.is_told");
    expect(control.bytes == 28 && room == 32, 1, "sender.in_full");
    expect(control.data[0], child, "sender.is_the_child");
    expect(receive(both[1]), 4, "sender.then_the_other");
    expect(control.data[0], call(GETPID), "sender.is_oneself");
    expect(pass_credentials(call(GETPID)), 1, "sender.says_so");
    expect(pass_credentials(1 << 21), -ESRCH, "sender.is_nobody");
    expect(receive_at(both[1], HEAD + 4, 0), 1, "sender.has_little_room");
    expect(flags == CUT && control.bytes == 20 && room == 20, 1,
           "sender.is_cut");
    close_both(both);
}

/* ---- what nobody can receive --------------------------------------------- */

/* Each has the other one, or itself, and nobody has them. */
static void circles(void)
{
    int other[2];
    struct accounts before;
    struct {
        unsigned short family;
        char path[8];
    } name = { UNIX, "\0circle" };
    accounts_read(&before); /* which takes a page */
    accounts_read(&before);
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    pass_one(both[0], "x", both[1]);
    pass_one(both[1], "x", both[0]);
    close_both(both);
    expect(accounts_are(&before, "circle", 1), 1, "circle.of_one");
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    call(SOCKETPAIR, UNIX, ROW, 0, other);
    pass_one(both[0], "x", other[1]);
    pass_one(other[0], "x", both[1]);
    pass(other[0], "y", both, 2);
    close_both(both);
    close_both(other);
    expect(accounts_are(&before, "circle", 2), 1, "circle.of_two");
    long s = call(SOCKET, UNIX, STREAM, 0);
    call(BIND, s, &name, 9);
    call(LISTEN, s, 4);
    long client = call(SOCKET, UNIX, STREAM, 0);
    expect(call(CONNECT, client, &name, 9), 0, "circle.waits_for_accept");
    pass_one(client, "x", s);
    call(CLOSE, client);
    call(CLOSE, s);
    expect(accounts_are(&before, "circle", 3), 1, "circle.of_a_listener");
}

/* Who can still be reached stays, with all that lies in him. */
static void reached(void)
{
    int way[2];
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    call(SOCKETPAIR, UNIX, STREAM, 0, way);
    pass_one(both[0], "self", both[1]);
    pass_one(way[0], "go", both[1]);
    call(CLOSE, both[1]);
    expect(receive(way[1]), 2, "reached.comes");
    int end = control.data[0];
    expect(receive(end), 4, "reached.has_what_lay_in_it");
    expect(count_of(), 1, "reached.and_itself");
    close_come();
    call(WRITE, both[0], "on", 2);
    expect(receive(end), 2, "reached.goes_on");
    call(CLOSE, end);
    call(CLOSE, both[0]);
    close_both(way);
}

/* Each in the next one: the last one's end is that of all. */
static void deep(void)
{
    struct accounts before;
    accounts_read(&before);
    call(SOCKETPAIR, UNIX, STREAM, 0, both);
    for (long i = 0; i < DEEP; i++) {
        int next[2];
        call(SOCKETPAIR, UNIX, STREAM, 0, next);
        pass(next[0], "x", both, 2);
        close_both(both);
        both[0] = next[0];
        both[1] = next[1];
    }
    close_both(both);
    expect(accounts_are(&before, "depth", DEEP), 1, "deep.all_ends");
}

void test(void)
{
    passes(STREAM, "one.through_a_stream");
    passes(SINGLE, "one.through_single_packets");
    passes(ROW, "one.through_packets_in_a_row");
    shares_its_place();
    ways();
    in_streams();
    limits();
    refusals();
    senders();
    circles();
    reached();
    deep();
    call(SOCKETPAIR, UNIX, STREAM, 0, both); /* is left to the end */
    pass(both[0], "left", both, 2);
}
