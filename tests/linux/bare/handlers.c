/* Signals: what is forgotten, where handlers run, and what ends of them. */
#include "bare.h"

enum { PPOLL = 73 };
enum { SIGUSR2 = 12, STOP = 19 };
#define IGNORE ((void (*)(int))1)

struct action {
    void (*handler)(int signal);
    unsigned long flags, mask;
};

struct stack {
    char *address;
    int flags, pad;
    long bytes;
};

static volatile int handled;

static void count(int signal)
{
    (void)signal;
    handled++;
}

static void handle(long signal, void (*handler)(int signal))
{
    struct action action = { handler, 0, 0 };
    call(RT_SIGACTION, signal, &action, 0, 8);
}

/* ---- what is ignored ----------------------------------------------------- */

static void ignored(void)
{
    unsigned long set = 1ul << (SIGUSR2 - 1);
    handled = 0;
    call(RT_SIGPROCMASK, 0, &set, 0, 8);
    call(KILL, call(GETPID), SIGUSR2);
    handle(SIGUSR2, IGNORE);
    handle(SIGUSR2, count);
    call(RT_SIGPROCMASK, 1, &set, 0, 8);
    expect(handled, 0, "ignored.what_waits_is_forgotten");
    expect(call(KILL, 1 << 20, 65), -ESRCH, "kill.nobody_comes_first");
}

/* ---- alternate stacks ---------------------------------------------------- */

static char alternate[4 * PAGE];
static long told, refused;

static long set_stack(char *address, long flags, long bytes)
{
    struct stack said = { address, (int)flags, 0, bytes };
    return call(SIGALTSTACK, &said, 0);
}

static struct stack stack(void)
{
    struct stack now = { 0, -1, 0, -1 };
    call(SIGALTSTACK, 0, &now);
    return now;
}

static void look(int signal)
{
    (void)signal;
    told = stack().flags;
    refused = set_stack(0, 2, 0);
}

static void replace(int signal)
{
    (void)signal;
    set_stack(alternate + 2 * PAGE, 0, PAGE);
}

/* Deeper and deeper, on what is too small for two. */
static void again(int signal)
{
    if (++handled < 100) { call(KILL, call(GETPID), signal); }
}

static void on_stack(long signal, void (*handler)(int signal),
                     unsigned long flags)
{
    struct action action = { handler, 0x08000000 | flags, 0 };
    call(RT_SIGACTION, signal, &action, 0, 8);
}

static void stacks(void)
{
    expect(set_stack(alternate, 1, PAGE), 0, "stack.a_flag_that_says_nothing");
    on_stack(SIGUSR2, look, 0);
    call(KILL, call(GETPID), SIGUSR2);
    expect(told, 1, "stack.a_handler_is_told_that_it_is_on_it");
    expect(refused, -EPERM, "stack.and_may_not_change_it");
    handle(SIGUSR2, replace);
    call(KILL, call(GETPID), SIGUSR2);
    expect((long)stack().address, (long)alternate,
           "stack.it_is_again_what_it_was");
    set_stack(alternate, 1 << 31, PAGE);
    on_stack(SIGUSR2, look, 0);
    call(KILL, call(GETPID), SIGUSR2);
    expect(told, 2, "stack.disarmed_while_a_handler_runs");
    expect(stack().bytes, PAGE, "stack.armed_again");
    set_stack(alternate, 2, 0);
    expect((long)stack().address, 0, "stack.none_has_no_address");
    long child = fork_child();
    if (child == 0) {
        set_stack(alternate + PAGE, 0, 2048);
        on_stack(SIGUSR2, again, 0x40000000);
        call(KILL, call(GETPID), SIGUSR2);
        leave(0);
    }
    expect(status_of(child), SIGSEGV, "stack.is_not_overrun");
    handle(SIGUSR2, count);
}

/* ---- who writes where nobody reads --------------------------------------- */

static void no_reader(void)
{
    int both[2];
    char *many = pages(64);
    call(PIPE2, both, 0);
    long child = fork_child();
    if (child == 0) {
        call(CLOSE, both[0]);
        handled = 0;
        handle(SIGPIPE, count);
        long result = call(WRITE, both[1], many, 64 * PAGE);
        leave(result >= PAGE && result < 64 * PAGE ? handled != 0 : 2);
    }
    call(CLOSE, both[1]);
    await_waiting(child);
    call(READ, both[0], many, PAGE);
    call(CLOSE, both[0]);
    expect(status_of(child), 1 << 8, "pipe.a_part_was_read_and_it_is_told");
    call(MUNMAP, many, 64 * PAGE);
}

/* ---- ends that end others ------------------------------------------------ */

static void lose_stack(volatile int *flag)
{
    __asm__ volatile("li sp, 8\n"
                     "sw %1, 0(%0)\n"
                     "1: j 1b\n" ::"r"(flag),
                     "r"(1));
}

/* A child's end is told to a parent that ends of that, for it has no stack to
 * handle it on; neither is waited for by anybody. */
static void end_together(void)
{
    volatile int *shared = (volatile int *)call(
        MMAP, 0, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    handle(SIGCHLD, IGNORE);
    long child = fork_child();
    if (child == 0) {
        struct action action = { count, 2, 0 };
        call(RT_SIGACTION, SIGCHLD, &action, 0, 8);
        if (fork_child() == 0) {
            while (*shared == 0) { call(SCHED_YIELD); }
            leave(0);
        }
        lose_stack(shared);
    }
    expect(call(WAIT4, child, 0, 0, 0), -ECHILD, "ends.of_child_and_parent");
    handle(SIGCHLD, 0);
    call(MUNMAP, (long)shared, PAGE);
}

/* Who ends was the last who could have let others of its group go on. */
static void orphans(void)
{
    struct {
        int file;
        short events, found;
    } wanted = { 0, 1, 0 };
    int both[2];
    long time[2] = { 5, 0 };
    call(PIPE2, both, 0);
    long child = fork_child();
    if (child == 0) {
        call(SETSID);
        long leader = fork_child();
        if (leader == 0) {
            call(SETPGID, 0, 0);
            long member = fork_child();
            if (member == 0) {
                call(KILL, call(GETPID), STOP);
                leave(0);
            }
            call(WAIT4, member, 0, 2, 0);
            leave(0);
        }
        leave(status_of(leader));
    }
    call(CLOSE, both[1]);
    status_of(child);
    wanted.file = both[0];
    expect(call(PPOLL, &wanted, 1, time, 0, 8), 1,
           "orphans.one_that_is_stopped_ends");
    call(CLOSE, both[0]);
}

void test(void)
{
    ignored();
    stacks();
    no_reader();
    end_together();
    orphans();
}
