/* /proc, /dev/fd and /sys: what is there, and what is said when its process
 * ends. */
#include "bare.h"

static char text[2 * PAGE];

static long open(const char *path, long flags)
{
    return call(OPENAT, HERE, path, flags, 0);
}

/* The first bytes of a file, as a text; the number, or an error. */
static long read_at(long fd, long bytes, long offset)
{
    long got = call(PREAD64, fd, text, bytes, offset);
    text[got > 0 ? got : 0] = '\0';
    return got;
}

static long read_file(const char *path)
{
    long fd = open(path, O_RDONLY);
    if (fd < 0) { return fd; }
    long got = read_at(fd, sizeof text - 1, 0);
    call(CLOSE, fd);
    return got;
}

static long read_link(const char *path)
{
    long got = call(READLINKAT, HERE, path, text, sizeof text - 1);
    text[got > 0 ? got : 0] = '\0';
    return got;
}

static const char *find(const char *part)
{
    for (const char *at = text; *at != '\0'; at++) {
        long i = 0;
        while (part[i] != '\0' && at[i] == part[i]) { i++; }
        if (part[i] == '\0') { return at; }
    }
    return 0;
}

static long has(const char *part) { return find(part) != 0; }

/* /proc/NUMBER/last */
static const char *path_of(long number, const char *last)
{
    static char path[64];
    char digits[20], *to = path;
    long count = 0;
    for (const char *from = "/proc/"; *from != '\0';) { *to++ = *from++; }
    do {
        digits[count++] = (char)('0' + number % 10);
    } while ((number /= 10) > 0);
    while (count > 0) { *to++ = digits[--count]; }
    while ((*to++ = *last++) != '\0') {}
    return path;
}

static void own(void)
{
    expect(read_link("/proc/self"), 1, "self.leads_to_its_number");
    expect_text(text, "1", "self.is_1");
    expect(read_link("/proc/thread-self"), 8, "thread_self");
    expect_text(text, "1/task/1", "thread_self.is_1");
    expect(read_file("/proc/self/comm"), 5, "comm");
    expect_text(text, "proc\n", "comm.is_the_programs_name");
    expect(read_file("/proc/self/cmdline"), 8, "cmdline");
    expect_text(text, "/t/proc", "cmdline.has_its_end");
    expect(read_file("/proc/1/environ") > 0 && has("HOME=/root"), 1, "environ");
    expect(read_link("/proc/self/exe"), 7, "exe");
    expect_text(text, "/t/proc", "exe.its_path");
    expect(read_link("/proc/self/cwd"), 1, "cwd");
    expect(read_link("/proc/self/root"), 1, "root");
    expect(read_file("/proc/self/stat") > 0, 1, "stat");
    text[15] = '\0';
    expect_text(text, "1 (proc) R 0 1 ", "stat.how_it_begins");
    expect(read_file("/proc/self/status") > 0 &&
               has("\nState:\tR (running)\n") && has("\nThreads:\t1\n") &&
               has("\nPPid:\t0\n"),
           1, "status");
    expect(read_file("/proc/self/statm") > 0, 1, "statm");
    expect(read_file("/proc/self/maps") > 0 && has("/t/proc\n") &&
               has("[stack]\n") && has(" r-xp "),
           1, "maps");
    expect(read_file("/proc/self/task/1/comm"), 5, "task");
    expect(open("/proc/self/task/2/comm", O_RDONLY), -ENOENT, "task.no_other");
    expect(read_file("/proc/self/mounts") > 0 && has("proc /proc proc "), 1,
           "mounts");
}

static void system_files(void)
{
    static const char *const path[] = {
        "/proc/meminfo",
        "/proc/uptime",
        "/proc/loadavg",
        "/proc/cpuinfo",
        "/proc/stat",
        "/proc/version",
        "/proc/filesystems",
        "/proc/mounts",
        "/proc/sys/kernel/osrelease",
        "/proc/sys/kernel/random/uuid",
        "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size",
        "/sys/devices/system/cpu/online"
    };
    for (unsigned i = 0; i < sizeof path / sizeof path[0]; i++) {
        expect(read_file(path[i]) > 0, 1, "system.says_something");
    }
    expect(read_file("/proc/sys/kernel/random/uuid"), 37, "uuid.its_length");
    long fd = open("/proc/uptime", O_RDONLY), n = read_at(fd, 100, 0);
    expect(read_at(fd, 100, n), 0, "read.at_the_end");
    expect(read_at(fd, 100, 1L << 40), 0, "read.far_beyond");
    expect(read_at(fd, 100, -1), -EINVAL, "read.negative");
    expect(call(PREAD64, fd, NOTHING_THERE, 4, 0), -EFAULT, "read.bad_address");
    expect(call(WRITE, fd, "x", 1), -EBADF, "write.opened_for_reading");
    call(CLOSE, fd);
    fd = open("/proc/uptime", O_RDWR | O_TRUNC);
    expect(call(WRITE, fd, "x", 1), -EIO, "write.of_the_system");
    expect(read_at(fd, 100, 0) > 0, 1, "truncate.leaves_it");
    call(CLOSE, fd);
}

