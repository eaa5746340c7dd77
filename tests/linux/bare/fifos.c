/* Named pipes: who opens one side waits for the other.  And bytes that go from
 * file to file: splice, copy_file_range, sendfile. */
#include "bare.h"

enum { TRUNCATE = 45, SPLICE = 76, PPOLL = 73, COPY_FILE_RANGE = 285 };
enum { FIFO = 0010000, ENXIO = 6, POLLIN = 1, POLLHUP = 16 };
enum { SOCKETPAIR = 199, SIGALRM = 14, SIGBUS = 7, INOTIFY_INIT1 = 26 };

static char text[64];

static long open(const char *path, long flags)
{
    return call(OPENAT, HERE, path, flags, 0644);
}

static long ready(long file)
{
    long one[1] = { (unsigned)file | (long)POLLIN << 32 };
    long time[2] = { 0, 0 };
    call(PPOLL, one, 1, time, 0, 8);
    return one[0] >> 48;
}

static void openings(void)
{
    expect(call(MKNODAT, HERE, "/tmp/f", FIFO | 0600, 0), 0, "fifo.is_made");
    expect(call(MKNODAT, HERE, "/tmp/f", FIFO | 0600, 0), -EEXIST,
           "fifo.is_there");
    expect(open("/tmp/f", O_WRONLY | O_NONBLOCK), -ENXIO, "fifo.no_reader");
    long child = fork_child();
    if (child == 0) {
        long out = open("/tmp/f", O_WRONLY);
        leave(call(WRITE, out, "hello", 5));
    }
    await_waiting(child);
    long in = open("/tmp/f", O_RDONLY);
    expect(call(READ, in, text, 63), 5, "fifo.writer_waits");
    expect_text(text, "hello", "fifo.bytes");
    expect(status_of(child), 5 << 8, "fifo.was_written");
    expect(call(READ, in, text, 63), 0, "fifo.end");
    call(CLOSE, in);
    child = fork_child();
    if (child == 0) {
        long from = open("/tmp/f", O_RDONLY);
        leave(call(READ, from, text, 63));
    }
    await_waiting(child);
    long out = open("/tmp/f", O_WRONLY | O_NONBLOCK);
    expect(out >= 0, 1, "fifo.who_waits_is_a_reader");
    expect(call(WRITE, out, "abc", 3), 3, "fifo.takes_bytes");
    call(CLOSE, out); /* gone before the reader has run */
    expect(status_of(child), 3 << 8, "fifo.reader_has_them");
}

static void without_waiting(void)
{
    long in = open("/tmp/f", O_RDONLY | O_NONBLOCK);
    expect(in >= 0, 1, "fifo.reader_need_not_wait");
    expect(call(READ, in, text, 9), 0, "fifo.no_writer");
    expect(ready(in), 0, "fifo.none_has_hung_up");
    long out = open("/tmp/f", O_WRONLY);
    expect(call(READ, in, text, 9), -EAGAIN, "fifo.a_writer_is_there");
    call(CLOSE, out);
    expect(ready(in), POLLHUP, "fifo.hangs_up");
    call(CLOSE, in);
    long both = open("/tmp/f", O_RDWR);
    expect(both >= 0, 1, "fifo.for_both");
    call(WRITE, both, "x", 1);
    expect(call(READ, both, text, 9), 1, "fifo.to_oneself");
    call(CLOSE, both);
}

/* Of who waits, nothing stays when it is ended. */
static void interrupted(void)
{
    long child = fork_child();
    if (child == 0) { leave(open("/tmp/f", O_WRONLY)); }
    await_waiting(child);
    call(KILL, child, SIGKILL);
    expect(status_of(child), SIGKILL, "fifo.is_killed");
    long in = open("/tmp/f", O_RDONLY | O_NONBLOCK);
    expect(call(READ, in, text, 9), 0, "fifo.killed_writer_is_gone");
    call(CLOSE, in);
    child = fork_child();
    if (child == 0) { leave(open("/tmp/f", O_RDONLY)); }
    await_waiting(child);
    call(KILL, child, SIGKILL);
    expect(status_of(child), SIGKILL, "fifo.reader_is_killed");
    expect(open("/tmp/f", O_WRONLY | O_NONBLOCK), -ENXIO,
           "fifo.killed_reader_is_gone");
    expect(call(UNLINKAT, HERE, "/tmp/f", 0), 0, "fifo.is_removed");
}

