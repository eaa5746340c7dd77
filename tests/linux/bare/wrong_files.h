/* For wrong.c: the files and descriptors that each call finds. */
#pragma once

enum { SOCKET = 198, BIND = 200, LISTEN, ACCEPT, CONNECT, SOCKETPAIR = 199 };
enum { EVENTFD2 = 19, EPOLL_CREATE1, EPOLL_CTL };
enum { STREAM = 1, SINGLE = 2, O_PATH = 010000000 };

/* Whatever a call may have left in the folder. */
static const char *const all_names[] = {
    "file",      "folder/new", "folder", "full/x", "full",    "link",
    "to_folder", "dangling",   "loop1",  "loop2",  "program", "named",
    "list",      "sing",       "new/x",  "new",    "missing", "nowhere",
    full_name,   "xx",         "x"
};

static bool is_same(const char *a, const char *b)
{
    while (*a == *b && *a != '\0') {
        a++;
        b++;
    }
    return *a == *b;
}

static void clear_folder(void)
{
    for (unsigned i = 0; i < sizeof all_names / sizeof *all_names; i++) {
        if (call(UNLINKAT, HERE, all_names[i], 0) == -EISDIR) {
            call(UNLINKAT, HERE, all_names[i], 0x200);
        }
    }
}

static void begin_files(void)
{
    call(CLOSE_RANGE, 3, 1000, 0);
    call(MKDIRAT, HERE, "/tmp/w", 0755);
    call(CHDIR, "/tmp/w");
}

static void end_files(void)
{
    clear_folder();
    call(CHDIR, "/");
    call(UNLINKAT, HERE, "/tmp/w", 0x200);
}

static void become(long from, long to)
{
    call(DUP3, from, to, 0);
    call(CLOSE, from);
}

static void open_as(const char *path, long flags, long number)
{
    become(call(OPENAT, HERE, path, flags, 0644), number);
}

static void make_files(void)
{
    clear_folder();
    open_as("file", O_CREAT | O_RDWR, AT_FILE);
    call(WRITE, AT_FILE, bytes, 16);
    call(LSEEK, AT_FILE, 0, 0);
    call(MKDIRAT, HERE, "folder", 0755);
    call(MKDIRAT, HERE, "full", 0755);
    call(MKNODAT, HERE, "full/x", 0100644, 0);
    call(SYMLINKAT, "file", HERE, "link");
    call(SYMLINKAT, "folder", HERE, "to_folder");
    call(SYMLINKAT, "nowhere", HERE, "dangling");
    call(SYMLINKAT, "loop2", HERE, "loop1");
    call(SYMLINKAT, "loop1", HERE, "loop2");
    call(SYMLINKAT, "/proc/self/exe", HERE, "program");
    open_as("file", O_RDONLY, AT_READING);
    open_as("file", O_WRONLY, AT_WRITING);
    open_as("file", O_PATH, AT_PATH);
    open_as("folder", O_RDONLY, AT_FOLDER);
    open_as("/dev/null", O_RDWR, AT_NULL);
    open_as("/dev/ptmx", O_RDWR | O_NONBLOCK, AT_TERMINAL);
}

static long a_socket(long type, const char *said, long bytes_said)
{
    struct {
        short family;
        char path[16];
    } own = { 1, { 0 } };
    long number = call(SOCKET, 1, type | O_NONBLOCK, 0);
    memcpy(own.path, said, (unsigned long)bytes_said);
    if (bytes_said > 0) { call(BIND, number, &own, 2 + bytes_said + 1); }
    return number;
}

static void make_sockets(void)
{
    int both[2];
    call(SOCKETPAIR, 1, STREAM | O_NONBLOCK, 0, both);
    become(both[0], AT_SOCKET);
    become(both[1], AT_PEER);
    call(WRITE, AT_PEER, bytes, 16);
    become(a_socket(STREAM, "", 0), AT_LONE);
    become(a_socket(STREAM, "named", 5), AT_NAMED);
    become(a_socket(STREAM, "list", 4), AT_LISTENER);
    become(a_socket(SINGLE, "sing", 4), AT_SINGLE);
    become(a_socket(STREAM, "", 0), AT_CLIENT);
    call(LISTEN, AT_LISTENER, 2);
    call(CONNECT, AT_CLIENT, name, 8);
}

/* All are as they are to be before a call. */
static void prepare(void)
{
    int both[2];
    make_files();
    call(PIPE2, both, O_NONBLOCK);
    become(both[0], AT_PIPE_OUT);
    become(both[1], AT_PIPE_IN);
    call(WRITE, AT_PIPE_IN, bytes, 16);
    make_sockets();
    become(call(EVENTFD2, 1, O_NONBLOCK), AT_EVENT);
    become(call(EPOLL_CREATE1, 0), AT_EPOLL);
    static const long ready[2] = { 4, 0 };
    call(EPOLL_CTL, AT_EPOLL, 1, AT_PIPE_IN, ready);
}
