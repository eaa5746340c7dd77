/* epoll: over eventfds, over pipes, and over another. */
#include "bare.h"

enum { EVENTFD2 = 19, EPOLL_CREATE1, EPOLL_CTL, EPOLL_PWAIT };
enum { EPOLL_PWAIT2 = 441, PPOLL = 73 };
enum { ADD = 1, DEL, MOD };
enum { IN = 1, OUT = 4, HUP = 16, EXCLUSIVE = 1 << 28, ONCE = 1 << 30 };
#define EDGE (1u << 31)
enum { MANY = 100 };

struct event {
    unsigned events, pad;
    long data;
};
struct action {
    void (*handler)(int signal);
    unsigned long flags, mask;
};

static long set;
static int both[2];
static struct event got[8];

static long order(long what, long file, unsigned events, long data)
{
    struct event event = { events, 0, data };
    return call(EPOLL_CTL, set, what, file, &event);
}

/* How many are told, within milliseconds. */
static long look(long milliseconds)
{
    got[0] = (struct event){ 0, 0, -1 };
    return call(EPOLL_PWAIT, set, got, 8, milliseconds, 0, 8);
}

static long put(long file, unsigned long number)
{
    return call(WRITE, file, &number, sizeof number);
}

static long take(long file)
{
    long number = -1, result = call(READ, file, &number, sizeof number);
    return result < 0 ? result : number;
}

static void refusals(void)
{
    long file = call(EVENTFD2, 0, 0);
    long text = call(OPENAT, HERE, "/t/text", O_RDONLY);
    expect(call(EPOLL_CREATE1, 1), -EINVAL, "epoll.odd_flags");
    expect(order(ADD, 99, IN, 0), -EBADF, "epoll.no_file");
    expect(order(ADD, text, IN, 0), -EPERM, "epoll.is_always_ready");
    expect(order(ADD, set, IN, 0), -EINVAL, "epoll.itself");
    expect(order(7, file, IN, 0), -EINVAL, "epoll.odd_order");
    expect(order(MOD, file, IN, 0), -ENOENT, "epoll.is_not_watched");
    expect(order(DEL, file, IN, 0), -ENOENT, "epoll.was_not_watched");
    expect(call(EPOLL_CTL, file, ADD, set, got), -EINVAL, "epoll.by_no_epoll");
    expect(call(EPOLL_CTL, set, ADD, file, NOTHING_THERE), -EFAULT,
           "epoll.nowhere");
    expect(order(ADD, file, IN, 1), 0, "epoll.watches");
    expect(order(ADD, file, IN, 1), -EEXIST, "epoll.watches_already");
    expect(order(MOD, file, IN | EXCLUSIVE, 1), -EINVAL, "epoll.exclusive");
    expect(call(EPOLL_PWAIT, set, got, 0, 0, 0, 8), -EINVAL, "epoll.for_none");
    expect(call(EPOLL_PWAIT, set, got, -1, 0, 0, 8), -EINVAL,
           "epoll.for_fewer");
    expect(call(EPOLL_PWAIT, file, got, 1, 0, 0, 8), -EINVAL,
           "epoll.of_no_epoll");
    expect(call(EPOLL_PWAIT, 99, got, 1, 0, 0, 8), -EBADF, "epoll.of_none");
    expect(call(EPOLL_PWAIT, set, END_OF_SPACE, 1, 0, 0, 8), -EFAULT,
           "epoll.behind_the_end");
    expect(call(EPOLL_PWAIT, set, got, 1, 0, &file, 4), -EINVAL,
           "epoll.odd_mask");
    put(file, 1);
    expect(call(EPOLL_PWAIT, set, NOTHING_THERE, 1, 0, 0, 8), -EFAULT,
           "epoll.to_nowhere");
    expect(look(0), 1, "epoll.nothing_is_lost");
    call(CLOSE, file);
    expect(look(0), 0, "epoll.closed_is_forgotten");
    call(CLOSE, text);
}

static void kinds_of_watch(void)
{
    long file = call(EVENTFD2, 0, 0);
    order(ADD, file, IN, 5);
    expect(look(0), 0, "level.nothing_yet");
    put(file, 1);
    expect(look(-1), 1, "level.is_told");
    expect(got[0].data, 5, "level.data");
    expect(got[0].events, IN, "level.events");
    expect(look(-1), 1, "level.again");
    take(file);
    expect(look(0), 0, "level.no_more");
    order(MOD, file, IN | OUT, 6);
    expect(look(-1), 1, "modified.is_told");
    expect(got[0].events, OUT, "modified.events");
    order(MOD, file, IN | EDGE, 7);
    put(file, 1);
    expect(look(-1), 1, "edge.is_told");
    expect(look(0), 0, "edge.once");
    put(file, 1);
    expect(look(-1), 1, "edge.for_each_write");
    order(MOD, file, IN | ONCE, 8);
    expect(look(-1), 1, "oneshot.is_told");
    put(file, 1);
    expect(look(0), 0, "oneshot.no_more");
    order(MOD, file, IN | ONCE, 9);
    expect(look(-1), 1, "oneshot.again");
    expect(got[0].data, 9, "oneshot.data");
    expect(order(DEL, file, 0, 0), 0, "deleted.is_done");
    put(file, 1);
    expect(look(0), 0, "deleted.is_not_told");
    call(CLOSE, file);
}

