/* Who takes all that there is, beside who takes little. */
#include "bare.h"

/* Touches page after page, and so does its child. */
static void hog(void)
{
    char *p = pages(1 << 20);
    for (long i = 0; i < 1 << 20; i++) { *(volatile char *)(p + i * PAGE) = 1; }
}

static void memory(void)
{
    char *mine = pages(100);
    for (long i = 0; i < 100; i++) { mine[i * PAGE] = (char)i; }
    long child = fork_child();
    if (child == 0) {
        hog();
        leave(0);
    }
    expect(status_of(child), SIGKILL, "memory.its_hog_is_killed");
    long wrong = 0;
    for (long i = 0; i < 100; i++) { wrong += mine[i * PAGE] != (char)i; }
    expect(wrong, 0, "memory.others_keep_theirs");
    char *more = pages(1000);
    for (long i = 0; i < 1000; i++) { more[i * PAGE] = 1; }
    expect(more[999 * PAGE], 1, "memory.there_is_some_again");
    call(MUNMAP, more, 1000 * PAGE);
}

static void files(void)
{
    long fd = call(OPENAT, HERE, "/tmp/hog", O_CREAT | O_RDWR, 0644), part;
    char *buffer = pages(256);
    while ((part = call(WRITE, fd, buffer, 256 * PAGE)) > 0) {}
    expect(part < 0, 1, "file.there_is_an_end");
    expect(call(UNLINKAT, HERE, "/tmp/hog", 0), 0, "file.can_be_removed");
    expect(call(CLOSE, fd), 0, "file.goes_with_its_descriptor");
    fd = call(OPENAT, HERE, "/tmp/hog", O_CREAT | O_RDWR, 0644);
    expect(call(WRITE, fd, buffer, 256 * PAGE), 256 * PAGE,
           "file.there_is_room_again");
    call(CLOSE, fd);
    call(UNLINKAT, HERE, "/tmp/hog", 0);
}

static void many_files(void)
{
    char name[] = "/tmp/h0000000";
    long count = 0, fd = 0;
    for (long i = 0; fd >= 0 && i < 3000; i++) {
        for (long d = 0, n = i; d < 7; d++, n /= 10) {
            name[12 - d] = (char)('0' + n % 10);
        }
        fd = call(OPENAT, HERE, name, O_CREAT | O_RDWR, 0644);
        call(CLOSE, fd);
        count++;
    }
    expect(count, 3000, "files.thousands");
    for (long i = 0; i < 3000; i++) {
        for (long d = 0, n = i; d < 7; d++, n /= 10) {
            name[12 - d] = (char)('0' + n % 10);
        }
        count -= call(UNLINKAT, HERE, name, 0) == 0;
    }
    expect(count, 0, "files.all_can_be_removed");
}

/* A page here and there: each wants window tables of its own. */
static void wide(void)
{
    long child = fork_child();
    if (child == 0) {
        char *p = (char *)call(MMAP, 1L << 32, 200L << 30, PROT_RW,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        for (long i = 0; i < 2000; i++) {
            *(volatile char *)(p + i * (100L << 20)) = (char)i;
        }
        long wrong = 0;
        for (long i = 0; i < 2000; i++) {
            wrong += p[i * (100L << 20)] != (char)i;
        }
        leave(wrong);
    }
    expect(status_of(child), 0, "wide.two_thousand_places");
}

void test(void)
{
    memory();
    files();
    many_files();
    wide();
}
