/* Corners of calls about files, and of some that wait. */
#include "bare.h"

enum {
    PSELECT6 = 72,
    SOCKET = 198,
    BIND = 200,
    LISTEN,
    ACCEPT,
    CONNECT,
};
enum { NOFILE = 7, AT_EMPTY_PATH = 0x1000, NOREPLACE = 1, NOT_SUPPORTED = 95 };
enum { NAMES = 600 };

static char text[2 * PAGE];

static long open(const char *path, long flags)
{
    return call(OPENAT, HERE, path, flags, 0644);
}

/* Without a number for one more, nothing is done for it. */
static void no_number(void)
{
    unsigned long before[2], few[2];
    struct {
        short family;
        char path[8];
    } name = { 1, "\0corner" };
    long listener = call(SOCKET, 1, 1 | O_NONBLOCK, 0),
         other = call(SOCKET, 1, 1, 0);
    call(BIND, listener, &name, sizeof name);
    call(LISTEN, listener, 4);
    call(CONNECT, other, &name, sizeof name);
    long file = open("/tmp/full", O_CREAT | O_RDWR);
    call(WRITE, file, "words", 5);
    call(PRLIMIT64, 0, NOFILE, 0, before);
    few[0] = (unsigned long)file + 1;
    few[1] = before[1];
    call(PRLIMIT64, 0, NOFILE, few, 0);
    expect(open("/tmp/full", O_TRUNC | O_RDWR), -EMFILE, "full.open");
    expect(call(PREAD64, file, text, 9, 0), 5, "full.nothing_is_cut_off");
    expect(open("/tmp/none", O_CREAT | O_RDWR), -EMFILE, "full.open_new");
    expect(call(ACCEPT, listener, 0, 0), -EMFILE, "full.accept");
    call(PRLIMIT64, 0, NOFILE, before, 0);
    expect(open("/tmp/none", O_RDONLY), -ENOENT, "full.nothing_is_made");
    long accepted = call(ACCEPT, listener, 0, 0);
    expect(call(WRITE, accepted, "x", 1), 1, "full.who_connects_waits_on");
    call(CLOSE, accepted);
    call(CLOSE, listener);
    call(CLOSE, other);
    call(CLOSE, file);
}

static void names(void)
{
    long file = open("/tmp/full", O_RDONLY | O_TRUNC);
    expect(call(READ, file, text, 9), 0, "open.cuts_what_is_only_read");
    expect(call(LINKAT, HERE, "/tmp/full", HERE, "/tmp/same", 0), 0, "link");
    expect(call(RENAMEAT2, HERE, "/tmp/full", HERE, "/tmp/same", NOREPLACE),
           -EEXIST, "rename.not_to_its_other_name");
    call(UNLINKAT, HERE, "/tmp/full", 0);
    call(UNLINKAT, HERE, "/tmp/same", 0);
    expect(call(LINKAT, file, "", HERE, "/tmp/again", AT_EMPTY_PATH), -ENOENT,
           "link.none_to_what_was_removed");
    call(CLOSE, file);
}

/* A part of the names at once, then the next; each comes once. */
static void lists(void)
{
    char name[] = "/tmp/l/000";
    long seen = 0, bytes;
    call(MKDIRAT, HERE, "/tmp/l", 0755);
    for (long i = 0; i < NAMES; i++) {
        name[7] = (char)('0' + i / 100);
        name[8] = (char)('0' + i / 10 % 10);
        name[9] = (char)('0' + i % 10);
        call(CLOSE, open(name, O_CREAT | O_RDWR));
    }
    long folder = open("/tmp/l", O_RDONLY);
    while ((bytes = call(GETDENTS64, folder, text, 1000)) > 0) {
        for (long at = 0; at < bytes; at += *(short *)(text + at + 16)) {
            name[7] = 0;
            memcpy(name + 7, text + at + 19, 4);
            seen += name[7] != '.';
            if (name[7] == '.') { continue; }
            call(UNLINKAT, HERE, name, 0);
        }
    }
    expect(seen, NAMES, "list.each_comes_while_they_go");
    call(CLOSE, folder);
    expect(call(UNLINKAT, HERE, "/tmp/l", 0x200), 0, "list.all_have_gone");
}

/* What can be given is, of a place whose end is none. */
static void devices(void)
{
    char *place = pages(3);
    long zero = open("/dev/zero", O_RDONLY), random = open("/dev/random", 0);
    call(MUNMAP, place + 2 * PAGE, PAGE);
    expect(call(READ, zero, place + PAGE, 2 * PAGE), PAGE, "zero.up_to_there");
    expect(call(READ, random, place, 3 * PAGE), 2 * PAGE, "random.up_to_there");
    call(CLOSE, zero);
    call(CLOSE, random);
    call(MUNMAP, place, 2 * PAGE);
}

/* Numbers from the first argument on are no part of the sets. */
static void selects(void)
{
    unsigned long reads = 1ul << 40;
    long time[2] = { 0, 0 };
    expect(call(PSELECT6, 8, &reads, 0, 0, time, 0), 0, "select.nothing");
    expect((long)reads, 0, "select.nothing_is_said_to_be_ready");
}

static void wakes(void)
{
    static volatile int *word;
    long time[2] = { 10, 0 };
    word = (volatile int *)call(MMAP, 0, PAGE, PROT_RW,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    long child[2];
    for (long i = 0; i < 2; i++) {
        child[i] = fork_child();
        if (child[i] == 0) { leave(call(FUTEX, word, 0, 0, time) == 0); }
        await_waiting(child[i]);
    }
    expect(call(FUTEX, word, 1, 0), 1, "wake.one_if_none_is_asked_for");
    expect(call(FUTEX, word, 1, -1), 1, "wake.one_if_less_is");
    for (long i = 0; i < 2; i++) { status_of(child[i]); }
    call(MUNMAP, (long)word, PAGE);
}

static void clocks(void)
{
    long time[2] = { 0, 0 };
    expect(call(CLOCK_GETTIME, 10, time), -EINVAL, "clock.there_is_no_10");
    expect(call(CLOCK_NANOSLEEP, 5, 0, time, 0), -NOT_SUPPORTED,
           "clock.none_sleeps_by_a_coarse_one");
}

void test(void)
{
    no_number();
    names();
    lists();
    devices();
    selects();
    wakes();
    clocks();
}