static void refused(void)
{
    expect(open("/proc/nothing", O_RDONLY), -ENOENT, "open.nothing");
    expect(open("/proc/01", O_RDONLY), -ENOENT, "open.01_is_no_number");
    expect(open("/proc/99999999999999999999", O_RDONLY), -ENOENT, "open.large");
    expect(open("/proc/4294967297", O_RDONLY), -ENOENT, "open.wrapped");
    expect(open("/proc/self/fd/4294967295", O_RDONLY), -ENOENT, "fd.large");
    expect(open("/proc/new", O_CREAT | O_WRONLY), -ENOENT, "open.makes_none");
    expect(call(MKDIRAT, HERE, "/proc/d", 0755), -ENOENT, "mkdir");
    expect(call(UNLINKAT, HERE, "/proc/uptime", 0), -EPERM, "unlink");
    expect(call(UNLINKAT, HERE, "/proc", 0x200), -EBUSY, "rmdir");
    expect(call(RENAMEAT2, HERE, "/proc", HERE, "/p", 0), -EBUSY, "rename");
    expect(open("/proc/uptime/x", O_RDONLY), -ENOTDIR, "open.under_a_file");
}

static void names(void)
{
    long fd = open("/proc/self/comm", O_RDWR);
    expect(call(WRITE, fd, "a name of 20 letters", 20), 20, "comm.is_set");
    read_at(fd, 100, 0);
    expect_text(text, "a name of 20 le\n", "comm.is_cut");
    expect(call(WRITE, fd, "proc", 4), 4, "comm.is_set_back");
    call(CLOSE, fd);
    fd = open("/proc/self/stat", O_RDWR);
    expect(call(WRITE, fd, "x", 1), -EINVAL, "write.of_a_process");
    call(CLOSE, fd);
    expect(call(CHDIR, "/proc/self/task/1"), 0, "chdir");
    expect(call(GETCWD, text, PAGE), 15, "getcwd");
    expect_text(text, "/proc/1/task/1", "getcwd.of_numbers");
    expect(open("../../nothing", O_RDONLY), -ENOENT, "parent.nothing");
    fd = open("../../comm", O_RDONLY);
    expect(fd >= 0, 1, "parent");
    call(CLOSE, fd);
    call(CHDIR, "/");
}

/* How many names a folder lists, a few bytes at a time. */
static long count_names(const char *path)
{
    long count = 0, got, fd = open(path, O_RDONLY | O_DIRECTORY);
    while ((got = call(GETDENTS64, fd, text, 64)) > 0) {
        for (long at = 0; at < got; at += *(uint16_t *)(text + at + 16)) {
            count++;
        }
    }
    call(CLOSE, fd);
    return got < 0 ? got : count;
}

static void descriptors(void)
{
    long fd = open("/t/text", O_RDONLY);
    expect(fd, 3, "fd.the_lowest_number");
    expect(read_link("/proc/self/fd/3"), 7, "fd.link");
    expect_text(text, "/t/text", "fd.its_path");
    expect(read_file("/dev/fd/3"), 12, "fd.opened_anew");
    expect_text(text, "Plain words.", "fd.has_the_bytes");
    expect(count_names("/proc/self/fd"), 7, "fd.names_and_the_folder's");
    expect(read_file("/proc/self/fdinfo/3") > 0 && has("pos:\t0\n"), 1,
           "fdinfo");
    call(CLOSE, fd);
    expect(open("/dev/fd/3", O_RDONLY), -ENOENT, "fd.closed");
    expect(open("/dev/stdin", O_RDONLY), 3, "stdin");
    call(CLOSE, 3);
    fd = open("/proc/self", O_RDONLY);
    expect(call(LSEEK, fd, -1L & ~(1L << 63), 0) > 0, 1, "list.far_beyond");
    expect(call(GETDENTS64, fd, text, 64), 0, "list.nothing_there");
    call(CLOSE, fd);
}

