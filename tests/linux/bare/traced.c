/* For traces.py: makes calls that its traces are to show.  With an argument,
 * that is written to /proc/trace before. */
#include "bare.h"

#define UNKNOWN 500

static void set_trace(const char *what)
{
    long fd = call(OPENAT, HERE, "/proc/trace", O_WRONLY | O_TRUNC, 0);
    long done = call(WRITE, fd, what, length(what));
    print(done < 0 ? "refused\n" : "set\n");
    call(CLOSE, fd);
}

static void files(void)
{
    char bytes[64];
    long fd = call(OPENAT, HERE, "/t/text", O_RDONLY | O_CLOEXEC, 0);
    call(READ, fd, bytes, 6);
    call(OPENAT, HERE, "/t/none", O_WRONLY | O_NONBLOCK, 0);
    call(READLINKAT, HERE, "/t/link", bytes, sizeof bytes);
    call(MMAP, 0, PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void child_ends(long by)
{
    int status;
    long id = call(CLONE, SIGCHLD, 0, 0, 0, 0);
    if (id == 0) {
        if (by < 0) { call(KILL, call(GETPID), -by); }
        call(EXIT_GROUP, by);
    }
    call(WAIT4, id, &status, 0, 0);
}

static void child_is_read_from(void)
{
    int end[2];
    char byte;
    call(PIPE2, end, O_CLOEXEC);
    long id = call(CLONE, SIGCHLD, 0, 0, 0, 0);
    if (id == 0) {
        call(WRITE, end[1], "x", 1);
        call(EXIT, 0);
    }
    call(READ, end[0], &byte, 1);
    call(WAIT4, id, 0, 0, 0);
}

static void child_becomes(const char *path)
{
    const char *words[] = { path, "two \"words\"\n", 0 };
    long id = call(CLONE, SIGCHLD, 0, 0, 0, 0);
    if (id == 0) {
        call(EXECVE, path, words, words + 2);
        call(EXIT, 127);
    }
    call(WAIT4, id, 0, 0, 0);
}

void test(void)
{
    if (argument_count > 1) { set_trace(argument[1]); }
    files();
    call(UNKNOWN, 1, 2, 3);
    call(UNKNOWN, 1, 2, 3);
    child_ends(3);
    child_ends(-SIGUSR1);
    child_is_read_from();
    child_becomes("/t/said");
    call(GETPID);
}
