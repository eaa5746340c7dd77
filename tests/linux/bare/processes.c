/* Processes: how they begin and end, what they know, what they leave. */
#include "bare.h"

static void ids(void)
{
    expect(call(GETPID), call(GETTID), "ids.the_first_thread's_is_the_same");
    long child = fork_child();
    if (child == 0) { leave(call(GETPPID)); }
    expect(status_of(child), call(GETPID) << 8, "ids.a_child_knows_its_parent");
    expect(call(WAIT4, -1, 0, 0, 0), -ECHILD, "wait4.no_child");
    expect(call(WAIT4, 1 << 20, 0, 0, 0), -ECHILD, "wait4.not_its_child");
    expect(call(WAIT4, -1, 0, 1 << 10, 0), -EINVAL, "wait4.odd_options");
    expect(call(KILL, 1 << 20, 0), -ESRCH, "kill.nobody");
    expect(call(KILL, call(GETPID), 65), -EINVAL, "kill.no_signal");
    expect(call(KILL, call(GETPID), 0), 0, "kill.signal_0");
}

static void ends(void)
{
    long child = fork_child();
    if (child == 0) { leave(0x1ff); }
    expect(status_of(child), 0xff00, "exit.eight_bits_of_it");
    child = fork_child();
    if (child == 0) { *(volatile int *)NOTHING_THERE = 1; }
    expect(status_of(child), SIGSEGV, "exit.of_a_store_to_nothing");
    child = fork_child();
    if (child == 0) { __asm__ volatile(".word 0"); }
    expect(status_of(child), 4, "exit.of_what_is_no_instruction");
    child = fork_child();
    if (child == 0) { __asm__ volatile("ebreak"); }
    expect(status_of(child), 5, "exit.of_a_breakpoint");
    child = fork_child();
    if (child == 0) { call(KILL, call(GETPID), SIGKILL); }
    expect(status_of(child), SIGKILL, "exit.of_a_kill_by_itself");
    child = fork_child();
    while (child == 0) {}
    expect(call(WAIT4, child, 0, 1, 0), 0, "wait4.without_waiting");
    expect(call(KILL, child, SIGKILL), 0, "kill.one_that_computes");
    expect(status_of(child), SIGKILL, "exit.of_a_kill_by_another");
}

static void orphans(void)
{
    int both[2];
    long grandchild = 0;
    call(PIPE2, both, 0);
    long child = fork_child();
    if (child == 0) {
        long parent = call(GETPID);
        if (call(CLONE, SIGUSR1) == 0) { /* which its new parent does not get */
            call(CLOSE, both[0]);
            while (call(GETPPID) == parent) { call(SCHED_YIELD); }
            parent = call(GETPPID);
            call(WRITE, both[1], &parent, sizeof parent);
            leave(5);
        }
        leave(0);
    }
    call(CLOSE, both[1]);
    expect(status_of(child), 0, "orphan.its_parent_ends");
    call(READ, both[0], &grandchild, sizeof grandchild);
    expect(grandchild, 1, "orphan.is_the_first_one's");
    expect(call(WAIT4, -1, 0, 0, 0) > 0, 1, "orphan.whom_it_is_waited_by");
    call(CLOSE, both[0]);
}

/* How a program ends that a child runs. */
static long end_of(const char *path)
{
    long child = fork_child();
    if (child == 0) {
        call(EXECVE, path, 0, 0);
        leave(99);
    }
    return status_of(child);
}

static void execs(void)
{
    static char *const words[] = { "echo", "a", "", "b c", 0 };
    static char *const environment[] = { "X=y", 0 };
    long child = fork_child();
    if (child == 0) {
        call(EXECVE, "/t/said", words, environment);
        leave(99);
    }
    expect(status_of(child), 4 << 8, "exec.four_words");
    child = fork_child();
    if (child == 0) {
        call(EXECVE, "/t/script", words, environment);
        leave(99);
    }
    expect(status_of(child), 6 << 8, "exec.a_script_has_two_more");
    expect(end_of("/t/overlaps"), 7 << 8, "exec.segments_in_one_page");
    expect(end_of("/t/overlaps_stores"), SIGSEGV,
           "exec.the_later_one's_rights");
    expect(call(EXECVE, "/t/nothing", words, environment), -ENOENT,
           "exec.nothing");
    expect(call(EXECVE, "/t", words, environment), -EACCES, "exec.a_folder");
    expect(call(EXECVE, "/t/text", words, environment), -ENOEXEC,
           "exec.a_text");
    expect(call(EXECVE, "/t/plain", words, environment), -EACCES,
           "exec.not_executable");
    expect(call(EXECVE, "/t/short", words, environment), -ENOEXEC,
           "exec.a_program_cut_short");
    expect(call(EXECVE, "/t/loop", words, environment), -ELOOP,
           "exec.a_script_of_itself");
    expect(call(EXECVE, "/t/said", NOTHING_THERE, environment), -EFAULT,
           "exec.bad_arguments");
    expect(call(EXECVE, NOTHING_THERE, words, environment), -EFAULT,
           "exec.bad_path");
}

