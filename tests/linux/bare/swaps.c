/* More storage than there is: pages go to the store, and come back. */
#include "accounts.h"
#include "bare.h"

enum { MANY = 4096, SOME = 64 }; /* pages: twice what linux has */
enum { OWN = 8 };                /* at most: of data and stack */
enum { SHARED = 1700, OTHERS = 1200, FILLED = 2500, WAY = 24 };
enum { STAYING = 1000, MORE = 1100 };
enum { MADV_DONTNEED = 4 };
enum { VALUE = 12345 };

static long *page(char *all, long number)
{
    return (long *)(all + number * PAGE);
}

/* Each page is told by its number, at both ends. */
static void mark(char *all, long number, long with)
{
    page(all, number)[0] = number * 7 + with;
    page(all, number)[PAGE / 8 - 1] = number * 11 + with;
}

static long is_marked(char *all, long number, long with)
{
    return page(all, number)[0] == number * 7 + with &&
           page(all, number)[PAGE / 8 - 1] == number * 11 + with;
}

static long count_wrong_of(char *all, long count, long step, long with)
{
    long wrong = 0;
    for (long i = 0; i < count; i++) {
        wrong += !is_marked(all, i * step % count, with);
    }
    return wrong;
}

static long count_wrong(char *all, long step, long with)
{
    return count_wrong_of(all, MANY, step, with);
}

/* So each is there once; whatever they are, it is not passed over. */
static void look_at_all(char *all, long step)
{
    volatile long wrong = count_wrong(all, step, 0);
    (void)wrong;
}

/* Milliseconds. */
static void pause_for(long time)
{
    long spec[2] = { time / 1000, time % 1000 * 1000000 };
    call(NANOSLEEP, spec, 0);
}

static char *fill_of(long count)
{
    char *all = pages(count);
    for (long i = 0; i < count; i++) { mark(all, i, 1); }
    return all;
}

static char *fill(void) { return fill_of(MANY); }

static void twice(char *all)
{
    expect(count_wrong(all, 1, 1), 0, "twice.all_is_there");
    expect(count_wrong(all, 1031, 1), 0, "twice.in_any_order");
    for (long i = 0; i < MANY; i++) { mark(all, i * 1031 % MANY, 2); }
    expect(count_wrong(all, 1, 2), 0, "twice.as_it_was_changed");
}

static void forks(char *all)
{
    long child = fork_child();
    if (child == 0) {
        long wrong = count_wrong(all, 1, 2);
        for (long i = 0; i < SOME; i++) { mark(all, i, 3); }
        for (long i = 0; i < SOME; i++) { wrong += !is_marked(all, i, 3); }
        leave(wrong != 0);
    }
    for (long i = 0; i < SOME; i++) { mark(all, MANY - 1 - i, 2); }
    expect(status_of(child), 0, "fork.the_child_has_all_too");
    expect(count_wrong(all, 1, 2), 0, "fork.the_parent's_is_its_own");
}

/* Of the storage of a call, what is out is brought. */
static void calls(char *all)
{
    static char bytes[PAGE];
    long fd = call(OPENAT, HERE, "/tmp/swap", O_CREAT | O_RDWR, 0644);
    expect(call(WRITE, fd, all, SOME * PAGE), SOME * PAGE, "write.all_of_it");
    long wrong = 0;
    for (long i = 0; i < SOME; i++) {
        call(PREAD64, fd, bytes, PAGE, i * PAGE);
        wrong += !is_marked(bytes - i * PAGE, i, 2);
    }
    expect(wrong, 0, "write.what_was_out");
    look_at_all(all, 1); /* so the first ones are out again */
    /* The pages are half written: the rest is what it was. */
    for (long i = 0; i < SOME; i++) {
        call(PREAD64, fd, (char *)page(all, i) + 8, 8, PAGE - 8);
    }
    for (long i = 0, first = 2; i < SOME; i++) {
        wrong += page(all, i)[1] != first;
        page(all, i)[1] = 0;
    }
    expect(wrong, 0, "read.into_what_is_out");
    expect(count_wrong(all, 1, 2), 0, "read.leaves_what_is_beside");
    call(CLOSE, fd);
    call(UNLINKAT, HERE, "/tmp/swap", 0);
}