/* A pipe's side is opened at once, by /proc, whoever has the other one. */
static void without_a_name(void)
{
    int a[2];
    call(PIPE2, a, 0);
    call(DUP3, a[0], 40, 0);
    call(DUP3, a[1], 41, 0);
    call(CLOSE, a[0]);
    call(CLOSE, a[1]);
    call(CLOSE, 40);
    long out = open("/proc/self/fd/41", O_WRONLY | O_NONBLOCK);
    expect(out >= 0, 1, "pipe.opens_at_once");
    call(CLOSE, out);
    call(CLOSE, 41);
}

/* It can be written while a page is free, however little is wanted. */
static void room(void)
{
    static char page[PAGE];
    enum { POLLOUT = 4 };
    long one[1], time[2] = { 0, 0 };
    int a[2];
    call(PIPE2, a, O_NONBLOCK);
    for (long i = 0; i < 15; i++) { call(WRITE, a[1], page, PAGE); }
    one[0] = (unsigned)a[1] | (long)POLLOUT << 32;
    expect(call(PPOLL, one, 1, time, 0, 8), 1, "pipe.a_page_is_free");
    expect(call(WRITE, a[1], page, 1), 1, "pipe.takes_a_byte");
    expect(call(PPOLL, one, 1, time, 0, 8), 0, "pipe.no_page_is_free");
    expect(call(READ, a[0], page, PAGE), PAGE, "pipe.gives_one");
    expect(call(PPOLL, one, 1, time, 0, 8), 1, "pipe.one_is_free_again");
    call(CLOSE, a[0]);
    call(CLOSE, a[1]);
}

/* Full to the brim, with its end in the page that is half read. */
static void brim(void)
{
    static unsigned number[16 * PAGE / sizeof(unsigned)];
    enum { NUMBERS = sizeof number / sizeof *number, HALF = PAGE / 2 };
    int a[2];
    call(PIPE2, a, O_NONBLOCK);
    for (unsigned i = 0; i < NUMBERS; i++) { number[i] = i; }
    call(WRITE, a[1], number, PAGE);
    call(READ, a[0], number, HALF);
    expect(call(WRITE, a[1], number + NUMBERS / 16, 15 * PAGE) +
               call(WRITE, a[1], number, HALF),
           15 * PAGE + HALF, "pipe.takes_so_many");
    expect(call(WRITE, a[1], number, 1), -EAGAIN, "pipe.is_full");
    for (unsigned i = 0; i < NUMBERS; i++) { number[i] = 0; }
    expect(call(READ, a[0], number, 16 * PAGE), 16 * PAGE, "pipe.has_them");
    unsigned wrong = 0;
    for (unsigned i = 0; i < NUMBERS; i++) {
        wrong += number[i] != (i + HALF / sizeof i) % (NUMBERS);
    }
    expect(wrong, 0, "pipe.in_order");
    call(CLOSE, a[0]);
    call(CLOSE, a[1]);
}

static void splices(void)
{
    int a[2], b[2];
    long at = 2;
    call(PIPE2, a, 0);
    call(PIPE2, b, 0);
    long fd = open("/tmp/s", O_CREAT | O_RDWR | O_TRUNC);
    call(WRITE, fd, "0123456789", 10);
    expect(call(SPLICE, fd, &at, a[1], 0, 5, 0), 5, "splice.into_a_pipe");
    expect(at, 7, "splice.tells_how_far");
    expect(call(SPLICE, a[0], 0, b[1], 0, 3, 0), 3, "splice.between_pipes");
    expect(call(READ, b[0], text, 9), 3, "splice.so_many");
    text[3] = '\0';
    expect_text(text, "234", "splice.bytes");
    expect(call(SPLICE, a[0], 0, fd, 0, 100, 0), 2, "splice.out_of_a_pipe");
    expect(call(SPLICE, a[0], 0, fd, 0, 100, 2), -EAGAIN, "splice.is_empty");
    expect(call(LSEEK, fd, 0, 1), 12, "splice.moves_the_position");
    expect(call(SPLICE, fd, 0, fd, 0, 1, 0), -EINVAL, "splice.no_pipe");
    expect(call(SPLICE, a[0], 0, a[1], 0, 1, 0), -EINVAL, "splice.one_pipe");
    expect(call(SPLICE, a[0], &at, fd, 0, 1, 0), -ESPIPE,
           "splice.pipes_have_no_offset");
    expect(call(SPLICE, a[0], 0, fd, NOTHING_THERE, 1, 0), -EFAULT,
           "splice.offset_nowhere");
    expect(call(SPLICE, a[0], 0, fd, 0, 1, 64), -EINVAL, "splice.odd");
    expect(call(SPLICE, 99, 0, a[1], 0, 1, 0), -EBADF, "splice.no_file");
    call(CLOSE, a[1]);
    expect(call(SPLICE, a[0], 0, fd, 0, 1, 0), 0, "splice.end");
    call(CLOSE, a[0]);
    call(CLOSE, b[0]);
    call(CLOSE, b[1]);
    long other = open("/tmp/c", O_CREAT | O_RDWR), from = 8, to = 0;
    expect(call(COPY_FILE_RANGE, fd, &from, other, &to, 100, 0), 4, "copy");
    expect(from * 100 + to, 1204, "copy.tells_how_far");
    expect(call(PREAD64, other, text, 9, 0), 4, "copy.is_there");
    from = 0, to = 4;
    expect(call(COPY_FILE_RANGE, fd, &from, fd, &to, 8, 0), -EINVAL,
           "copy.onto_itself");
    expect(call(COPY_FILE_RANGE, fd, 0, other, 0, 8, 1), -EINVAL, "copy.odd");
    expect(call(SENDFILE, other, fd, NOTHING_THERE, 1), -EFAULT,
           "sendfile.offset_nowhere");
    call(CLOSE, fd);
    call(CLOSE, other);
    call(UNLINKAT, HERE, "/tmp/c", 0);
    expect(call(INOTIFY_INIT1, 0), -ENOSYS, "inotify.is_not_there");
}

