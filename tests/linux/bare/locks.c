/* Locks on files: flock, and fcntl's on bytes. */
#include "bare.h"

enum { FLOCK = 32 };
enum { GETLK = 5, SETLK, SETLKW, OFD_GETLK = 36, OFD_SETLK, OFD_SETLKW };
enum { READS, WRITES, NONE };
enum { SH = 1, EX = 2, NB = 4, UN = 8 };
enum { EDEADLK = 35, EOVERFLOW = 75, MOST = 0x7fffffffffffffff };

struct lock {
    short type, whence;
    long start, length;
    int process, pad;
};

static long file;
static struct lock told;

static long order(long what, long of, int type, long start, long bytes)
{
    told = (struct lock){ (short)type, 0, start, bytes, 0, 0 };
    return call(FCNTL, of, what, &told);
}

static void briefly(void)
{
    long pause[2] = { 0, 20000000 };
    call(NANOSLEEP, pause, 0);
}

/* What another process has of these bytes; -1: they are free. */
static long others(long start, long bytes)
{
    long child = fork_child();
    if (child == 0) {
        order(GETLK, file, WRITES, start, bytes);
        leave(told.type == NONE ? 99 : (told.type << 6) + told.start);
    }
    long status = status_of(child) >> 8;
    return status == 99 ? -1 : status;
}

static void refusals(void)
{
    long reads = call(OPENAT, HERE, "/tmp/locked", O_RDONLY);
    long writes = call(OPENAT, HERE, "/tmp/locked", O_WRONLY);
    struct lock odd = { WRITES, 3, 0, 0, 0, 0 };
    expect(order(SETLK, 99, READS, 0, 0), -EBADF, "lock.no_file");
    expect(order(SETLK, reads, WRITES, 0, 0), -EBADF, "lock.cannot_write");
    expect(order(SETLK, writes, READS, 0, 0), -EBADF, "lock.cannot_read");
    expect(order(SETLK, file, 3, 0, 0), -EINVAL, "lock.odd_type");
    expect(order(GETLK, file, NONE, 0, 0), -EINVAL, "lock.asks_for_none");
    expect(order(SETLK, file, READS, -1, 0), -EINVAL, "lock.before");
    expect(order(SETLK, file, READS, 3, -4), -EINVAL, "lock.back_before");
    expect(order(SETLK, file, READS, MOST, 2), -EOVERFLOW, "lock.behind");
    expect(call(FCNTL, file, SETLK, &odd), -EINVAL, "lock.odd_origin");
    expect(call(FCNTL, file, SETLK, NOTHING_THERE), -EFAULT, "lock.nowhere");
    odd = (struct lock){ WRITES, 0, 0, 0, 7, 0 };
    expect(call(FCNTL, file, OFD_SETLK, &odd), -EINVAL, "lock.of_whom");
    expect(call(FLOCK, 99, SH), -EBADF, "flock.no_file");
    expect(call(FLOCK, file, SH | EX), -EINVAL, "flock.odd_order");
    call(CLOSE, reads);
    call(CLOSE, writes);
}

static void bytes(void)
{
    order(SETLK, file, WRITES, 10, 10);
    expect(others(0, 10), -1, "bytes.before");
    expect(others(19, 1), (WRITES << 6) + 10, "bytes.are_locked");
    expect(others(20, 0), -1, "bytes.behind");
    expect(order(GETLK, file, WRITES, 0, 0), 0, "bytes.own");
    expect(told.type, NONE, "bytes.own_is_not_in_the_way");
    order(SETLK, file, NONE, 13, 4);
    expect(others(13, 4), -1, "bytes.a_hole");
    expect(others(0, 13), (WRITES << 6) + 10, "bytes.before_the_hole");
    expect(others(13, 0), (WRITES << 6) + 17, "bytes.behind_the_hole");
    order(SETLK, file, WRITES, 13, 4);
    expect(others(0, 0), (WRITES << 6) + 10, "bytes.are_one_again");
    order(SETLK, file, READS, 0, 15);
    expect(others(0, 15), READS << 6, "bytes.become_shared");
    expect(others(15, 0), (WRITES << 6) + 15, "bytes.rest_is_exclusive");
    order(SETLK, file, NONE, 20, -20);
    expect(others(0, 0), -1, "bytes.all_are_free");
}

static void closing(void)
{
    order(SETLK, file, WRITES, 0, 1);
    call(CLOSE, call(DUP, file));
    expect(others(0, 1), -1, "close.of_any_descriptor");
    order(SETLK, file, WRITES, 0, 1);
    call(DUP3, call(OPENAT, HERE, "/tmp/locked", O_RDONLY), 20, 0);
    call(DUP3, file, 21, 0);
    call(DUP3, 20, 21, 0);
    expect(others(0, 1), -1, "close.by_another");
    order(SETLK, file, READS, 0, 1);
    call(CLOSE, call(DUP, file));
    expect(others(0, 1), -1, "close.of_a_shared_one");
    call(CLOSE_RANGE, file + 1, 30, 0);
}

/* Another has it, until it ends. */
static void waiting(void)
{
    int ready[2];
    char c;
    call(PIPE2, ready, 0);
    long child = fork_child();
    if (child == 0) {
        order(SETLK, file, WRITES, 5, 5);
        call(WRITE, ready[1], "x", 1);
        briefly();
        leave(0);
    }
    call(READ, ready[0], &c, 1);
    expect(order(SETLK, file, READS, 0, 0), -EAGAIN, "wait.is_refused");
    order(GETLK, file, READS, 0, 0);
    expect(told.process, child, "wait.for_whom");
    expect(order(SETLKW, file, READS, 0, 0), 0, "wait.until_it_ends");
    expect(others(0, 0), READS << 6, "wait.has_it");
    order(SETLK, file, NONE, 0, 0);
    status_of(child);
    call(CLOSE, ready[0]);
    call(CLOSE, ready[1]);
}