/* What three share goes, too, when one of them has no room. */
static void shared(long count, long others)
{
    int ends[2];
    char byte, *all = fill_of(count);
    long wrong = 0;
    call(PIPE2, ends, 0);
    long child = fork_child();
    if (child == 0) {
        call(CLOSE, ends[1]);
        call(READ, ends[0], &byte, 1);
        for (long i = 0; i < SOME; i++) { mark(all, i, 3); }
        for (long i = 0; i < count; i++) {
            wrong += !is_marked(all, i, i < SOME ? 3 : 1);
        }
        leave(wrong != 0);
    }
    long other = fork_child();
    if (other == 0) {
        char *more = fill_of(others);
        wrong += count_wrong_of(more, others, 1031, 1);
        long before = accounts_brought();
        wrong += count_wrong_of(more, others, 1031, 1);
        leave(wrong != 0 || accounts_brought() - before > others / 4);
    }
    expect(status_of(other), 0, "shared.another_has_the_room");
    for (long i = 0; i < SOME; i++) { mark(all, count - 1 - i, 1); }
    call(CLOSE, ends[1]);
    expect(status_of(child), 0, "shared.the_child_has_all");
    expect(count_wrong_of(all, count, 1, 1), 0, "shared.the_parent_has_all");
    call(CLOSE, ends[0]);
    call(MUNMAP, all, count * PAGE);
}

/* Between each two fresh pages some come back: for one of those is no room. */
static void need_all(void)
{
    char *all = pages(MANY);
    long wrong = 0;
    for (long i = 0; i < MANY; i++) {
        mark(all, i, 1);
        for (long j = 1; j < SOME; j++) {
            wrong += !is_marked(all, (i * 1031 + j * 257) % (i + 1), 1);
        }
    }
    leave(wrong != 0);
}

/* There are few slots.  What is in one, and was not changed, needs none. */
static void full(void)
{
    char *all = fill_of(STAYING + MORE);
    call(MUNMAP, all + STAYING * PAGE, MORE * PAGE);
    long wrong = count_wrong_of(all, STAYING, 1, 1);
    char *more = fill_of(MORE);
    wrong += count_wrong_of(more, MORE, 1, 1);
    expect(wrong + count_wrong_of(all, STAYING, 1, 1), 0,
           "full.what_is_in_the_store_goes");
    call(MUNMAP, all, STAYING * PAGE);
    call(MUNMAP, more, MORE * PAGE);
    long child = fork_child();
    if (child == 0) { need_all(); }
    expect(status_of(child), SIGKILL, "full.who_has_the_most_is_ended");
}

/* What two tell each other. */
struct told {
    volatile long stop, touched, laid;
};

__attribute__((used)) static void thread_looks(volatile long *at)
{
    (void)*at;
    call(EXIT, 0);
}

/* A thread begins with nothing on its stack, and what is static may be out. */
__asm__("thread: li a7, 220\n"
        "ecall\n"
        "bnez a0, 1f\n"
        "mv a0, a2\n"
        "call thread_looks\n"
        "1: ret\n");
long thread(long flags, char *stack, long *at) __asm__("thread");

/* While a thread waits for the page, and a child shares it, a call writes to
 * it. */
static long write_over(long *to, char *spare, long value)
{
    int ends[2];
    call(MADVISE, spare, SOME / 2 * PAGE, MADV_DONTNEED);
    thread(0x10f00, spare + SOME * PAGE, to);
    pause_for(100);
    long child = fork_child();
    if (child == 0) { pause_for(100000); }
    call(PIPE2, ends, 0);
    call(WRITE, ends[1], &value, sizeof value);
    call(READ, ends[0], to, sizeof value);
    call(CLOSE, ends[0]);
    call(CLOSE, ends[1]);
    return child;
}

