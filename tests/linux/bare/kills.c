/*
 * A thousand kills at random: of families that fork, vfork, thread, map, exec,
 * wait, stop and talk, until they are ended in the midst of it.  After each
 * nothing of them is left, and /proc/kerne is as it was.
 *
 *     kills [KILLS [SEED]]
 */
#include "accounts.h"
#include "bare.h"

enum {
    EVENTFD2 = 19,
    EPOLL_CREATE1 = 20,
    EPOLL_CTL = 21,
    EPOLL_PWAIT = 22,
    FLOCK = 32,
    PPOLL = 73,
    SOCKETPAIR = 199,
    SENDTO = 206,
    SENDMSG = 211,
    RECVMSG
};
enum { SIGSTOP = 19, SIGCONT = 18, SIGALRM = 14 };
enum { THREAD = 0x50f00, VFORK = 0x4000 | 0x100 | SIGCHLD };
enum { DEPTH = 2, STACK = 4, FILES = 4 };

static unsigned long state;

static long below(long most)
{
    state = state * 6364136223846793005ul + 1442695040888963407ul;
    return (long)((state >> 33) % (unsigned long)most);
}

static void pause_for(long microseconds)
{
    long time[2] = { 0, 1000 * microseconds };
    call(NANOSLEEP, time, 0);
}

/* ---- what they do -------------------------------------------------------- */

static void live(long depth);

static char *file_name(long number)
{
    static char name[] = "/tmp/kill0";
    name[9] = (char)('0' + number);
    return name;
}

static void use_a_file(void)
{
    static char bytes[3 * PAGE];
    long fd =
        call(OPENAT, HERE, file_name(below(FILES)), O_CREAT | O_RDWR, 0644);
    call(FLOCK, fd, 2 | 4);
    call(WRITE, fd, bytes, below(sizeof bytes));
    char *p = (char *)call(MMAP, 0, 2 * PAGE, PROT_RW, MAP_SHARED, fd, 0);
    if (below(2) == 0) { call(UNLINKAT, HERE, file_name(below(FILES)), 0); }
    if ((long)p > 0) { call(MUNMAP, p, PAGE); }
    if (below(2) == 0) { call(CLOSE, fd); }
}

static void use_pages(void)
{
    char *p = pages(40);
    if ((long)p < 0) { return; }
    for (long i = 0; i < 20; i++) { p[below(40) * PAGE] = 1; }
    call(MPROTECT, p + below(40) * PAGE, PAGE, PROT_READ);
    call(MREMAP, p, 40 * PAGE, 80 * PAGE, 1);
    if (below(2) == 0) { call(MUNMAP, p, 30 * PAGE); }
}

static void talk(void)
{
    int both[2];
    char bytes[100];
    if (below(2) == 0) {
        call(PIPE2, both, 0);
    } else {
        call(SOCKETPAIR, 1, 1 + below(2), 0, both);
    }
    if (fork_child() == 0) {
        for (;;) { call(READ, both[0], bytes, sizeof bytes); }
    }
    for (long i = below(20); i > 0; i--) {
        call(WRITE, both[1], bytes, sizeof bytes);
    }
    if (below(3) == 0) { call(READ, both[1], bytes, 1); }
}

/* Ends of a pair that lie in it, perhaps when nobody else has them. */
static void pass(void)
{
    int both[2];
    char byte[2] = "x";
    struct {
        char *address;
        long bytes;
    } part = { byte, 1 };
    struct {
        long bytes;
        int level, type, file[2];
    } control = { 24, 1, 1, { 0, 0 } };
    long header[7] = { 0, 0, (long)&part, 1, (long)&control, 24, 0 };
    call(SOCKETPAIR, 1, below(2) == 0 ? 1 : 5, 0, both);
    for (long i = below(3); i >= 0; i--) {
        control.file[0] = both[below(2)];
        control.file[1] = both[below(2)];
        call(SENDMSG, both[below(2)], header, 0);
    }
    if (below(3) == 0) { call(RECVMSG, both[below(2)], header, 0x40); }
    if (below(2) == 0) { call(CLOSE, both[0]); }
    if (below(2) == 0) { call(CLOSE, both[1]); }
}