static void circle(void)
{
    int ready[2];
    char c;
    call(PIPE2, ready, 0);
    order(SETLK, file, WRITES, 0, 1);
    long child = fork_child();
    if (child == 0) {
        order(SETLK, file, WRITES, 1, 1);
        call(WRITE, ready[1], "x", 1);
        leave(order(SETLKW, file, WRITES, 0, 1) == 0);
    }
    call(READ, ready[0], &c, 1);
    briefly(); /* it waits by then; if not, it is the one that is refused */
    expect(order(SETLKW, file, WRITES, 1, 1), -EDEADLK, "wait.for_itself");
    order(SETLK, file, NONE, 0, 1);
    expect(status_of(child) >> 8, 1, "wait.the_other_has_it");
    call(CLOSE, ready[0]);
    call(CLOSE, ready[1]);
}

/* Has the byte, and waits for another one. */
static long holder(long of, long wanted)
{
    int ready[2];
    char c;
    call(PIPE2, ready, 0);
    long child = fork_child();
    if (child == 0) {
        order(SETLK, file, WRITES, of, 1);
        call(WRITE, ready[1], "x", 1);
        leave(order(SETLKW, file, WRITES, wanted, 1) == 0);
    }
    call(READ, ready[0], &c, 1);
    await_waiting(child);
    call(CLOSE, ready[0]);
    call(CLOSE, ready[1]);
    return child;
}

/* Each of three waits for the next one; it is the last that is refused. */
static void ring(void)
{
    order(SETLK, file, WRITES, 0, 1);
    long third = holder(2, 0), second = holder(1, 2);
    expect(order(SETLKW, file, WRITES, 1, 1), -EDEADLK, "ring.of_three");
    order(SETLK, file, NONE, 0, 1);
    expect(status_of(third) >> 8, 1, "ring.the_third_has_it");
    expect(status_of(second) >> 8, 1, "ring.and_the_second");
}

static void of_files(void)
{
    long other = call(OPENAT, HERE, "/tmp/locked", O_RDWR);
    long same = call(DUP, file);
    expect(order(OFD_SETLK, file, WRITES, 0, 4), 0, "ofd.locks");
    expect(order(OFD_SETLK, other, READS, 3, 4), -EAGAIN, "ofd.is_refused");
    expect(order(OFD_SETLK, same, READS, 3, 4), 0, "ofd.is_the_same");
    expect(order(OFD_GETLK, other, WRITES, 4, 0), 0, "ofd.is_asked");
    expect(told.process, -1, "ofd.is_nobody's");
    expect(told.type, READS, "ofd.is_shared");
    expect(order(SETLK, file, WRITES, 0, 4), -EAGAIN, "ofd.against_its_own");
    call(CLOSE, same);
    expect(order(OFD_SETLK, other, WRITES, 0, 0), -EAGAIN, "ofd.stays");
    order(OFD_SETLK, file, NONE, 0, 0);
    expect(order(OFD_SETLK, other, WRITES, 0, 0), 0, "ofd.changes_hands");
    call(CLOSE, other);
    expect(order(SETLK, file, WRITES, 0, 4), 0, "ofd.goes_with_its_file");
    order(SETLK, file, NONE, 0, 0);
}

static void whole(void)
{
    long other = call(OPENAT, HERE, "/tmp/locked", O_RDONLY);
    expect(call(FLOCK, file, SH), 0, "flock.shared");
    expect(call(FLOCK, other, SH | NB), 0, "flock.with_another");
    expect(call(FLOCK, other, EX | NB), -EAGAIN, "flock.not_alone");
    expect(call(FLOCK, file, UN), 0, "flock.is_given_back");
    expect(call(FLOCK, other, EX | NB), 0, "flock.alone");
    expect(order(SETLK, file, WRITES, 0, 0), 0, "flock.beside_bytes");
    order(SETLK, file, NONE, 0, 0);
    long child = fork_child();
    if (child == 0) {
        call(CLOSE, other);
        leave(call(FLOCK, file, EX) == 0);
    }
    briefly();
    call(CLOSE, other);
    expect(status_of(child) >> 8, 1, "flock.waits_for_the_last");
    expect(call(FLOCK, file, UN), 0, "flock.the_child's_is_ours");
}

/* Many small ones, which are one in the end. */
static void many(void)
{
    long good = 0;
    for (long i = 0; i < 200; i++) {
        good += order(SETLK, file, WRITES, 2 * i, 1) == 0;
    }
    expect(good, 200, "many.are_locked");
    expect(others(398, 1), ((WRITES << 6) + 398) & 255, "many.the_last");
    expect(others(397, 1), -1, "many.between");
    order(SETLK, file, WRITES, 0, 400);
    expect(others(0, 0), WRITES << 6, "many.are_one");
}

void test(void)
{
    file = call(OPENAT, HERE, "/tmp/locked", O_RDWR | O_CREAT, 0600);
    refusals();
    bytes();
    closing();
    waiting();
    circle();
    ring();
    of_files();
    whole();
    many();
    expect(call(UNLINKAT, HERE, "/tmp/locked", 0), 0, "lock.of_no_name");
}