/* What the other side has no room for, or what nobody reads. */
static void falls_short(void)
{
    static char page[PAGE];
    int a[2];
    call(PIPE2, a, O_NONBLOCK);
    long fd = open("/tmp/s", O_CREAT | O_RDWR | O_TRUNC), put = 0, part;
    for (long i = 0; i < 20; i++) {
        memset(page, (int)('a' + i), sizeof page);
        call(WRITE, fd, page, sizeof page);
    }
    call(LSEEK, fd, 0, 0);
    while ((part = call(SENDFILE, a[1], fd, 0, 20 * PAGE)) > 0) { put += part; }
    expect(part, -EAGAIN, "sendfile.is_full");
    expect(call(LSEEK, fd, 0, 1), put, "sendfile.stands_where_it_came_to");
    expect(put, 16 * PAGE, "sendfile.all_that_there_was_room_for");
    expect(call(READ, a[0], page, 100), 100, "sendfile.is_read");
    while ((part = call(SENDFILE, a[1], fd, 0, 20 * PAGE)) > 0) { put += part; }
    expect(call(LSEEK, fd, 0, 1), put, "sendfile.goes_on_there");
    int ends[2]; /* which take a part of what they are given */
    call(SOCKETPAIR, 1, 1 | O_NONBLOCK, 0, ends);
    call(WRITE, ends[1], page, 1);
    call(FTRUNCATE, fd, 1l << 20);
    call(LSEEK, fd, 0, 0);
    put = 0;
    while ((part = call(SENDFILE, ends[1], fd, 0, 1l << 20)) > 0) {
        put += part;
    }
    expect(part, -EAGAIN, "sendfile.socket_is_full");
    expect(put % PAGE != 0, 1, "sendfile.socket_takes_a_part");
    expect(call(LSEEK, fd, 0, 1), put, "sendfile.the_rest_stays");
    call(CLOSE, ends[0]);
    call(CLOSE, ends[1]);
    long child = fork_child();
    if (child == 0) {
        call(CLOSE, a[0]);
        leave(call(SENDFILE, a[1], fd, 0, 10));
    }
    expect(status_of(child) & 127, 0, "sendfile.the_parent_reads");
    call(CLOSE, a[0]);
    child = fork_child();
    if (child == 0) { leave(call(SENDFILE, a[1], fd, 0, 10)); }
    expect(status_of(child), SIGPIPE, "sendfile.nobody_reads");
    long from = 0, to = 10;
    expect(call(COPY_FILE_RANGE, fd, &from, fd, &to, 10, 0), 10,
           "copy.to_right_behind");
    from = 30, to = 20;
    expect(call(COPY_FILE_RANGE, fd, &from, fd, &to, 10, 0), 10,
           "copy.to_right_before");
    from = 30, to = 21;
    expect(call(COPY_FILE_RANGE, fd, &from, fd, &to, 10, 0), -EINVAL,
           "copy.over_its_end");
    call(CLOSE, a[1]);
    call(CLOSE, fd);
}