static void watch(void)
{
    struct {
        unsigned events, pad;
        long data;
    } event = { 1, 0, 0 };
    long e = call(EPOLL_CREATE1, 0), fd = call(EVENTFD2, 0, 0);
    call(EPOLL_CTL, e, 1, fd, &event);
    if (below(2) == 0) { call(WRITE, fd, &fd, 8); }
    call(EPOLL_PWAIT, e, &event, 1, below(3), 0, 8);
}

static void wait_on_word(void)
{
    static int word;
    long time[2] = { 0, 1000 * below(1000) };
    call(FUTEX, &word, 0, 0, below(2) == 0 ? time : 0);
}

/* What ends all threads, or one; and what goes on. */
__attribute__((used)) static void thread_lives(void)
{
    static char *const words[] = { "kills", "idle", 0 };
    switch (below(8)) {
    case 0: call(EXECVE, "/t/kills", words, 0); break;
    case 1: call(EXIT_GROUP, 1); break;
    case 2: wait_on_word(); break;
    case 3: live(1); break;
    case 4:
        for (;;) { state++; }
    default: pause_for(below(300)); break;
    }
    call(EXIT, 0);
}

/* A thread begins with nothing on its stack. */
__asm__(".globl thread\n"
        "thread: li a7, 220\n"
        "ecall\n"
        "bnez a0, 1f\n"
        "call thread_lives\n"
        "1: ret\n");
long thread(long flags, char *stack);

static void make_thread(void)
{
    char *stack = pages(STACK);
    if ((long)stack > 0) { thread(THREAD, stack + STACK * PAGE); }
}

static void vfork(void)
{
    static char *const words[] = { "kills", "idle", 0 };
    if (call(CLONE, VFORK) == 0) {
        if (below(2) == 0) { pause_for(below(500)); }
        if (below(3) > 0) { call(EXECVE, "/t/kills", words, 0); }
        leave(0);
    }
}

static void live(long depth)
{
    for (long i = 0; i < 12; i++) {
        switch (below(13)) {
        case 0:
        case 1:
            if (depth > 0 && fork_child() == 0) {
                state += (unsigned long)call(GETPID);
                live(depth - 1);
                leave(0);
            }
            break;
        case 2: use_a_file(); break;
        case 3:
        case 4: use_pages(); break;
        case 5: talk(); break;
        case 6: watch(); break;
        case 7: wait_on_word(); break;
        case 8:
        case 9: make_thread(); break;
        case 10: vfork(); break;
        case 11: pass(); break;
        default:
            if (below(4) == 0) { call(KILL, call(GETPID), SIGSTOP); }
            call(WAIT4, -1, 0, 1, 0);
            break;
        }
    }
}

/* ---- the killer ---------------------------------------------------------- */

/* Some of the ids from one on are there; or the group; or all. */
static void kill_some(long child)
{
    switch (below(4)) {
    case 0: call(KILL, child + below(8), SIGCONT); break;
    case 1: call(KILL, child + below(8), SIGKILL); break;
    case 2: call(KILL, -child, SIGKILL); break;
    default: call(TGKILL, child, child, SIGKILL); break;
    }
}

static void end_all(void)
{
    call(KILL, -1, SIGKILL);
    while (call(WAIT4, -1, 0, 0, 0) > 0) {}
    for (long i = 0; i < FILES; i++) { call(UNLINKAT, HERE, file_name(i), 0); }
}

static void one(void)
{
    long child = fork_child();
    if (child == 0) {
        call(SETPGID, 0, 0);
        for (;;) { live(DEPTH); }
    }
    pause_for(below(4) == 0 ? below(6000) : below(1500));
    kill_some(child);
    if (below(2) == 0) { pause_for(below(300)); }
    end_all();
}

static long number(const char *text)
{
    long number = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        number = 10 * number + *text - '0';
    }
    return number;
}

#define WARM 30 /* until the killer itself, and what is kept, is as it stays */

void test(void)
{
    struct accounts before;
    long kills = argument_count > 1 ? number(argument[1]) : 1000, done = 0;
    if (argument_count > 1 && argument[1][0] == 'i') {
        call(FUTEX, &kills, 0, kills, 0);
    }
    state = argument_count > 2 ? (unsigned long)number(argument[2]) : 1;
    for (long i = 0; i < WARM; i++) { one(); }
    accounts_read(&before);
    accounts_read(&before);
    long is_same = 1;
    while (is_same && done < kills) {
        one();
        is_same = accounts_are(&before, "after kill", ++done);
    }
    expect(done, kills, "all_comes_back_after_each");
}