/* Of vfork: the child writes what its parent reads. */
static void vforks(void)
{
    static volatile int shared;
    long child = call(CLONE, 0x4000 | 0x100 | SIGCHLD);
    if (child == 0) {
        shared = (int)call(EXECVE, "/t/nothing", 0, 0);
        leave(3);
    }
    expect(shared, -ENOENT, "vfork.the_error_arrives");
    expect(status_of(child), 3 << 8, "vfork.the_child_has_ended");
    child = call(CLONE, 0x4000 | 0x100 | SIGCHLD);
    if (child == 0) {
        static char *const words[] = { "echo", "a", 0 };
        call(EXECVE, "/t/said", words, 0);
        leave(99);
    }
    expect(status_of(child), 2 << 8, "vfork.another_program");
    expect(shared, -ENOENT, "vfork.leaves_the_parent's_storage");
}

/* A thread with a stack of its own, which its maker waits for; it ends its
 * process. */
long vforked_thread(void *stack);
__asm__(".globl vforked_thread\n"
        "vforked_thread: mv a1, a0\n"
        "li a0, 0x14f00\n"
        "li a7, 220\n"
        "ecall\n"
        "bnez a0, 1f\n"
        "li a0, 6\n"
        "li a7, 94\n"
        "ecall\n"
        "1: ret\n");

/* Who waits for a vforked child goes on when that, or a thread of its own that
 * it waits for in the same way, ends it. */
static void vforks_in_turn(void)
{
    char *stack = pages(1);
    long middle = fork_child();
    if (middle == 0) {
        long end[4] = { 0, 0, 20, 0 };
        call(SETITIMER, 0, end, 0);
        long child = call(CLONE, 0x4000 | 0x100 | SIGCHLD);
        if (child == 0) { leave(vforked_thread(stack + PAGE)); }
        leave(status_of(child) == 6 << 8 ? 7 : 8);
    }
    expect(status_of(middle), 7 << 8, "vfork.in_vfork");
    call(MUNMAP, stack, PAGE);
}

static void pipes(void)
{
    int both[2];
    char text[8] = { 0 };
    expect(call(PIPE2, both, 0), 0, "pipe.two");
    long child = fork_child();
    if (child == 0) {
        call(CLOSE, both[0]);
        call(WRITE, both[1], "hello", 5);
        leave(0);
    }
    call(CLOSE, both[1]);
    expect(call(READ, both[0], text, sizeof text), 5, "pipe.five_bytes");
    expect_text(text, "hello", "pipe.which_were_written");
    expect(call(READ, both[0], text, sizeof text), 0, "pipe.its_end");
    expect(status_of(child), 0, "pipe.the_writer_ends");
    call(CLOSE, both[0]);
    expect(call(PIPE2, NOTHING_THERE, 0), -EFAULT, "pipe.bad_address");
    expect(call(PIPE2, both, 1), -EINVAL, "pipe.odd_flags");
    expect(call(PIPE2, both, O_NONBLOCK), 0, "pipe.that_never_waits");
    expect(call(READ, both[0], text, 1), -EAGAIN, "pipe.nothing_yet");
    call(CLOSE, both[0]);
    child = fork_child();
    if (child == 0) { leave(call(WRITE, both[1], text, 1)); }
    expect(status_of(child), SIGPIPE, "pipe.nobody_reads");
    call(CLOSE, both[1]);
    expect(call(PIPE2, both, 0), 0, "pipe.for_much");
    child = fork_child();
    if (child == 0) {
        char *p = pages(50);
        leave(call(WRITE, both[1], p, 50 * PAGE) == 50 * PAGE ? 0 : 1);
    }
    call(CLOSE, both[1]);
    char *to = pages(50);
    long all = 0, part;
    while ((part = call(READ, both[0], to, 50 * PAGE)) > 0) { all += part; }
    expect(all, 50 * PAGE, "pipe.more_than_it_holds");
    expect(status_of(child), 0, "pipe.written_in_one_call");
    call(CLOSE, both[0]);
}

static volatile int handled;

static void yield_in_handler(int signal)
{
    handled = signal;
    for (int i = 0; i < 20; i++) { call(SCHED_YIELD); }
}

/* What a handler without floating point returns to has its registers, also if
 * another process has used them meanwhile. */
static void floats(void)
{
    struct {
        void (*handler)(int);
        unsigned long flags, mask;
    } action = { yield_in_handler, 0, 0 };
    double value = 0;
    call(RT_SIGACTION, SIGUSR1, &action, 0, 8);
    long child = fork_child();
    while (child == 0) {
        __asm__ volatile("fcvt.d.l fs1, %0" : : "r"(7L) : "fs1");
        call(SCHED_YIELD);
    }
    long self = call(GETPID);
    register long a7 __asm__("a7") = KILL;
    register long a0 __asm__("a0") = self;
    register long a1 __asm__("a1") = SIGUSR1;
    __asm__ volatile("fcvt.d.l fs1, %2\n"
                     "ecall\n"
                     "fmv.d %1, fs1"
                     : "+r"(a0), "=f"(value)
                     : "r"(1234L), "r"(a7), "r"(a1)
                     : "memory", "fs1");
    expect(handled, SIGUSR1, "floats.the_handler_runs");
    expect((long)value, 1234, "floats.are_there_behind_it");
    call(KILL, child, SIGKILL);
    status_of(child);
}

void test(void)
{
    ids();
    ends();
    orphans();
    execs();
    vforks();
    vforks_in_turn();
    pipes();
    floats();
}
