/* What another program in a process leaves behind, and what a clone may not
 * have. */
#include "bare.h"

enum { SET_ROBUST_LIST = 99 };
enum { REQUEUE = 3, OWNER_DIED = 0x40000000 };
enum {
    VM = 0x100,
    FILES = 0x400,
    VFORK = 0x4000,
    PARENT = 0x8000,
    THREAD = 0x10f00,
    CHILD_CLEARTID = 0x200000,
    CHILD_SETTID = 0x1000000,
    NEWNS = 0x20000,
    NEWPID = 0x20000000,
};

static char *const words[] = { "said", "a", 0 };

static void begin_said(void)
{
    call(EXECVE, "/t/said", words, 0);
    leave(99);
}

/* A child that shares the descriptors has its own from then on. */
static void descriptors(void)
{
    long file = call(OPENAT, HERE, "/t/text", O_RDONLY | O_CLOEXEC);
    long child = call(CLONE, FILES | SIGCHLD);
    if (child == 0) { begin_said(); }
    expect(status_of(child), 2 << 8, "descriptors.the_child_runs");
    expect(call(FCNTL, file, 1), 1, "descriptors.the_parent_s_stay_open");
    expect(call(CLOSE, file), 0, "descriptors.they_close");
}

/* ---- what is told in the storage that is left ---------------------------- */

struct head {
    long next, offset, pending;
};

static void robust(void)
{
    char *shared =
        (char *)call(MMAP, 0, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    volatile int *word = (volatile int *)(shared + 16);
    struct head head = { (long)shared, 16, 0 };
    *(long *)shared = (long)&head;
    long child = fork_child();
    if (child == 0) {
        *word = (int)call(GETTID);
        call(SET_ROBUST_LIST, &head, sizeof head);
        begin_said();
    }
    expect(status_of(child), 2 << 8, "robust.the_child_runs");
    expect(*word, OWNER_DIED, "robust.what_it_had_locked_says_so");

    /* It has unlocked, and ends before it wakes who waits. */
    head = (struct head){ (long)&head, 16, (long)shared };
    *word = 0;
    long parent = call(GETPID), time[2] = { 2, 0 };
    child = fork_child();
    if (child == 0) {
        await_waiting(parent);
        call(SET_ROBUST_LIST, &head, sizeof head);
        leave(0);
    }
    expect(call(FUTEX, word, 0, 0, time), 0, "robust.who_waits_is_woken");
    status_of(child);
    call(MUNMAP, shared, PAGE);
}

static void clears(void)
{
    static volatile int id;
    long child =
        call(CLONE, VM | VFORK | CHILD_SETTID | CHILD_CLEARTID | SIGCHLD, 0, 0,
             0, &id);
    if (child == 0) {
        if (id == 0) { leave(98); }
        begin_said();
    }
    expect(status_of(child), 2 << 8, "id.the_child_runs");
    expect(id, 0, "id.is_cleared");
}

/* ---- threads ------------------------------------------------------------- */

static volatile int word, other;

__attribute__((used)) static void thread_lives(void)
{
    while (call(FUTEX, &word, REQUEUE, 0, 1, &other) != 1) {
        call(SCHED_YIELD);
    }
    call(KILL, call(GETPID), SIGUSR1);
    begin_said();
}

/* A thread begins with nothing on its stack. */
__asm__("thread: li a7, 220\n"
        "ecall\n"
        "bnez a0, 1f\n"
        "call thread_lives\n"
        "1: ret\n");
long thread(long flags, char *stack) __asm__("thread");

static void nothing(int signal) { (void)signal; }

/* The first thread is to handle a signal, and is gone before it can. */
static void signals(void)
{
    struct {
        void (*handler)(int signal);
        unsigned long flags, mask;
    } action = { nothing, 0, 0 };
    long child = fork_child();
    if (child == 0) {
        call(RT_SIGACTION, SIGUSR1, &action, 0, 8);
        thread(THREAD, pages(1) + PAGE);
        for (;;) { call(FUTEX, &word, 0, 0, 0); }
    }
    expect(status_of(child), SIGUSR1, "signals.one_that_waits_is_not_lost");
}

/* ---- arguments ----------------------------------------------------------- */

/* An array without a text ends there, whatever stands behind it. */
static void no_arguments(void)
{
    static char *const none[] = { 0, "not", "these", 0 };
    long child = fork_child();
    if (child == 0) { leave(call(EXECVE, "/t/script", none, 0) & 0xff); }
    expect(status_of(child), 3 << 8, "arguments.none_of_a_script");
}

static long made(long result)
{
    if (result == 0) { leave(0); }
    if (result > 0) { status_of(result); }
    return result;
}

static void refused(void)
{
    long said[12] = { 0 };
    expect(made(call(CLONE, NEWPID | SIGCHLD)), -EINVAL, "clone.no_namespaces");
    said[0] = NEWNS;
    said[4] = SIGCHLD;
    expect(made(call(CLONE3, said, 64)), -EINVAL, "clone3.no_namespaces");
    said[0] = PARENT;
    expect(made(call(CLONE3, said, 64)), -EINVAL,
           "clone3.no_signal_of_a_sibling");
    said[0] = 0;
    expect(made(call(CLONE3, said, 96)) > 0, 1, "clone3.zeros_behind_it");
    said[9] = 1;
    expect(made(call(CLONE3, said, 88)), -E2BIG, "clone3.no_chosen_ids");
}

void test(void)
{
    descriptors();
    robust();
    clears();
    signals();
    no_arguments();
    refused();
}