/* From the last page that came on back to those that are out: in front of them
 * are those that are on their way.  At the first that is out it waits. */
static void touch_back(struct told *told)
{
    char *all = pages(MANY), *spare = pages(SOME);
    long next = 0, out = 0, still = 0, wrong = 0;
    while (next < FILLED) { mark(all, next++, 1); }
    for (long i = 0; i < SOME; i++) { mark(spare, i, 0); }
    for (; still < WAY && next < MANY; pause_for(10)) {
        told->stop = next > FILLED + SOME;
        long now = accounts_own_swapped();
        still = told->stop && now == out ? still + 1 : 0;
        out = now;
        mark(all, next++, 1);
    }
    long child = write_over(page(all, 0) + 1, spare, VALUE);
    long first = out > SOME ? out - SOME : 0, last = out + SOME;
    for (long i = last; i-- > first; told->touched++) {
        wrong += !is_marked(all, i, 1);
        if (i % 2 == 1) { mark(all, i, 2); }
    }
    for (long i = first; i < last; i++) {
        if (i % 2 == 1) { mark(all, i, 3); }
    }
    while (next < MANY) { mark(all, next++, 1); }
    for (long i = 0; i < 2 * MANY; i++) { /* twice: so all go once more */
        long at = i % MANY, is_changed = at >= first && at < last && at % 2;
        wrong += !is_marked(all, at, is_changed ? 3 : 1);
    }
    told->laid = page(all, 0)[1];
    if (child > 0) { call(KILL, child, SIGKILL); }
    leave(wrong != 0 || still < WAY);
}

/* While the store stands still, as swap.py lets it, nothing that is on its way
 * arrives. */