/* What a device gives goes on to a file, and into a pipe, as to a program. */
static void from_devices(void)
{
    enum { PARTS = 1024 };
    static char same[65536];
    static struct {
        void *address;
        unsigned long bytes;
    } part[PARTS];
    static const char *const names[] = { "/dev/zero", "/dev/full",
                                         "/dev/urandom" };
    int a[2];
    call(PIPE2, a, 0);
    long to = open("/tmp/s", O_CREAT | O_RDWR | O_TRUNC);
    for (long i = 0; i < 3; i++) {
        long from = open(names[i], O_RDONLY);
        expect(call(SENDFILE, to, from, 0, 5000), 5000, "sendfile.device");
        expect(call(SPLICE, from, 0, a[1], 0, 40, 0), 40, "splice.device");
        memset(text, 'x', sizeof text);
        expect(call(READ, a[0], text, 64), 40, "splice.device_bytes");
        expect(text[39] == 0 || i == 2, 1, "splice.device_zeros");
        expect(text[40], 'x', "splice.device_no_more");
        call(CLOSE, from);
    }
    long zeros = open("/dev/zero", O_RDONLY),
         none = open("/dev/null", O_WRONLY);
    expect(call(SENDFILE, none, zeros, 0, 1l << 30), 1l << 24,
           "sendfile.others_have_their_turn");
    for (long i = 0; i < PARTS; i++) {
        part[i].address = same;
        part[i].bytes = sizeof same;
    }
    expect(call(READV, zeros, part, PARTS), 1l << 24,
           "readv.others_have_their_turn");
    call(CLOSE, zeros);
    call(CLOSE, none);
    expect(call(PREAD64, to, text, 1, 9999), 1, "sendfile.device_bytes");
    expect(text[0], 0, "sendfile.device_zeros");
    call(CLOSE, to);
    call(CLOSE, a[0]);
    call(CLOSE, a[1]);
}

/* ---- truncation under mappings ------------------------------------------- */

/* How a child ends that touches the byte. */
static long touch(volatile char *at)
{
    long child = fork_child();
    if (child == 0) { leave(*at == 0 ? 1 : 2); }
    return status_of(child);
}

static void truncations(void)
{
    static char bytes[3 * PAGE];
    for (long i = 0; i < 3 * PAGE; i++) { bytes[i] = 'x'; }
    long fd = open("/tmp/s", O_RDWR | O_TRUNC);
    call(WRITE, fd, bytes, sizeof bytes);
    char *all = (char *)call(MMAP, 0, 3 * PAGE, PROT_RW, MAP_SHARED, fd, 0);
    char *own = (char *)call(MMAP, 0, 3 * PAGE, PROT_RW, MAP_PRIVATE, fd, 0);
    all[2 * PAGE] = 'y';
    own[0] = own[2 * PAGE] = 'z';
    expect(own[PAGE], 'x', "truncate.before");
    expect(call(FTRUNCATE, fd, PAGE + 10), 0, "truncate");
    expect(touch(all + 2 * PAGE), SIGBUS, "truncate.beyond_the_end");
    expect(touch(own + 2 * PAGE), SIGBUS, "truncate.own_page_goes_too");
    expect(touch(all + PAGE + 10), 1 << 8, "truncate.zeros_to_the_page's_end");
    expect(all[PAGE + 9], 'x', "truncate.what_is_left");
    expect(own[0], 'z', "truncate.own_page_before_the_end");
    expect(call(WRITE, 1, all + 2 * PAGE, 1), -EFAULT, "truncate.in_a_call");
    expect(call(FTRUNCATE, fd, 3 * PAGE), 0, "truncate.longer_again");
    expect(all[2 * PAGE], 0, "truncate.new_bytes_are_zero");
    all[2 * PAGE] = 'n';
    expect(call(PREAD64, fd, text, 1, 2 * PAGE), 1, "truncate.is_read");
    expect(text[0], 'n', "truncate.is_shared_anew");
    long other = open("/tmp/s", O_RDWR | O_TRUNC);
    expect(touch(all), SIGBUS, "truncate.by_open");
    call(CLOSE, other);
    expect(call(TRUNCATE, "/tmp/s", PAGE), 0, "truncate.by_path");
    expect(touch(all), 1 << 8, "truncate.is_back");
    expect(call(TRUNCATE, "/tmp", 0), -EISDIR, "truncate.a_folder");
    expect(call(TRUNCATE, "/tmp/s", -1), -EINVAL, "truncate.odd");
    call(MUNMAP, all, 3 * PAGE);
    call(MUNMAP, own, 3 * PAGE);
    call(CLOSE, fd);
    call(UNLINKAT, HERE, "/tmp/s", 0);
}

void test(void)
{
    openings();
    without_waiting();
    interrupted();
    without_a_name();
    room();
    brim();
    splices();
    falls_short();
    from_devices();
    truncations();
}
