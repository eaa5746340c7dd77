/* Terminals: pairs, settings, sessions, job control. */
#include "bare.h"

enum {
    TCGETS = 0x5401,
    TCSETS,
    TCFLSH = 0x540b,
    TIOCSCTTY = 0x540e,
    TIOCGPGRP,
    TIOCSPGRP,
    TIOCGWINSZ = 0x5413,
    TIOCSWINSZ,
    FIONREAD = 0x541b,
    TIOCPKT = 0x5420,
    TIOCNOTTY = 0x5422,
    TIOCGSID = 0x5429,
    TIOCGPTPEER = 0x5441,
};
#define TIOCGPTN 0x80045430l
#define TIOCSPTLCK 0x40045431l
enum { O_NOCTTY = 0400 };
enum { ICANON = 2, ECHO = 8, TOSTOP = 0x100 };
enum { SIGHUP = 1, SIGINT, SIGCONT = 18, SIGTSTP = 20, SIGTTIN, SIGTTOU };
enum { WNOHANG = 1, WUNTRACED, WCONTINUED = 8 };
#define STOPPED_BY(signal) ((signal) << 8 | 0x7f)
#define PAIRS 64

struct settings {
    unsigned input, output, control, local;
    unsigned char line, character[19];
};
enum { VTIME = 5, VMIN };

static char text[PAGE];
static int master, slave;

static long open(const char *path, long flags)
{
    return call(OPENAT, HERE, path, flags, 0);
}

static long read_from(long fd)
{
    for (int i = 0; i < 64; i++) { text[i] = 0; }
    return call(READ, fd, text, 64);
}

