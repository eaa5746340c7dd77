/*
 * For programs that test parents/linux, without a library: calls, and points
 * in words.  Each is one file, linked to LINUX_TEST_AT, and begins in test().
 *
 *     void test(void)
 *     {
 *         expect(call(GETPID), 1, "getpid.is_one");
 *     }
 */
#pragma once

#include <stdint.h>

enum {
    GETCWD = 17,
    DUP = 23,
    DUP3 = 24,
    FCNTL = 25,
    IOCTL = 29,
    MKNODAT = 33,
    MKDIRAT = 34,
    UNLINKAT = 35,
    SYMLINKAT = 36,
    LINKAT = 37,
    FTRUNCATE = 46,
    FACCESSAT = 48,
    CHDIR = 49,
    OPENAT = 56,
    CLOSE = 57,
    PIPE2 = 59,
    GETDENTS64 = 61,
    LSEEK = 62,
    READ = 63,
    WRITE = 64,
    READV = 65,
    WRITEV = 66,
    PREAD64 = 67,
    PWRITE64 = 68,
    SENDFILE = 71,
    READLINKAT = 78,
    NEWFSTATAT = 79,
    FSTAT = 80,
    EXIT = 93,
    EXIT_GROUP = 94,
    WAITID = 95,
    SET_TID_ADDRESS = 96,
    FUTEX = 98,
    NANOSLEEP = 101,
    GETITIMER = 102,
    SETITIMER = 103,
    CLOCK_GETTIME = 113,
    CLOCK_NANOSLEEP = 115,
    SCHED_YIELD = 124,
    KILL = 129,
    TGKILL = 131,
    SIGALTSTACK = 132,
    RT_SIGSUSPEND = 133,
    RT_SIGACTION = 134,
    RT_SIGPROCMASK = 135,
    RT_SIGPENDING = 136,
    RT_SIGTIMEDWAIT = 137,
    RT_SIGRETURN = 139,
    TIMES = 153,
    SETPGID = 154,
    GETPGID = 155,
    SETSID = 157,
    UNAME = 160,
    GETRUSAGE = 165,
    UMASK = 166,
    PRCTL = 167,
    GETPID = 172,
    GETPPID = 173,
    GETUID = 174,
    GETTID = 178,
    SYSINFO = 179,
    BRK = 214,
    MUNMAP = 215,
    MREMAP = 216,
    CLONE = 220,
    EXECVE = 221,
    MMAP = 222,
    MPROTECT = 226,
    MSYNC = 227,
    MADVISE = 233,
    WAIT4 = 260,
    PRLIMIT64 = 261,
    RENAMEAT2 = 276,
    GETRANDOM = 278,
    STATX = 291,
    CLONE3 = 435,
    CLOSE_RANGE = 436,
};
enum {
    EPERM = 1,
    ENOENT = 2,
    ESRCH = 3,
    EINTR = 4,
    EIO = 5,
    E2BIG = 7,
    ENOEXEC = 8,
    EBADF = 9,
    ECHILD = 10,
    EAGAIN = 11,
    ENOMEM = 12,
    EACCES = 13,
    EFAULT = 14,
    EBUSY = 16,
    EEXIST = 17,
    EXDEV = 18,
    ENODEV = 19,
    ENOTDIR = 20,
    EISDIR = 21,
    EINVAL = 22,
    EMFILE = 24,
    ENOTTY = 25,
    EFBIG = 27,
    ENOSPC = 28,
    ESPIPE = 29,
    EPIPE = 32,
    ERANGE = 34,
    ENAMETOOLONG = 36,
    ENOSYS = 38,
    ENOTEMPTY = 39,
    ELOOP = 40,
    ETIMEDOUT = 110,
};
enum { HERE = -100, PAGE = 4096, NOTHING_THERE = 8 };
enum {
    O_RDONLY,
    O_WRONLY,
    O_RDWR,
    O_CREAT = 0100,
    O_EXCL = 0200,
    O_TRUNC = 01000,
    O_APPEND = 02000,
    O_NONBLOCK = 04000,
    O_DIRECTORY = 0200000,
    O_CLOEXEC = 02000000
};
enum { PROT_NONE, PROT_READ, PROT_WRITE, PROT_RW, PROT_EXEC };
enum { MAP_SHARED = 1, MAP_PRIVATE = 2, MAP_FIXED = 16, MAP_ANONYMOUS = 32 };
enum { SIGCHLD = 17, SIGKILL = 9, SIGUSR1 = 10, SIGSEGV = 11, SIGPIPE = 13 };

/* Above 256 GiB no program has anything, and on the page before neither. */
#define END_OF_SPACE ((long)1 << 38)

/* What lies in several places, and what sendmsg and recvmsg are told. */
struct vector {
    void *address;
    long bytes;
};
struct header {
    void *name;
    long name_bytes;
    struct vector *vectors;
    long count;
    void *control;
    long control_bytes, flags;
};

long raw_call(long number, long a, long b, long c, long d, long e, long f);

#define call_7(n, a, b, c, d, e, f, ...)                               \
    raw_call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), \
             (long)(f))
#define call(...) call_7(__VA_ARGS__, 0, 0, 0, 0, 0, 0)

/* One point: good if the two are the same. */
void expect(long got, long wanted, const char *name);
void expect_text(const char *got, const char *wanted, const char *name);

void print(const char *text);
void print_number(long number);
long length(const char *text);
void *memset(void *to, int value, unsigned long bytes);
void *memcpy(void *to, const void *from, unsigned long bytes);

/* fork, and wait for a child: its status. */
long fork_child(void);
long status_of(long child);
_Noreturn void leave(long status);

/* Until a process waits in a call. */
void await_waiting(long process);

/* Pages of zeros. */
char *pages(long count);

extern long argument_count;
extern char **argument;

void test(void);
