/*
 * Files of /store to which pages are given, and from which they are taken.
 *
 *     holes make       makes one
 *     holes look       sees it, perhaps on another day
 */
#include "bare.h"

enum { FALLOCATE = 47, FSYNC = 82, STATFS = 43 };
enum { KEEP_SIZE = 1, HOLE = 3, SIZE = 6 * PAGE };
#define HELD "/store/holes"

static char bytes[SIZE];

static long free_pages(void)
{
    long info[15];
    call(STATFS, "/store", info);
    return info[3];
}

/* The second page, and a part of those beside it. */
static void look(long fd)
{
    long wrong = 0, got = call(PREAD64, fd, bytes, SIZE, 0);
    for (long i = 0; i < SIZE; i++) {
        wrong += bytes[i] != (i < PAGE - 10 || i >= 3 * PAGE + 10 ? 'x' : 0);
    }
    expect(got, SIZE, "holes.as_long");
    expect(wrong, 0, "holes.zeros_in_it");
}

static void make(void)
{
    long fd = call(OPENAT, HERE, HELD, O_CREAT | O_RDWR, 0644), before;
    expect(call(FALLOCATE, fd, 0, 0, SIZE), 0, "holes.given");
    expect(call(FSYNC, fd), 0, "holes.given.is_durable");
    memset(bytes, 'x', SIZE);
    expect(call(PWRITE64, fd, bytes, SIZE, 0), SIZE, "holes.written");
    call(FSYNC, fd);
    before = free_pages();
    expect(call(FALLOCATE, fd, HOLE, PAGE - 10, 2 * PAGE + 20), 0,
           "holes.taken");
    look(fd);
    expect(call(FSYNC, fd), 0, "holes.taken.is_durable");
    expect(free_pages() - before, 2, "holes.their_pages_are_free");
    before = free_pages();
    expect(call(FALLOCATE, fd, 0, SIZE, 1L << 29), -ENOSPC, "holes.too_much");
    expect(call(FALLOCATE, fd, KEEP_SIZE, SIZE, PAGE), 0, "holes.kept_size");
    call(FSYNC, fd);
    expect(free_pages(), before, "holes.nothing_is_taken");
    look(fd);
    call(CLOSE, fd);
}

void test(void)
{
    if (argument_count > 1 && argument[1][0] == 'm') { make(); }
    long fd = call(OPENAT, HERE, HELD, O_RDONLY);
    look(fd);
    call(CLOSE, fd);
}