/* Each is told in its turn, though one call does not hold them. */
static void turns(void)
{
    long file[12];
    unsigned told = 0;
    for (int i = 0; i < 12; i++) {
        file[i] = call(EVENTFD2, 1, 0);
        order(ADD, file[i], IN, i);
    }
    expect(look(0), 8, "turns.as_many_as_fit");
    for (int i = 0; i < 8; i++) { told |= 1u << got[i].data; }
    expect(look(0), 8, "turns.and_more");
    for (int i = 0; i < 8; i++) { told |= 1u << got[i].data; }
    expect(told, (1 << 12) - 1, "turns.all_had_theirs");
    for (int i = 0; i < 12; i++) { call(CLOSE, file[i]); }
}

/* The last that is ready goes; the next one that is comes behind the others. */
static void last_goes(void)
{
    long file[3];
    for (int i = 0; i < 3; i++) {
        file[i] = call(EVENTFD2, 0, 0);
        order(ADD, file[i], IN, i);
    }
    put(file[0], 1);
    put(file[1], 1);
    order(DEL, file[1], 0, 0);
    put(file[2], 1);
    expect(look(0), 2, "last.of_those_that_are_left");
    expect(got[0].data * 10 + got[1].data, 2, "last.in_their_order");
    for (int i = 0; i < 3; i++) { call(CLOSE, file[i]); }
    expect(look(0), 0, "last.all_are_closed");
}

static void waits(void)
{
    call(PIPE2, both, 0);
    order(ADD, both[0], IN, 1);
    long child = fork_child();
    if (child == 0) {
        long pause[2] = { 0, 20000000 };
        call(NANOSLEEP, pause, 0);
        call(WRITE, both[1], "x", 1);
        leave(0);
    }
    expect(look(-1), 1, "waits.for_another");
    status_of(child);
    char c;
    call(READ, both[0], &c, 1);
    expect(look(20), 0, "waits.so_long");
    long time[2] = { 0, 1000000 }, odd[2] = { 0, -1 };
    expect(call(EPOLL_PWAIT2, set, got, 1, time, 0, 8), 0, "waits.briefly");
    expect(call(EPOLL_PWAIT2, set, got, 1, odd, 0, 8), -EINVAL,
           "waits.odd_time");
    call(CLOSE, both[1]);
    expect(look(-1), 1, "waits.hangs_up");
    expect(got[0].events, HUP, "waits.nobody_writes");
    call(CLOSE, both[0]);
}

/* One that another watches, as poll does; but no more. */
static void nested(void)
{
    long inner = call(EPOLL_CREATE1, 0), third = call(EPOLL_CREATE1, 0);
    long file = call(EVENTFD2, 0, 0);
    struct event event = { IN, 0, 1 };
    struct {
        int file;
        short events, found;
    } one = { (int)set, IN, 0 };
    expect(order(ADD, inner, IN, 3), 0, "nested.is_watched");
    expect(call(EPOLL_CTL, inner, ADD, set, &event), -ELOOP, "nested.a_loop");
    expect(call(EPOLL_CTL, inner, ADD, third, &event), -ELOOP,
           "nested.below_another");
    expect(call(EPOLL_CTL, third, ADD, set, &event), -ELOOP,
           "nested.above_another");
    call(EPOLL_CTL, inner, ADD, file, &event);
    expect(look(0), 0, "nested.nothing_yet");
    long child = fork_child();
    if (child == 0) {
        put(file, 1);
        leave(0);
    }
    expect(call(PPOLL, &one, 1, 0, 0, 8), 1, "nested.is_polled");
    expect(look(-1), 1, "nested.is_told");
    status_of(child);
    call(CLOSE, inner);
    expect(look(0), 0, "nested.closed_is_forgotten");
    call(CLOSE, file);
    call(CLOSE, third);
}

static volatile int handled;
static void handle(int signal) { handled += signal; }

static void interrupted(void)
{
    struct action action = { handle, 0x10000000, 0 }; /* with SA_RESTART */
    unsigned long mask = 1ul << (SIGUSR1 - 1), none = 0, now = 0;
    call(RT_SIGACTION, SIGUSR1, &action, 0, 8);
    call(RT_SIGPROCMASK, 0, &mask, 0, 8);
    call(KILL, call(GETPID), SIGUSR1);
    expect(call(EPOLL_PWAIT, set, got, 1, -1, &none, 8), -EINTR,
           "mask.lets_it_through");
    expect(handled, SIGUSR1, "mask.is_handled");
    call(RT_SIGPROCMASK, 0, 0, &now, 8);
    expect((long)now, (long)mask, "mask.is_its_own_again");
    expect(call(EPOLL_PWAIT, set, got, 1, 1, &none, 8), 0,
           "mask.nothing_comes");
    call(RT_SIGPROCMASK, 0, 0, &now, 8);
    expect((long)now, (long)mask, "mask.is_its_own_in_the_end");
    call(RT_SIGPROCMASK, 2, &none, 0, 8);
}

/* By a descriptor that is closed, of a file that is not. */
static void many(void)
{
    long file = call(EVENTFD2, 1, 0), last = 0;
    for (int i = 0; i < MANY; i++) {
        last = call(DUP, file);
        order(ADD, last, IN, i);
    }
    for (long i = last; i > last - MANY; i--) { call(CLOSE, i); }
    expect(look(0), 8, "many.the_file_is_open");
    call(CLOSE, file);
    expect(look(0), 0, "many.the_file_is_closed");
}

void test(void)
{
    set = call(EPOLL_CREATE1, O_CLOEXEC);
    refusals();
    kinds_of_watch();
    turns();
    last_goes();
    waits();
    nested();
    interrupted();
    many();
    long file = call(EVENTFD2, 1, 0); /* is left to the end, as the set is */
    order(ADD, file, IN, 0);
}
