/*
 * The first process, that of a namespace on Linux: which signals it gets, and
 * how it ends; and who is told to end when a group of processes is left behind.
 *
 *     first           points
 *     first ends      it ends in the midst of another one's end
 */
#include "bare.h"

enum { SIGHUP = 1, SIGTERM = 15, SIGALRM = 14, SIGCONT = 18, SIGSTOP = 19 };
enum { SIGTSTP = 20, SIGTTIN = 21, UNTRACED = 2 };
enum { NOCLDWAIT = 2, ONSTACK = 0x08000000 };
#define IGNORED ((void (*)(int))1)

static volatile int handled;

static void note(int signal) { handled = signal; }

static void handle(long signal, void (*handler)(int), long flags)
{
    struct {
        void (*handler)(int);
        unsigned long flags, mask;
    } action = { handler, (unsigned long)flags, 0 };
    call(RT_SIGACTION, signal, &action, 0, 8);
}

/* A handler that there is no room for. */
static void handle_nowhere(long signal, long flags)
{
    char *page = pages(1);
    long stack[3] = { (long)page, 0, PAGE };
    call(MUNMAP, page, PAGE);
    call(SIGALTSTACK, stack, 0);
    handle(signal, note, flags | ONSTACK);
}

static void pause_for(long milliseconds)
{
    long time[2] = { 0, 1000000 * milliseconds };
    call(NANOSLEEP, time, 0);
}

/* ---- its signals --------------------------------------------------------- */

static void lives(void)
{
    static const long deadly[] = { SIGKILL, SIGTERM, SIGHUP,  SIGALRM,
                                   SIGSTOP, SIGTSTP, SIGTTIN, 34 };
    long set = 1L << (SIGTERM - 1), none = 0, there = 0;
    long child = fork_child();
    if (child == 0) {
        for (int i = 0; i < 8; i++) { none |= call(KILL, 1, deadly[i]); }
        leave(none);
    }
    expect(status_of(child), 0, "lives.kill_is_done");
    for (int i = 0; i < 8; i++) { none |= call(KILL, 1, deadly[i]); }
    expect(none, 0, "lives.its_own_too");
    call(RT_SIGPROCMASK, 0, &set, 0, 8);
    call(KILL, 1, SIGTERM);
    call(RT_SIGPENDING, &there, 8);
    expect(there, set, "lives.blocked_it_waits");
    call(RT_SIGPROCMASK, 1, &set, 0, 8);
    call(RT_SIGPENDING, &there, 8);
    expect(there, 0, "lives.then_it_is_forgotten");
    handle(SIGTERM, note, 0);
    child = fork_child();
    if (child == 0) { leave(call(KILL, 1, SIGTERM)); }
    status_of(child);
    expect(handled, SIGTERM, "lives.handled_it_comes");
    handle(SIGTERM, 0, 0);
    child = fork_child();
    if (child == 0) { call(KILL, call(GETPID), SIGTERM); }
    expect(status_of(child), SIGTERM, "lives.others_end");
}

/* ---- groups that are left behind ----------------------------------------- */

/* A child that stops itself, and ends with 7 when it goes on; its parent knows
 * that it is stopped. */
static long stopped_child(long group)
{
    int status;
    long child = fork_child();
    if (child == 0) {
        if (group >= 0) { call(SETPGID, 0, group); }
        call(KILL, call(GETPID), SIGSTOP);
        leave(7);
    }
    call(WAIT4, child, &status, UNTRACED, 0);
    return child;
}

/* What comes of any child but one. */
static long status_of_other(long but)
{
    int status = -1;
    long child;
    do {
        child = call(WAIT4, -1, &status, 0, 0);
    } while (child == but);
    return child > 0 ? status : child;
}

/* Stopped, in the first one's own group: who could let it go on has ended. */
static void in_the_first_group(void)
{
    long child = fork_child();
    if (child == 0) {
        call(SETPGID, 0, 0);
        stopped_child(1);
        leave(0);
    }
    expect(status_of(child), 0, "group.of_the_first.its_parent_ends");
    expect(status_of_other(0), SIGHUP, "group.of_the_first.is_ended");
}

/* In a group of its own whose new parent is of its session. */
static void of_the_first_session(void)
{
    int ends[2];
    long left = 0;
    call(PIPE2, ends, 0);
    long child = fork_child();
    if (child == 0) {
        call(SETPGID, 0, 0);
        left = stopped_child(0);
        call(WRITE, ends[1], &left, 8);
        leave(0);
    }
    call(READ, ends[0], &left, 8);
    expect(status_of(child), 0, "group.of_the_session.its_parent_ends");
    expect(call(WAIT4, left, 0, 1, 0), 0, "group.of_the_session.stays_stopped");
    call(KILL, left, SIGCONT);
    expect(status_of(left), 7 << 8, "group.of_the_session.goes_on");
    call(CLOSE, ends[0]);
    call(CLOSE, ends[1]);
}

/* A session whose leader lives on; in it a group whose leader ends, and was the
 * only way in. */
static void of_its_leader(void)
{
    int ends[2];
    char byte;
    call(PIPE2, ends, 0);
    long session = fork_child();
    if (session == 0) {
        call(SETSID);
        call(CLOSE, ends[1]);
        long leader = fork_child();
        if (leader == 0) {
            call(SETPGID, 0, 0);
            stopped_child(-1);
            leave(0);
        }
        status_of(leader);
        call(READ, ends[0], &byte, 1);
        leave(0);
    }
    call(CLOSE, ends[0]);
    expect(status_of_other(session), SIGHUP, "group.of_its_leader.is_ended");
    call(CLOSE, ends[1]);
    expect(status_of(session), 0, "group.of_its_leader.others_live");
}

/* ---- ends in ends -------------------------------------------------------- */

/* Who is told of a child's end ends of that; what he leaves nobody wants. */
static void by_a_child(void)
{
    handle(SIGCHLD, IGNORED, 0);
    if (fork_child() == 0) {
        handle_nowhere(SIGCHLD, NOCLDWAIT);
        if (fork_child() == 0) {
            pause_for(20);
            leave(0);
        }
        for (;;) {}
    }
    expect(call(WAIT4, -1, 0, 0, 0), -ECHILD, "ends.of_a_child's_end");
    handle(SIGCHLD, 0, 0);
}

/* The same of the first one: a hang-up for its group comes to it while it
 * computes. */
_Noreturn static void end_in_an_end(void)
{
    handle_nowhere(SIGHUP, 0);
    if (fork_child() == 0) {
        call(SETPGID, 0, 0);
        stopped_child(1);
        pause_for(20);
        leave(0);
    }
    for (;;) {}
}

void test(void)
{
    static const long late[4] = { 0, 0, 20, 0 };
    call(SETSID); /* on Linux it is not one of its own */
    if (argument_count > 1) { end_in_an_end(); }
    lives();
    handle(SIGALRM, note, 0);
    call(SETITIMER, 0, late, 0);
    in_the_first_group();
    of_the_first_session();
    of_its_leader();
    by_a_child();
}