static void met(void)
{
    struct told *told = (struct told *)call(MMAP, 0, PAGE, PROT_RW,
                                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    long child = fork_child(), before = 0;
    if (child == 0) { touch_back(told); }
    while (told->stop == 0) { pause_for(10); }
    print("stop\n");
    while (told->touched == 0 || told->touched > before) {
        before = told->touched;
        pause_for(100);
    }
    print("start\n");
    expect(before > SOME, 1, "met.pages_on_their_way_are_touched");
    expect(status_of(child), 0, "met.what_is_touched_on_its_way_out_stays");
    expect(told->laid, VALUE, "met.what_is_laid_over_what_comes_stays");
}

/* ---- who waits for a page ------------------------------------------------ */

struct action {
    void (*handler)(int signal);
    unsigned long flags, mask;
};

static char *looked_through;

static void look_through(int signal)
{
    (void)signal;
    look_at_all(looked_through, 1);
}

/* What a handler interrupted lies on two pages, one of which goes meanwhile. */
static void handlers(char *all)
{
    char *stack = pages(4);
    long said[3] = { (long)stack, 0, 2 * PAGE + 512 };
    struct action action = { look_through, 0x08000000, 0 };
    looked_through = all;
    call(RT_SIGACTION, SIGUSR1, &action, 0, 8);
    call(SIGALTSTACK, said, 0);
    for (long i = 0; i < 3; i++) {
        expect(call(KILL, call(GETPID), SIGUSR1), 0,
               "handler.returns_to_what_was_out");
    }
    said[1] = 2;
    call(SIGALTSTACK, said, 0);
    call(MUNMAP, stack, 4 * PAGE);
}

struct flock {
    short type, whence;
    long start, length;
    int process;
};
enum { SETLK = 6, SETLKW, WRITES = 1, NONE };

static long lock(long file, long order, short type, long byte)
{
    struct flock said = { type, 0, byte, 1, 0 };
    return call(FCNTL, file, order, &said);
}

static void nothing(int signal) { (void)signal; }

/* Who has waited for a lock, and has one that another waits for, waits for a
 * page now: for no lock. */
static void locks(char *all)
{
    long file = call(OPENAT, HERE, "/tmp/locked", O_CREAT | O_RDWR, 0644);
    long timer[4] = { 0, 5000, 0, 5000 }, none[4] = { 0 };
    int both[2];
    char byte;
    struct action action = { nothing, 0, 0 };
    call(RT_SIGACTION, 14, &action, 0, 8);
    call(PIPE2, both, 0);
    lock(file, SETLK, WRITES, 0);
    long child = fork_child();
    if (child == 0) {
        lock(file, SETLK, WRITES, 1);
        lock(file, SETLKW, WRITES, 0);
        call(WRITE, both[1], "x", 1);
        for (;;) { look_at_all(all, 1031); }
    }
    await_waiting(child);
    lock(file, SETLK, NONE, 0);
    call(READ, both[0], &byte, 1);
    long cut = 0;
    call(SETITIMER, 0, timer, 0);
    for (long i = 0; i < 200; i++) {
        cut += lock(file, SETLKW, WRITES, 1) == -EINTR;
    }
    call(SETITIMER, 0, none, 0);
    expect(cut, 200, "lock.of_who_waits_for_a_page");
    call(KILL, child, SIGKILL);
    (void)status_of(child);
    call(CLOSE, file);
    call(CLOSE, both[0]);
    call(CLOSE, both[1]);
    call(UNLINKAT, HERE, "/tmp/locked", 0);
}

/* What was sent is not lost where the place for it is out. */
static void received(char *all)
{
    enum { SOCKETPAIR = 199, RECVFROM = 207, BYTES = 65536 };
    char *place = pages(18), *bytes = place + 100;
    int both[2];
    long wrong = 0;
    call(SOCKETPAIR, 1, 1, 0, both);
    for (long i = 0; i < BYTES; i++) { bytes[i] = (char)(i * 7 >> 3); }
    expect(call(WRITE, both[0], bytes, BYTES), BYTES, "received.is_sent");
    memset(bytes, 0, BYTES);
    look_at_all(all, 1);
    look_at_all(all, 1);
    expect(call(RECVFROM, both[1], bytes, BYTES, 0, 0, 0), BYTES,
           "received.comes");
    for (long i = 0; i < BYTES; i++) {
        wrong += bytes[i] != (char)(i * 7 >> 3);
    }
    expect(wrong, 0, "received.is_what_was_sent");
    call(CLOSE, both[0]);
    call(CLOSE, both[1]);
    call(MUNMAP, place, 18 * PAGE);
}

/* Killed in the midst of it. */
static void killed(void)
{
    for (long i = 0; i < 20; i++) {
        long child = fork_child();
        if (child == 0) {
            char *all = fill();
            for (;;) { look_at_all(all, 1031); }
        }
        pause_for(10 + i * 5);
        call(KILL, child, SIGKILL);
        (void)status_of(child);
    }
}

static void all_of_it(void)
{
    long info[16];
    char *all = fill();
    twice(all);
    forks(all);
    calls(all);
    handlers(all);
    locks(all);
    received(all);
    expect(accounts_swapped() > MANY / 4, 1, "proc.tells_what_is_out");
    call(SYSINFO, info);
    expect(info[8] == 8192 * PAGE && info[9] < info[8], 1,
           "sysinfo.tells_of_swap");
    call(MADVISE, all, 100 * PAGE, MADV_DONTNEED);
    expect(page(all, 50)[0], 0, "madvise.of_what_is_out");
    call(MUNMAP, all, MANY * PAGE);
    shared(SHARED, OTHERS);
    killed();
    pause_for(1000); /* until what was under way has ended */
    expect(accounts_swapped() <= OWN, 1, "slots.all_are_free");
}

/* The second time all is there that stays; of this program, too, the pages with
 * which it compares. */
static void all_and_again(void)
{
    struct accounts before = { { 0 } };
    all_of_it();
    accounts_read(&before);
    (void)accounts_are(&before, "before", 0);
    accounts_read(&before);
    all_of_it();
    expect(accounts_are(&before, "after", 0), 1, "all_comes_back");
}

void test(void)
{
    char first = argument_count > 1 ? argument[1][0] : 'a';
    void (*part)(void) = first == 'm'   ? met
                         : first == 'f' ? full
                                        : all_and_again;
    part();
}
