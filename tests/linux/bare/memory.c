/* Storage: what mmap and its kin do, and what they refuse. */
#include "bare.h"

static char filled[3 * PAGE] = { 1 };
static char zeros[5 * PAGE];

static void segments(void)
{
    long sum = 0;
    for (long i = 0; i < (long)sizeof zeros; i++) { sum += zeros[i]; }
    expect(sum, 0, "segments.bss_is_zero");
    expect(filled[0] + filled[PAGE] + filled[3 * PAGE - 1], 1,
           "segments.data_is_the_file's");
    filled[PAGE] = zeros[PAGE] = 7;
    expect(filled[PAGE] + zeros[PAGE], 14, "segments.both_can_be_written");
}

static void maps(void)
{
    char *p = pages(4);
    expect((long)p % PAGE, 0, "mmap.gives_pages");
    expect(p[0] + p[4 * PAGE - 1], 0, "mmap.of_zeros");
    p[PAGE] = 5;
    expect(call(MUNMAP, p + 2 * PAGE, PAGE), 0, "munmap.of_the_middle");
    expect(p[PAGE], 5, "munmap.leaves_what_is_beside");
    expect(call(WRITE, 1, p + 2 * PAGE, 1), -EFAULT, "munmap.takes_it_away");
    expect(call(MMAP, p + 2 * PAGE, PAGE, PROT_RW,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
           (long)p + 2 * PAGE, "mmap.fixed");
    expect(p[2 * PAGE], 0, "mmap.fixed_is_of_zeros_again");
    expect(call(MMAP, 0, 0, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
           -EINVAL, "mmap.of_nothing");
    expect(call(MMAP, 0, PAGE, PROT_RW, MAP_ANONYMOUS, -1, 0), -EINVAL,
           "mmap.neither_shared_nor_private");
    expect(call(MMAP, 0, PAGE, PROT_RW, MAP_PRIVATE, 77, 0), -EBADF,
           "mmap.no_descriptor");
    expect(call(MMAP, 0, PAGE, PROT_RW, MAP_PRIVATE, 1, 1), -EINVAL,
           "mmap.offset_within_a_page");
    expect(call(MMAP, 1 << 20 | 1, PAGE, PROT_RW,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
           -EINVAL, "mmap.fixed_within_a_page");
    expect(call(MMAP, END_OF_SPACE, PAGE, PROT_RW,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0),
           -ENOMEM, "mmap.fixed_behind_the_end");
    expect(call(MMAP, 0, -PAGE, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
           -ENOMEM, "mmap.more_than_all");
    expect(call(MUNMAP, p, 0), -EINVAL, "munmap.of_nothing");
    expect(call(MUNMAP, p + 1, PAGE), -EINVAL, "munmap.within_a_page");
    expect(call(MUNMAP, p, -PAGE), -EINVAL, "munmap.that_wraps");
    expect(call(MUNMAP, p, 4 * PAGE), 0, "munmap.all");
    expect(call(MUNMAP, p, 4 * PAGE), 0, "munmap.where_nothing_is");
}

static void rights(void)
{
    char *p = pages(3);
    p[PAGE] = 9;
    expect(call(MPROTECT, p + PAGE, PAGE, PROT_READ), 0, "mprotect.reading");
    expect(call(READ, 0, p + PAGE, 0), 0, "mprotect.nothing_is_written_yet");
    expect(call(CLOCK_GETTIME, 0, p + PAGE), -EFAULT, "mprotect.holds_for_us");
    expect(p[PAGE], 9, "mprotect.keeps_what_is_there");
    long child = fork_child();
    if (child == 0) {
        *(volatile char *)(p + PAGE) = 1;
        leave(0);
    }
    expect(status_of(child), SIGSEGV, "mprotect.a_store_is_a_fault");
    expect(call(MPROTECT, p + PAGE, PAGE, PROT_RW), 0, "mprotect.back");
    p[PAGE]++;
    expect(p[PAGE], 10, "mprotect.back_is_writable");
    expect(call(MPROTECT, p, PAGE, PROT_NONE), 0, "mprotect.nothing");
    expect(call(WRITE, 1, p, 1), -EFAULT, "mprotect.nothing_can_be_read");
    expect(call(MPROTECT, p + 1, PAGE, PROT_RW), -EINVAL,
           "mprotect.within_a_page");
    expect(call(MPROTECT, p, PAGE, 64), -EINVAL, "mprotect.odd_rights");
    call(MUNMAP, p + 2 * PAGE, PAGE);
    expect(call(MPROTECT, p, 3 * PAGE, PROT_RW), -ENOMEM, "mprotect.a_hole");
    expect(call(MADVISE, p + PAGE, PAGE, 4), 0, "madvise.not_needed");
    expect(p[PAGE], 0, "madvise.not_needed_is_zero");
}

/* What is shared with a file may be written only if that was opened so. */
static void rights_of_files(void)
{
    long fd = call(OPENAT, HERE, "/tmp/rights", O_CREAT | O_RDWR, 0600);
    call(FTRUNCATE, fd, PAGE);
    long reading = call(OPENAT, HERE, "/tmp/rights", O_RDONLY);
    long p = call(MMAP, 0, PAGE, PROT_READ, MAP_SHARED, reading, 0);
    expect(call(MPROTECT, p, PAGE, PROT_RW), -EACCES,
           "mprotect.of_a_file_for_reading");
    expect(call(MPROTECT, p, PAGE, PROT_NONE), 0, "mprotect.but_less");
    expect(call(MPROTECT, p, PAGE, PROT_READ), 0, "mprotect.and_back");
    p = call(MMAP, 0, PAGE, PROT_READ, MAP_PRIVATE, reading, 0);
    expect(call(MPROTECT, p, PAGE, PROT_RW), 0, "mprotect.of_a_private_copy");
    p = call(MMAP, 0, PAGE, PROT_READ, MAP_SHARED, fd, 0);
    expect(call(MPROTECT, p, PAGE, PROT_RW), 0, "mprotect.of_a_file_to_write");
    call(CLOSE, reading);
    call(CLOSE, fd);
    call(UNLINKAT, HERE, "/tmp/rights", 0);
}

static void heap(void)
{
    char *end = (char *)call(BRK, 0);
    expect(call(BRK, end + 3 * PAGE), (long)end + 3 * PAGE, "brk.grows");
    end[3 * PAGE - 1] = 3;
    expect(call(BRK, end), (long)end, "brk.shrinks");
    expect(call(BRK, end + 3 * PAGE), (long)end + 3 * PAGE, "brk.grows_again");
    expect(end[3 * PAGE - 1], 0, "brk.what_was_there_is_gone");
    expect(call(BRK, END_OF_SPACE), (long)end + 3 * PAGE, "brk.too_far");
    expect(call(BRK, 8), (long)end + 3 * PAGE, "brk.below");
}

static void moves(void)
{
    char *p = pages(2);
    p[0] = 1;
    p[PAGE] = 2;
    char *wall = (char *)call(MMAP, p + 2 * PAGE, PAGE, PROT_RW,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    wall[0] = 3;
    expect(call(MREMAP, p, 2 * PAGE, 4 * PAGE, 0), -ENOMEM,
           "mremap.no_room_where_it_is");
    char *q = (char *)call(MREMAP, p, 2 * PAGE, 4 * PAGE, 1);
    expect(q != p && (long)q > 0, 1, "mremap.moves");
    expect(q[0] + q[PAGE] + q[3 * PAGE], 3, "mremap.what_was_there_goes_along");
    expect(call(WRITE, 1, p, 1), -EFAULT, "mremap.nothing_stays");
    expect(wall[0], 3, "mremap.leaves_what_is_beside");
    expect(call(MREMAP, q, 4 * PAGE, PAGE, 0), (long)q, "mremap.shrinks");
    expect(call(WRITE, 1, q + PAGE, 1), -EFAULT, "mremap.shrinks_at_its_end");
    expect(call(MREMAP, q + 1, PAGE, PAGE, 0), -EINVAL, "mremap.within_a_page");
    expect(call(MREMAP, NOTHING_THERE * PAGE, PAGE, 2 * PAGE, 1), -EFAULT,
           "mremap.nothing");
}

static void forks(void)
{
    char *own = pages(200);
    char *shared =
        (char *)call(MMAP, 0, PAGE, PROT_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (long i = 0; i < 200; i++) { own[i * PAGE] = (char)i; }
    long child = fork_child();
    if (child == 0) {
        long wrong = 0;
        for (long i = 0; i < 200; i++) { wrong += own[i * PAGE] != (char)i; }
        for (long i = 0; i < 200; i += 3) { own[i * PAGE] = 1; }
        shared[0] = 44;
        leave(wrong);
    }
    own[PAGE] = 99;
    expect(status_of(child), 0, "fork.the_child_sees_what_was");
    long wrong = 0;
    for (long i = 2; i < 200; i++) { wrong += own[i * PAGE] != (char)i; }
    expect(wrong, 0, "fork.nor_does_the_child_write_here");
    expect(own[PAGE], 99, "fork.the_parent_goes_on");
    expect(shared[0], 44, "fork.what_is_shared_stays_shared");
}

/* The last byte of the first page, and the first of what is not there. */
static void ends(void)
{
    char *p = pages(2);
    call(MUNMAP, p + PAGE, PAGE);
    char *last = p + PAGE - 8;
    last[0] = '/';
    expect(call(CLOCK_GETTIME, 0, last), -EFAULT, "user.across_the_end");
    expect(call(CLOCK_GETTIME, 0, p + PAGE - 16), 0, "user.up_to_the_end");
    expect(call(CLOCK_GETTIME, 0, -8L), -EFAULT, "user.wraps_around");
    expect(call(CLOCK_GETTIME, 0, END_OF_SPACE - 8), -EFAULT,
           "user.at_the_end_of_all");
    p[PAGE - 1] = 'x';
    expect(call(OPENAT, HERE, p + PAGE - 1, O_RDONLY), -EFAULT,
           "user.a_text_without_its_end");
    expect(call(WRITE, 1, p, -1L), -EFAULT, "user.a_length_that_wraps");
}

void test(void)
{
    segments();
    maps();
    rights();
    rights_of_files();
    heap();
    moves();
    forks();
    ends();
}
