/*
 * What Linux's programs on RISC-V know of Linux: numbers and layouts, by
 * include/uapi of Linux 6.12.  Only what several files need; a number that one
 * file needs stands there.
 */
#pragma once

#include <stdint.h>

/* A call's value is one of these, negative, if it fails. */
enum linux_error {
#define LINUX_ERROR(number, name) LINUX_##name = (number),
#include <errors.def>
#undef LINUX_ERROR
};

/* What uname says. */
#define LINUX_HOST "kerne"
#define LINUX_RELEASE "6.12.0"
#define LINUX_VERSION "#1 Kerne"

/* Open. */
enum {
    LINUX_O_ACCESS = 3, /* the bits of the next three */
    LINUX_O_RDONLY = 0,
    LINUX_O_WRONLY = 1,
    LINUX_O_RDWR = 2,
    LINUX_O_CREAT = 0100,
    LINUX_O_EXCL = 0200,
    LINUX_O_NOCTTY = 0400,
    LINUX_O_TRUNC = 01000,
    LINUX_O_APPEND = 02000,
    LINUX_O_NONBLOCK = 04000,
    LINUX_O_DSYNC = 010000,
    LINUX_O_DIRECT = 040000,
    LINUX_O_LARGEFILE = 0100000,
    LINUX_O_DIRECTORY = 0200000,
    LINUX_O_NOFOLLOW = 0400000,
    LINUX_O_CLOEXEC = 02000000,
    LINUX_O_PATH = 010000000,
    LINUX_O_TMPFILE = 020000000,
};
#define LINUX_AT_FDCWD (-100)
enum {
    LINUX_AT_SYMLINK_NOFOLLOW = 0x100,
    LINUX_AT_REMOVEDIR = 0x200,
    LINUX_AT_EACCESS = 0x200,
    LINUX_AT_SYMLINK_FOLLOW = 0x400,
    LINUX_AT_NO_AUTOMOUNT = 0x800,
    LINUX_AT_EMPTY_PATH = 0x1000,
    LINUX_AT_STATX_SYNC = 0x6000,
};

/* Modes. */
enum {
    LINUX_S_KIND = 0170000, /* the bits of the next seven */
    LINUX_S_FIFO = 0010000,
    LINUX_S_CHARACTER = 0020000,
    LINUX_S_FOLDER = 0040000,
    LINUX_S_BLOCK = 0060000,
    LINUX_S_FILE = 0100000,
    LINUX_S_LINK = 0120000,
    LINUX_S_SOCKET = 0140000,
    LINUX_S_BITS = 07777,
    LINUX_S_SET_USER = 04000,
    LINUX_S_SET_GROUP = 02000,
    LINUX_S_GROUP_RUNS = 00010,
};
#define LINUX_NAME_BYTES 256  /* of a name in a folder, and its end */
#define LINUX_PATH_BYTES 4096 /* of a path, and its end */

struct linux_stat {
    uint64_t device, number;
    uint32_t mode, links, user, group;
    uint64_t device_of_device, pad_1;
    int64_t size;
    int32_t block_size, pad_2;
    int64_t blocks;
    struct {
        int64_t seconds;
        uint64_t nanoseconds;
    } accessed, modified, changed;
    uint32_t unused[2];
};
_Static_assert(sizeof(struct linux_stat) == 128, "size of struct stat");

struct linux_time {
    int64_t seconds, nanoseconds; /* or microseconds, in a timeval */
};

struct linux_vector {
    uint64_t address, bytes;
};

/* Poll. */
enum {
    LINUX_POLLIN = 1,
    LINUX_POLLPRI = 2,
    LINUX_POLLOUT = 4,
    LINUX_POLLERR = 8,
    LINUX_POLLHUP = 16,
    LINUX_POLLNVAL = 32,
};

/* Clone. */
enum {
    LINUX_CLONE_VM = 0x100,
    LINUX_CLONE_FS = 0x200,
    LINUX_CLONE_FILES = 0x400,
    LINUX_CLONE_PIDFD = 0x1000,
    LINUX_CLONE_SIGHAND = 0x800,
    LINUX_CLONE_VFORK = 0x4000,
    LINUX_CLONE_PARENT = 0x8000,
    LINUX_CLONE_THREAD = 0x10000,
    LINUX_CLONE_SETTLS = 0x80000,
    LINUX_CLONE_PARENT_SETTID = 0x100000,
    LINUX_CLONE_CHILD_CLEARTID = 0x200000,
    LINUX_CLONE_CHILD_SETTID = 0x1000000,
};
#define LINUX_CLONE_CLEAR_SIGHAND UINT64_C(0x100000000)

/* Signals.  A set of them has bit n - 1 for signal n. */
enum linux_signal {
    LINUX_SIGHUP = 1,
    LINUX_SIGINT = 2,
    LINUX_SIGQUIT = 3,
    LINUX_SIGILL = 4,
    LINUX_SIGTRAP = 5,
    LINUX_SIGABRT = 6,
    LINUX_SIGBUS = 7,
    LINUX_SIGFPE = 8,
    LINUX_SIGKILL = 9,
    LINUX_SIGUSR1 = 10,
    LINUX_SIGSEGV = 11,
    LINUX_SIGUSR2 = 12,
    LINUX_SIGPIPE = 13,
    LINUX_SIGALRM = 14,
    LINUX_SIGTERM = 15,
    LINUX_SIGCHLD = 17,
    LINUX_SIGCONT = 18,
    LINUX_SIGSTOP = 19,
    LINUX_SIGTSTP = 20,
    LINUX_SIGTTIN = 21,
    LINUX_SIGTTOU = 22,
    LINUX_SIGURG = 23,
    LINUX_SIGVTALRM = 26,
    LINUX_SIGPROF = 27,
    LINUX_SIGWINCH = 28,
    LINUX_SIGSYS = 31,
    LINUX_SIGRTMIN = 32, /* from here on they queue */
    LINUX_SIGNALS = 64,
};
