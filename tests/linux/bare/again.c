/* Programs that are started again, and again: each begins with what there is by
 * then, not with what another one had.  Their files lie in the image so that
 * pages of them are lent. */
#include "bare.h"

/* `li a7, 94` and `li a0, 0`, of /t/tiny; and `li a0, 7`. */
#define SET_CALL 0x05e00893u
#define SET_0 0x4501
#define SET_7 0x451d

static long run(const char *path)
{
    char *words[] = { (char *)path, 0 };
    long child = fork_child();
    if (child == 0) { leave(call(EXECVE, path, words, 0)); }
    return status_of(child);
}

/* Where the file has its `li a0, 0`; -1: nowhere. */
static long place_of_0(long file)
{
    static unsigned short half[4 * PAGE];
    long bytes = call(READ, file, half, sizeof half);
    for (long i = 2; i < bytes / 2; i++) {
        if (half[i] == SET_0 && half[i - 1] == SET_CALL >> 16 &&
            half[i - 2] == (SET_CALL & 0xffff)) {
            return 2 * i;
        }
    }
    return -1;
}

static void changed(void)
{
    unsigned short seven = SET_7;
    for (long i = 0; i < 3; i++) { expect(run("/t/tiny"), 0, "run.again"); }
    long file = call(OPENAT, HERE, "/t/tiny", O_RDWR);
    long place = place_of_0(file);
    expect(call(PWRITE64, file, &seven, 2, place), 2, "changed.is_written");
    call(CLOSE, file);
    for (long i = 0; i < 3; i++) {
        expect(run("/t/tiny"), 7 << 8, "changed.is_what_runs");
    }
}

/* The status of a child that loads from there. */
static long load(const volatile char *from)
{
    long child = fork_child();
    if (child == 0) { leave(from[0] == 0x7f ? 3 : 4); }
    return status_of(child);
}

/* A window that one child had onto a file is none of the next one's, but where
 * that has the file, too. */
static void mapped(void)
{
    long file = call(OPENAT, HERE, "/t/again", O_RDONLY);
    for (long i = 0; i < 3; i++) {
        char *at = (char *)call(MMAP, 0, PAGE, PROT_READ, MAP_PRIVATE, file, 0);
        expect(load(at), 3 << 8, "mapped.is_there");
        expect(load(at), 3 << 8, "mapped.is_there_again");
        call(MPROTECT, at, PAGE, PROT_NONE);
        expect(load(at), SIGSEGV, "mapped.without_a_right");
        call(MPROTECT, at, PAGE, PROT_READ);
        expect(load(at), 3 << 8, "mapped.with_it");
        call(MUNMAP, at, PAGE);
        expect(load(at), SIGSEGV, "mapped.is_gone");
        char *other =
            (char *)call(MMAP, at, PAGE, PROT_RW,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        expect(load(other), 4 << 8, "mapped.is_another");
        call(MUNMAP, other, PAGE);
    }
}

void test(void)
{
    changed();
    mapped();
}
