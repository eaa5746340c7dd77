/* What calls cost, in nanoseconds: instructions, where each takes one.  Of some
 * rounds of each, the least. */
#include "bare.h"

#define ROUNDS 5
#define FAULTS 2000L
enum {
    SIGHAND = 0x800,
    THREAD_FLAGS = 0x100 | 0x200 | 0x400 | SIGHAND | 0x10000 | 0x40000 |
                   0x80000 | 0x100000 | 0x200000
};

static char storage[2 * PAGE];
static int files[2], other_files[2];
static volatile int word, done;
static char *fresh;
static int zero_fd, null_fd;

static unsigned long now(void)
{
    unsigned long time[2];
    call(CLOCK_GETTIME, 1, time);
    return time[0] * 1000000000 + time[1];
}

static void do_getpid(void) { call(GETPID); }
static void do_write_null(void) { call(WRITE, null_fd, storage, 1); }
static void do_read_4096(void) { call(READ, zero_fd, storage, PAGE); }

static void do_pingpong(void)
{
    char byte = 0;
    call(WRITE, files[1], &byte, 1);
    call(READ, other_files[0], &byte, 1);
}

static void do_fault(void)
{
    *(volatile char *)fresh = 1;
    fresh += PAGE;
}

static void do_fork(void)
{
    long child = fork_child();
    if (child == 0) { call(EXIT_GROUP, 0); }
    call(WAIT4, child, 0, 0, 0);
}

static void do_exec(void)
{
    static char *const words[] = { "tiny", 0 };
    long child = fork_child();
    if (child == 0) { call(EXECVE, "/t/tiny", words, 0); }
    call(WAIT4, child, 0, 0, 0);
}

static void handler(int signal) { done = signal; }
static void do_signal(void) { call(KILL, call(GETPID), SIGUSR1); }

static char stack[4 * PAGE] __attribute__((aligned(16)));
static volatile int thread_id;

/* A thread that ends at once: it has no return address, and calls nothing. */
static void do_thread(void)
{
    register long a7 __asm__("a7") = CLONE;
    register long a0 __asm__("a0") = THREAD_FLAGS;
    register long a1 __asm__("a1") = (long)(stack + sizeof stack);
    register long a2 __asm__("a2") = (long)&thread_id;
    register long a3 __asm__("a3") = 0;
    register long a4 __asm__("a4") = (long)&thread_id;
    __asm__ volatile("ecall\n"
                     "bnez a0, 1f\n"
                     "li a7, 93\n"
                     "li a0, 0\n"
                     "ecall\n"
                     "1:"
                     : "+r"(a0)
                     : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4)
                     : "memory");
    int id = (int)a0;
    while (thread_id != 0) { call(FUTEX, &thread_id, 0, id, 0); }
}

static void do_futex(void)
{
    word = 1;
    call(FUTEX, &word, 1, 1);
    while (word == 1) { call(FUTEX, &word, 0, 1, 0); }
}

/* The other side of a futex: sets back what is set. */
static void answer_futex(void)
{
    while (done == 0) {
        while (word == 0) { call(FUTEX, &word, 0, 0, 0); }
        word = 0;
        call(FUTEX, &word, 1, 1);
    }
    call(EXIT, 0);
}

static void measure(const char *name, void (*one)(void), long count)
{
    unsigned long least = -1UL;
    for (int round = 0; round < ROUNDS; round++) {
        unsigned long before = now();
        for (long i = 0; i < count; i++) { one(); }
        unsigned long each = (now() - before) / (unsigned long)count;
        if (each < least) { least = each; }
    }
    print("bench linux.");
    print(name);
    print(" ");
    print_number((long)least);
    print(" instructions\n");
}

/* Of pages that have been somebody's before. */
static void measure_fault(void)
{
    char *first = pages(FAULTS);
    fresh = first;
    for (long i = 0; i < FAULTS; i++) { do_fault(); }
    call(MUNMAP, first, FAULTS * PAGE);
    fresh = pages(FAULTS);
    measure("anonymous_fault", do_fault, FAULTS / ROUNDS);
    call(MUNMAP, fresh - FAULTS * PAGE, FAULTS * PAGE);
}

static void measure_pingpong(void)
{
    call(PIPE2, files, 0);
    call(PIPE2, other_files, 0);
    long child = fork_child();
    char byte;
    if (child == 0) {
        call(CLOSE, files[1]);
        while (call(READ, files[0], &byte, 1) == 1) {
            call(WRITE, other_files[1], &byte, 1);
        }
        leave(0);
    }
    measure("pipe_pingpong", do_pingpong, 500);
    call(CLOSE, files[1]);
    status_of(child);
}

static void measure_futex(void)
{
    register long a7 __asm__("a7") = CLONE;
    register long a0 __asm__("a0") = THREAD_FLAGS & ~0x200000;
    register long a1 __asm__("a1") = (long)(stack + sizeof stack);
    register long a2 __asm__("a2") = (long)&thread_id;
    register long a3 __asm__("a3") = 0;
    __asm__ volatile("ecall"
                     : "+r"(a0)
                     : "r"(a7), "r"(a1), "r"(a2), "r"(a3)
                     : "memory");
    if (a0 == 0) {
        __asm__ volatile("j answer_futex_entry");
        __builtin_unreachable();
    }
    done = 0;
    measure("futex_pingpong", do_futex, 500);
    done = 1;
    do_futex();
}

__attribute__((used)) static void enter(void) { answer_futex(); }
__asm__("answer_futex_entry: j enter\n");

void test(void)
{
    struct {
        void (*handler)(int);
        unsigned long flags, mask;
    } action = { handler, 0, 0 };
    null_fd = (int)call(OPENAT, HERE, "/dev/null", O_RDWR);
    zero_fd = (int)call(OPENAT, HERE, "/dev/zero", O_RDWR);
    measure("getpid", do_getpid, 1000);
    measure("write_null", do_write_null, 1000);
    measure("read_4096", do_read_4096, 1000);
    measure_fault();
    measure_pingpong();
    call(RT_SIGACTION, SIGUSR1, &action, 0, 8);
    measure("signal", do_signal, 200);
    measure("fork_exit_wait", do_fork, 50);
    measure("fork_exec_wait", do_exec, 50);
    measure("thread_create_join", do_thread, 50);
    measure_futex();
    char *dirty = pages(1024);
    for (long i = 0; i < 1024; i++) { dirty[i * PAGE] = 1; }
    measure("fork_exit_wait_1024", do_fork, 20);
    expect(1, 1, "done");
}