static void make_pair(void)
{
    int unlocked = 0;
    master = (int)open("/dev/ptmx", O_RDWR | O_NOCTTY);
    call(IOCTL, master, TIOCSPTLCK, &unlocked);
    slave = (int)call(IOCTL, master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
}

static void close_pair(void)
{
    call(CLOSE, slave);
    call(CLOSE, master);
}

/* ---- pairs --------------------------------------------------------------- */

static void pairs(void)
{
    int number = -1, unlocked = 0;
    master = (int)open("/dev/ptmx", O_RDWR);
    expect(call(IOCTL, master, TIOCGPTN, &number), 0, "pair.number");
    expect(number, 0, "pair.the_first");
    expect(open("/dev/pts/0", O_RDWR), -EIO, "pair.is_locked");
    expect(call(IOCTL, master, TIOCSPTLCK, &unlocked), 0, "pair.unlock");
    slave = (int)open("/dev/pts/0", O_RDWR | O_NOCTTY);
    expect(slave > 0, 1, "pair.opened_by_its_name");
    expect(call(WRITE, slave, "out\n", 4), 4, "pair.slave_writes");
    expect(read_from(master), 5, "pair.master_reads");
    expect_text(text, "out\r\n", "pair.newline_and_return");
    expect(call(WRITE, master, "in\r", 3), 3, "pair.master_types");
    expect(read_from(slave), 3, "pair.slave_reads_a_line");
    expect_text(text, "in\n", "pair.return_is_newline");
    expect(read_from(master), 4, "pair.echo");
    expect_text(text, "in\r\n", "pair.echo_is_that");
    call(CLOSE, slave);
    expect(read_from(master), -EIO, "pair.nobody_has_the_slave");
    slave = (int)open("/dev/pts/0", O_RDWR | O_NOCTTY);
    call(CLOSE, master);
    expect(read_from(slave), 0, "pair.nobody_has_the_master");
    expect(call(WRITE, slave, "x", 1), -EIO, "pair.written_to_nobody");
    expect(open("/dev/pts/0", O_RDWR), -ENOENT, "pair.name_is_gone");
    call(CLOSE, slave);
}

/* What the slave writes comes behind a 0. */
static void packets(void)
{
    int on = 1;
    make_pair();
    expect(call(IOCTL, master, TIOCPKT, &on), 0, "packets.are_wanted");
    call(WRITE, slave, "ab", 2);
    expect(read_from(master), 3, "packets.one_byte_more");
    expect(text[0] == 0 && text[1] == 'a' && text[2] == 'b', 1,
           "packets.it_is_0");
    call(WRITE, slave, "c", 1);
    expect(call(READ, master, text, 1), 1, "packets.the_0_alone");
    expect(read_from(master), 2, "packets.then_the_rest");
    on = 0;
    call(IOCTL, master, TIOCPKT, &on);
    call(WRITE, slave, "d", 1);
    expect(read_from(master), 1, "packets.are_over");
    close_pair();
}

static void many(void)
{
    static int opened[PAIRS];
    long count = 0;
    while (count < PAIRS) {
        opened[count] = (int)open("/dev/ptmx", O_RDWR | O_NOCTTY);
        if (opened[count] < 0) { break; }
        count++;
    }
    expect(count, PAIRS, "many.pairs");
    expect(open("/dev/ptmx", O_RDWR), -ENOSPC, "many.too_many");
    while (count > 0) { call(CLOSE, opened[--count]); }
}

static void refused(void)
{
    struct settings settings;
    int number;
    make_pair();
    expect(call(IOCTL, slave, TCGETS, NOTHING_THERE), -EFAULT,
           "refused.settings_nowhere");
    expect(call(IOCTL, slave, TCSETS, NOTHING_THERE), -EFAULT,
           "refused.set_from_nowhere");
    expect(call(IOCTL, slave, TIOCGWINSZ, END_OF_SPACE - 4), -EFAULT,
           "refused.size_beyond");
    expect(call(IOCTL, slave, 0x1234, &number), -ENOTTY, "refused.unknown");
    expect(call(IOCTL, slave, TCFLSH, 3), -EINVAL, "refused.flush_what");
    expect(call(IOCTL, slave, TIOCGPGRP, &number), -ENOTTY,
           "refused.not_controlling");
    expect(call(IOCTL, slave, TIOCSPGRP, &number), -ENOTTY,
           "refused.not_controlling_either");
    expect(call(WRITE, slave, NOTHING_THERE, 4), -EFAULT,
           "refused.written_from_nowhere");
    call(WRITE, master, "abc\n", 4);
    expect(call(READ, slave, NOTHING_THERE, 4), -EFAULT,
           "refused.read_to_nowhere");
    expect(call(READ, master, NOTHING_THERE, 4), -EFAULT,
           "refused.read_by_the_master");
    close_pair();
    long file = open("/t/text", O_RDONLY);
    expect(call(IOCTL, file, TCGETS, &settings), -ENOTTY,
           "refused.no_terminal");
    call(CLOSE, file);
}

/* ---- settings ------------------------------------------------------------ */

static void change(unsigned local, int min, int time)
{
    struct settings settings;
    call(IOCTL, slave, TCGETS, &settings);
    settings.local ^= local;
    settings.character[VMIN] = (unsigned char)min;
    settings.character[VTIME] = (unsigned char)time;
    expect(call(IOCTL, slave, TCSETS, &settings), 0, "settings.are_taken");
}

static long milliseconds(void)
{
    long now[2];
    call(CLOCK_GETTIME, 1, now);
    return now[0] * 1000 + now[1] / 1000000;
}

static void keys(void)
{
    int count = -1;
    make_pair();
    change(ICANON | ECHO, 0, 0);
    expect(read_from(slave), 0, "keys.none_and_none_wanted");
    change(0, 3, 0);
    call(FCNTL, slave, 4, O_RDWR | O_NONBLOCK);
    call(WRITE, master, "ab", 2);
    expect(read_from(slave), -EAGAIN, "keys.two_of_three");
    expect(call(IOCTL, slave, FIONREAD, &count), 0, "keys.counted");
    expect(count, 2, "keys.two");
    call(WRITE, master, "\x03", 1);
    expect(read_from(slave), -EAGAIN, "keys.flushed_by_control_c");
    call(WRITE, master, "abcd", 4);
    expect(read_from(slave), 4, "keys.four");
    call(FCNTL, slave, 4, O_RDWR);
    change(0, 0, 2);
    long before = milliseconds();
    expect(read_from(slave), 0, "keys.none_in_time");
    long passed = milliseconds() - before;
    expect(passed >= 200 && passed < 2000, 1, "keys.a_fifth_of_a_second");
    change(0, 5, 1);
    call(WRITE, master, "xy", 2);
    expect(read_from(slave), 2, "keys.two_in_time");
    long child = fork_child();
    if (child == 0) {
        call(SCHED_YIELD);
        call(WRITE, master, "hello", 5);
        leave(0);
    }
    change(0, 5, 0);
    expect(read_from(slave), 5, "keys.waited_for");
    status_of(child);
    close_pair();
}

static void sizes(void)
{
    unsigned short size[4] = { 30, 100, 1, 2 }, got[4] = { 0 };
    make_pair();
    expect(call(IOCTL, slave, TIOCGWINSZ, got), 0, "size.at_first");
    expect(call(IOCTL, master, TIOCSWINSZ, size), 0, "size.set");
    call(IOCTL, slave, TIOCGWINSZ, got);
    expect(got[0] * 1000 + got[1], 30100, "size.is_that");
    close_pair();
}

/* ---- sessions ------------------------------------------------------------ */

static void lead(void)
{
    call(SETSID);
    call(IOCTL, slave, TIOCSCTTY, 0);
}

static void session(void)
{
    make_pair();
    long child = fork_child();
    if (child == 0) {
        int id = 0;
        long own = call(GETPID);
        call(SETSID);
        if (open("/dev/tty", O_RDWR) != -6) { leave(1); }
        if (call(IOCTL, slave, TIOCSCTTY, 0) != 0) { leave(2); }
        if (call(IOCTL, slave, TIOCGPGRP, &id) != 0 || id != own) { leave(3); }
        if (call(IOCTL, slave, TIOCGSID, &id) != 0 || id != own) { leave(4); }
        if (open("/dev/tty", O_RDWR) < 0) { leave(5); }
        id = 1;
        if (call(IOCTL, slave, TIOCSPGRP, &id) != -EPERM) { leave(6); }
        id = 30000;
        if (call(IOCTL, slave, TIOCSPGRP, &id) != -ESRCH) { leave(7); }
        if (call(IOCTL, slave, TIOCNOTTY, 0) != 0) { leave(8); }
        leave(0);
    }
    /* It gives its terminal up, and so hangs up on its own group. */
    expect(status_of(child), SIGHUP, "session.leader");
    child = fork_child();
    if (child == 0) {
        lead();
        call(WRITE, slave, "!", 1);
        for (;;) {}
    }
    read_from(master);
    call(WRITE, master, "\x03", 1);
    expect(status_of(child), SIGINT,
           "session.control_c_ends_one_that_computes");
    child = fork_child();
    if (child == 0) {
        lead();
        call(CLOSE, master);
        call(WRITE, slave, "!", 1);
        for (;;) { read_from(slave); }
    }
    read_from(master);
    call(CLOSE, slave);
    call(CLOSE, master);
    expect(status_of(child), SIGHUP, "session.hangs_up");
}

/* ---- job control --------------------------------------------------------- */

/* A job of the leader's: it reads, and ends with how many bytes came. */
static long job(void)
{
    long child = fork_child();
    if (child == 0) {
        call(SETPGID, 0, 0);
        long bytes = read_from(slave);
        leave(bytes < 0 ? 100 - bytes : bytes);
    }
    call(SETPGID, child, child);
    return child;
}

static long wait_for(long child, long options)
{
    int status = -1;
    return call(WAIT4, child, &status, options, 0) == child ? status : -1;
}

/* The leader reports by its own status what went wrong. */
static _Noreturn void leader(void)
{
    int group;
    long blocked = 1L << (SIGTTOU - 1), old, pause[2] = { 0, 20000000 };
    lead();
    long child = job();
    if (wait_for(child, WUNTRACED) != STOPPED_BY(SIGTTIN)) { leave(1); }
    if (wait_for(child, WUNTRACED | WNOHANG) != -1) { leave(2); }
    group = (int)child;
    if (call(IOCTL, slave, TIOCSPGRP, &group) != 0) { leave(3); }
    call(KILL, -child, SIGCONT);
    if (wait_for(child, WCONTINUED) != 0xffff) { leave(4); }
    call(NANOSLEEP, pause, 0); /* so that it reads */
    call(WRITE, master, "\x1a", 1);
    if (wait_for(child, WUNTRACED) != STOPPED_BY(SIGTSTP)) { leave(5); }
    call(KILL, child, 15); /* waits until it goes on */
    call(NANOSLEEP, pause, 0);
    if (wait_for(child, WUNTRACED | WNOHANG) != -1) { leave(6); }
    call(KILL, child, SIGCONT);
    if (wait_for(child, 0) != 15) { leave(7); }
    child = job();
    group = (int)child;
    /* It is in the background itself now, and an orphan. */
    if (call(IOCTL, slave, TIOCSPGRP, &group) != -EIO) { leave(11); }
    call(RT_SIGPROCMASK, 0, &blocked, &old, 8);
    if (call(IOCTL, slave, TIOCSPGRP, &group) != 0) { leave(12); }
    call(KILL, child, SIGCONT);
    call(WRITE, master, "abc\n", 4);
    if (wait_for(child, 0) != 4 << 8) { leave(8); }
    child = job();
    group = (int)child;
    call(IOCTL, slave, TIOCSPGRP, &group);
    call(KILL, child, SIGCONT);
    call(NANOSLEEP, pause, 0); /* so that it reads */
    call(WRITE, master, "\x1a", 1);
    if (wait_for(child, WUNTRACED) != STOPPED_BY(SIGTSTP)) { leave(13); }
    call(KILL, child, SIGKILL);
    if (wait_for(child, 0) != SIGKILL) { leave(14); }
    child = fork_child(); /* what carried it may carry this one */
    if (child == 0) { leave(3); }
    if (wait_for(child, 0) != 3 << 8) { leave(15); }
    child = job();
    if (wait_for(child, WUNTRACED) != STOPPED_BY(SIGTTIN)) { leave(9); }
    call(KILL, child, SIGKILL);
    if (wait_for(child, 0) != SIGKILL) { leave(10); }
    leave(0);
}

/* Its parent is in no other group: it is not stopped, but refused. */
static void orphan(void)
{
    make_pair();
    long child = fork_child();
    if (child == 0) {
        lead();
        int group = 0;
        long other = fork_child();
        if (other == 0) {
            call(SETPGID, 0, 0);
            for (;;) { call(SCHED_YIELD); }
        }
        call(SETPGID, other, other);
        group = (int)other;
        call(IOCTL, slave, TIOCSPGRP, &group);
        long result = read_from(slave);
        call(KILL, other, SIGKILL);
        status_of(other);
        leave(-result);
    }
    expect(status_of(child), EIO << 8, "jobs.an_orphan_is_refused");
    close_pair();
}

static void jobs(void)
{
    make_pair();
    long child = fork_child();
    if (child == 0) { leader(); }
    expect(status_of(child), 0, "jobs.stopped_and_continued");
    close_pair();
}

void test(void)
{
    pairs();
    packets();
    many();
    refused();
    keys();
    sizes();
    session();
    jobs();
    orphan();
}