/* Numbers are given up to a limit, which a child has, too. */
static void limits(void)
{
    uint64_t few[2] = { 4, 8 }, usual[2] = { 1024, 1024 }, told[2] = { 0, 0 };
    uint64_t many[2] = { 8, 1L << 20 }, turned[2] = { 8, 4 };
    long limit = 7;
    expect(call(PRLIMIT64, 0, limit, few, told), 0, "limit.is_set");
    expect(told[0] == 1024 && told[1] == 1024, 1, "limit.as_it_was");
    expect(open("/t/text", O_RDONLY), 3, "limit.the_last_number");
    expect(open("/t/text", O_RDONLY), -EMFILE, "limit.no_more");
    expect(call(DUP3, 3, 4, 0), -EBADF, "limit.dup3");
    expect(call(FCNTL, 3, 0, 4), -EINVAL, "limit.fcntl");
    long child = fork_child();
    if (child == 0) { leave(open("/t/text", O_RDONLY) == -EMFILE); }
    expect(status_of(child), 1 << 8, "limit.of_a_child");
    expect(call(PRLIMIT64, 0, limit, many, 0), -EPERM, "limit.too_many");
    expect(call(PRLIMIT64, 0, limit, turned, 0), -EINVAL, "limit.turned");
    expect(call(PRLIMIT64, 0, limit, NOTHING_THERE, 0), -EFAULT,
           "limit.bad_address");
    expect(call(PRLIMIT64, 0, limit, usual, told), 0, "limit.is_set_back");
    expect(told[0] == 4 && told[1] == 8, 1, "limit.as_it_was_set");
    call(CLOSE, 3);
}

/* A pipe is opened anew by its path, as it is for `<(...)`. */
static void pipes(void)
{
    int32_t both[2];
    expect(call(PIPE2, both, 0), 0, "pipe");
    expect(read_link("/proc/self/fd/3") > 6 && has("pipe:["), 1, "pipe.link");
    long again = open("/dev/fd/3", O_RDONLY);
    expect(again, 5, "pipe.opened_anew");
    expect(read_link("/proc/self/fd/5") > 6 && has("pipe:["), 1,
           "pipe.link_anew");
    call(WRITE, both[1], "abc", 3);
    call(CLOSE, both[0]);
    expect(call(READ, again, text, 9), 3, "pipe.has_the_bytes");
    call(CLOSE, both[1]);
    expect(call(READ, again, text, 9), 0, "pipe.is_at_its_end");
    call(CLOSE, again);
}

/* Of a process that ends nothing is found, and what is open says so. */
static void ends(void)
{
    int32_t both[2];
    call(PIPE2, both, 0);
    long child = fork_child();
    if (child == 0) {
        call(CLOSE, both[1]);
        call(READ, both[0], text, 1);
        leave(3);
    }
    call(CLOSE, both[0]);
    long open_stat = open(path_of(child, "/stat"), O_RDONLY);
    long folder = open(path_of(child, ""), O_RDONLY);
    expect(open_stat >= 0 && folder >= 0, 1, "child.opened");
    expect(read_at(open_stat, 100, 0) > 0, 1, "child.stat");
    expect(count_names("/proc"), count_names("/proc"), "list.is_the_same");
    call(CLOSE, both[1]);
    expect(call(WAITID, 1, child, text, 4 | 0x1000000, 0), 0, "child.ended");
    expect(read_file(path_of(child, "/status")) > 0 &&
               has("State:\tZ (zombie)"),
           1, "zombie.status");
    expect(read_file(path_of(child, "/cmdline")), 0, "zombie.cmdline");
    expect(read_file(path_of(child, "/maps")), 0, "zombie.maps");
    expect(read_link(path_of(child, "/exe")), -ENOENT, "zombie.exe");
    expect(read_link(path_of(child, "/cwd")), -ENOENT, "zombie.cwd");
    expect(count_names(path_of(child, "/fd")), 2, "zombie.fd");
    expect(status_of(child), 3 << 8, "child.is_waited_for");
    expect(read_at(open_stat, 100, 0), -ESRCH, "gone.read");
    expect(call(GETDENTS64, folder, text, 64) <= 64, 1, "gone.list");
    expect(call(OPENAT, folder, "stat", O_RDONLY, 0), -ENOENT, "gone.open");
    expect(open(path_of(child, ""), O_RDONLY), -ENOENT, "gone.folder");
    call(CLOSE, open_stat);
    call(CLOSE, folder);
}

void test(void)
{
    own();
    system_files();
    refused();
    names();
    descriptors();
    limits();
    pipes();
    ends();
}
