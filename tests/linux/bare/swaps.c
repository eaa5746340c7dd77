/* More storage than there is: pages go to the store, and come back. */
#include "accounts.h"
#include "bare.h"

enum { MANY = 4096, SOME = 64 }; /* pages: twice what linux has */
enum { MADV_DONTNEED = 4 };

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

static long count_wrong(char *all, long step, long with)
{
    long wrong = 0;
    for (long i = 0; i < MANY; i++) {
        wrong += !is_marked(all, i * step % MANY, with);
    }
    return wrong;
}

static char *fill(void)
{
    char *all = pages(MANY);
    for (long i = 0; i < MANY; i++) { mark(all, i, 1); }
    return all;
}

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
    (void)count_wrong(all, 1, 2); /* so the first ones are out again */
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

/* Killed in the midst of it. */
static void killed(void)
{
    for (long i = 0; i < 20; i++) {
        long child = fork_child();
        if (child == 0) {
            char *all = fill();
            for (;;) { (void)count_wrong(all, 1031, 1); }
        }
        long time[2] = { 0, 10000000 + i * 5000000 };
        call(NANOSLEEP, time, 0);
        call(KILL, child, SIGKILL);
        (void)status_of(child);
    }
}

/* Until what was under way has ended. */
static void pause_for_a_second(void)
{
    long time[2] = { 1, 0 };
    call(NANOSLEEP, time, 0);
}

static void all_of_it(void)
{
    char *all = fill();
    twice(all);
    forks(all);
    calls(all);
    expect(accounts_swapped() > MANY / 4, 1, "proc.tells_what_is_out");
    call(MADVISE, all, 100 * PAGE, MADV_DONTNEED);
    expect(page(all, 50)[0], 0, "madvise.of_what_is_out");
    call(MUNMAP, all, MANY * PAGE);
    killed();
    pause_for_a_second();
    expect(accounts_swapped(), 0, "slots.all_are_free");
}

/* The second time all is there that stays; of this program, too, the pages with
 * which it compares. */
void test(void)
{
    struct accounts before = { { 0 } };
    all_of_it();
    accounts_read(&before);
    (void)accounts_are(&before, "before", 0);
    accounts_read(&before);
    all_of_it();
    expect(accounts_are(&before, "after", 0), 1, "all_comes_back");
}
