/* Files: names, contents, and what is refused. */
#include "accounts.h"
#include "bare.h"

enum { SETXATTR = 5, GETXATTR = 8, LISTXATTR = 11, FALLOCATE = 47 };
enum { PREADV = 69, PWRITEV, MEMFD_CREATE = 279 };
enum { ENODATA = 61, EOVERFLOW = 75, EOPNOTSUPP = 95 };
enum { KEEP_SIZE = 1, PUNCH_HOLE = 2, HOLE = 3 };

static char text[2 * PAGE];

static long open(const char *path, long flags)
{
    return call(OPENAT, HERE, path, flags, 0644);
}

static void contents(void)
{
    long fd = open("/t/text", O_RDONLY);
    expect(fd, 3, "open.the_lowest_number");
    expect(call(READ, fd, text, 5), 5, "read.five_bytes");
    expect_text(text, "Plain", "read.of_the_image");
    expect(call(WRITE, fd, text, 1), -EBADF, "write.opened_for_reading");
    expect(call(LSEEK, fd, -2, 2), 10, "lseek.from_the_end");
    expect(call(READ, fd, text, 100), 2, "read.up_to_the_end");
    expect(call(READ, fd, text, 100), 0, "read.at_the_end");
    expect(call(LSEEK, fd, -1, 0), -EINVAL, "lseek.before_the_beginning");
    expect(call(LSEEK, fd, 0, 9), -EINVAL, "lseek.from_nowhere");
    expect(call(PREAD64, fd, text, 3, 2), 3, "pread.three");
    expect(text[0], 'a', "pread.from_there");
    expect(call(CLOSE, fd), 0, "close");
    expect(call(CLOSE, fd), -EBADF, "close.twice");
    expect(call(READ, fd, text, 1), -EBADF, "read.closed");
    fd = open("/t/text", O_RDWR);
    expect(call(WRITE, fd, "P", 1), 1, "write.over_the_image");
    expect(call(PREAD64, fd, text, 5, 0), 5, "write.reads_again");
    expect_text(text, "Plain", "write.a_byte_of_it");
    expect(call(PWRITE64, fd, "xyz", 3, 3 * PAGE), 3, "pwrite.behind_the_end");
    expect(call(PREAD64, fd, text, 4, 3 * PAGE - 1), 4, "pread.across_pages");
    expect(text[0] * 1000 + text[1], 'x', "pwrite.leaves_zeros_before");
    expect(call(FTRUNCATE, fd, 4), 0, "ftruncate.shorter");
    expect(call(FTRUNCATE, fd, 8), 0, "ftruncate.longer");
    expect(call(PREAD64, fd, text, 100, 0), 8, "ftruncate.so_long");
    expect(text[3] * 1000 + text[4], 'i' * 1000, "ftruncate.cut_and_zeros");
    expect(call(FTRUNCATE, fd, -1L), -EINVAL, "ftruncate.negative");
    expect(call(PWRITE64, fd, "x", 1, 1L << 40), -EFBIG, "pwrite.far_out");
    expect(call(READ, fd, NOTHING_THERE, 4), -EFAULT, "read.bad_address");
    expect(call(WRITE, fd, NOTHING_THERE, 4), -EFAULT, "write.bad_address");
    call(CLOSE, fd);
}

static long size_of(long fd) { return call(LSEEK, fd, 0, 2); }

static long frames_of_pages(void)
{
    struct accounts now;
    accounts_read(&now);
    return now.of[PAGES];
}

static void allocation(void)
{
    long fd = open("/tmp/f", O_CREAT | O_RDWR);
    memset(text, 'x', 2 * PAGE);
    frames_of_pages(); /* what is its own is there then */
    long before = frames_of_pages();
    expect(call(FALLOCATE, fd, 0, 100, 2 * PAGE), 0, "fallocate");
    expect(size_of(fd), 2 * PAGE + 100, "fallocate.is_longer");
    expect(frames_of_pages() - before, 3, "fallocate.has_pages");
    expect(call(FALLOCATE, fd, KEEP_SIZE, 0, 9 * PAGE), 0, "fallocate.keeps");
    expect(size_of(fd), 2 * PAGE + 100, "fallocate.its_size");
    expect(call(FALLOCATE, fd, 0, PAGE, PAGE), 0, "fallocate.what_is_there");
    expect(size_of(fd), 2 * PAGE + 100, "fallocate.is_not_shorter");
    call(PWRITE64, fd, text, 2 * PAGE, 0);
    call(PWRITE64, fd, text, 100, 2 * PAGE);
    expect(call(FALLOCATE, fd, HOLE, 1000, 2 * PAGE), 0, "hole");
    call(PREAD64, fd, text, 2 * PAGE, 900);
    expect(text[99], 'x', "hole.before");
    expect(text[100] + text[PAGE] + text[7000], 0, "hole.zeros");
    call(PREAD64, fd, text, 200, 2 * PAGE);
    expect(text[99], 0, "hole.up_to_the_end");
    expect(size_of(fd), 2 * PAGE + 100, "hole.not_shorter");
    expect(frames_of_pages() - before, 1, "hole.has_no_pages");
    expect(call(FALLOCATE, fd, HOLE, 0, 1L << 40), 0, "hole.of_all");
    expect(frames_of_pages() - before, 0, "hole.all_are_back");
    char *p = (char *)call(MMAP, 0, 3 * PAGE, PROT_RW, MAP_SHARED, fd, 0);
    p[PAGE] = 'm';
    expect(call(FALLOCATE, fd, HOLE, 0, 2 * PAGE), 0, "hole.of_what_is_mapped");
    expect(p[PAGE], 0, "hole.is_seen");
    p[PAGE] = 'n';
    call(PREAD64, fd, text, 1, PAGE);
    expect(text[0], 'n', "hole.is_written");
    call(MUNMAP, p, 3 * PAGE);
    expect(call(FALLOCATE, fd, 0, 0, 1L << 29), -ENOSPC, "fallocate.too_much");
    expect(size_of(fd), 2 * PAGE + 100, "fallocate.nothing_is_changed");
    call(FTRUNCATE, fd, 0);
    call(CLOSE, fd);
    call(UNLINKAT, HERE, "/tmp/f", 0);
    expect(frames_of_pages() - before, 0, "fallocate.all_comes_back");
    fd = open("/t/plain", O_RDWR);
    expect(call(FALLOCATE, fd, HOLE, 1, 3), 0, "hole.in_the_image");
    call(PREAD64, fd, text, 12, 0);
    expect(text[0] == 'P' && text[1] + text[3] == 0 && text[4] == 'n', 1,
           "hole.the_rest_of_it");
    expect(call(FALLOCATE, fd, PUNCH_HOLE, 0, 1), -EOPNOTSUPP, "hole.shortens");
    call(CLOSE, fd);
}

/* One without a name; parts of it, at places. */
static void without_name(void)
{
    char one[2] = "ab", other[3] = "cde";
    void *parts[4] = { one, (void *)2, other, (void *)3 };
    long fd = call(MEMFD_CREATE, "it", 1);
    expect(fd >= 0 && call(FCNTL, fd, 1) == 1, 1, "memfd.is_made");
    expect(call(PWRITEV, fd, parts, 2, PAGE - 1), 5, "pwritev.at_a_place");
    expect(call(LSEEK, fd, 0, 1), 0, "pwritev.moves_nothing");
    expect(size_of(fd), PAGE + 4, "memfd.has_bytes");
    memset(one, 0, 2);
    expect(call(PREADV, fd, parts, 2, PAGE), 4, "preadv.up_to_the_end");
    expect(one[0] == 'b' && one[1] == 'c' && other[1] == 'e', 1,
           "preadv.from_there");
    char *p = (char *)call(MMAP, 0, PAGE, PROT_RW, MAP_SHARED, fd, PAGE);
    expect(p[0], 'b', "memfd.is_mapped");
    call(CLOSE, fd);
    p[0] = 'm';
    call(MUNMAP, p, PAGE);
    expect(call(LISTXATTR, "/t/text", text, 100), 0, "xattr.none");
    expect(call(GETXATTR, "/t/text", "user.x", text, 100), -ENODATA,
           "xattr.not_this_one");
    expect(call(SETXATTR, "/t/text", "user.x", text, 1, 0), -EOPNOTSUPP,
           "xattr.cannot_be_set");
}

static void names(void)
{
    expect(call(MKDIRAT, HERE, "/tmp/d", 0755), 0, "mkdir");
    expect(call(MKDIRAT, HERE, "/tmp/d", 0755), -EEXIST, "mkdir.again");
    expect(call(MKDIRAT, HERE, "/nothing/d", 0755), -ENOENT, "mkdir.nowhere");
    long fd = open("/tmp/d/a", O_CREAT | O_EXCL | O_WRONLY);
    expect(fd >= 0, 1, "open.makes");
    expect(open("/tmp/d/a", O_CREAT | O_EXCL | O_WRONLY), -EEXIST,
           "open.makes_only_new");
    call(WRITE, fd, "abc", 3);
    call(CLOSE, fd);
    expect(call(LINKAT, HERE, "/tmp/d/a", HERE, "/tmp/d/b", 0), 0, "link");
    expect(call(LINKAT, HERE, "/tmp/d", HERE, "/tmp/e", 0), -EPERM,
           "link.a_folder");
    expect(call(SYMLINKAT, "d/b", HERE, "/tmp/s"), 0, "symlink");
    expect(call(READLINKAT, HERE, "/tmp/s", text, 100), 3, "readlink");
    expect(call(READLINKAT, HERE, "/tmp/d", text, 100), -EINVAL,
           "readlink.a_folder");
    fd = open("/tmp/s", O_RDONLY);
    expect(call(READ, fd, text, 9), 3, "symlink.leads_there");
    call(CLOSE, fd);
    expect(call(UNLINKAT, HERE, "/tmp/d", 0), -EISDIR, "unlink.a_folder");
    expect(call(UNLINKAT, HERE, "/tmp/d", 0x200), -ENOTEMPTY, "rmdir.full");
    expect(call(UNLINKAT, HERE, "/tmp/d/a", 0x200), -ENOTDIR, "rmdir.a_file");
    expect(call(RENAMEAT2, HERE, "/tmp/d/a", HERE, "/tmp/d/c", 0), 0, "rename");
    expect(open("/tmp/d/a", O_RDONLY), -ENOENT, "rename.the_old_is_gone");
    expect(call(RENAMEAT2, HERE, "/tmp/d", HERE, "/tmp/d/e", 0), -EINVAL,
           "rename.into_itself");
    expect(call(UNLINKAT, HERE, "/tmp/d/b", 0), 0, "unlink");
    expect(open("/tmp/s", O_RDONLY), -ENOENT, "symlink.leads_nowhere");
    expect(call(UNLINKAT, HERE, "/tmp/d/c", 0), 0, "unlink.the_last");
    expect(call(UNLINKAT, HERE, "/tmp/d", 0x200), 0, "rmdir");
    expect(call(UNLINKAT, HERE, "/tmp/s", 0), 0, "unlink.a_link");
    expect(call(SYMLINKAT, "loop", HERE, "/tmp/loop"), 0, "symlink.to_itself");
    expect(open("/tmp/loop", O_RDONLY), -ELOOP, "open.a_loop");
    call(UNLINKAT, HERE, "/tmp/loop", 0);
}

static void paths(void)
{
    static char long_name[300], long_path[5000];
    for (long i = 0; i < 299; i++) { long_name[i] = 'n'; }
    for (long i = 0; i < 4999; i++) { long_path[i] = '/'; }
    expect(open(long_name, O_RDONLY), -ENAMETOOLONG, "open.a_long_name");
    expect(open(long_path, O_RDONLY), -ENAMETOOLONG, "open.a_long_path");
    expect(open("", O_RDONLY), -ENOENT, "open.an_empty_path");
    expect(open("/t/text/x", O_RDONLY), -ENOTDIR, "open.under_a_file");
    expect(open("/t/text/", O_RDONLY), -ENOTDIR, "open.a_file_with_a_slash");
    expect(open("/t", O_RDWR), -EISDIR, "open.a_folder_to_write");
    expect(open("/t/text", O_DIRECTORY), -ENOTDIR, "open.no_folder");
    expect(call(OPENAT, 99, "x", O_RDONLY), -EBADF, "open.from_nowhere");
    expect(call(CHDIR, "/t"), 0, "chdir");
    expect(call(GETCWD, text, 100), 3, "getcwd");
    expect_text(text, "/t", "getcwd.is_there");
    expect(call(GETCWD, text, 2), -ERANGE, "getcwd.no_room");
    long fd = open("../t/./text", O_RDONLY);
    expect(fd >= 0, 1, "open.by_dots");
    call(CLOSE, fd);
    expect(call(CHDIR, "/t/text"), -ENOTDIR, "chdir.no_folder");
    expect(call(FACCESSAT, HERE, "text", 4), 0, "access");
    expect(call(FACCESSAT, HERE, "plain", 1), -EACCES, "access.not_executable");
    expect(call(FACCESSAT, HERE, "text", 8), -EINVAL, "access.odd");
}

static void descriptors(void)
{
    long fd = open("/t/text", O_RDONLY | O_CLOEXEC);
    expect(call(FCNTL, fd, 1), 1, "fcntl.closed_by_exec");
    expect(call(DUP3, fd, 50, 0), 50, "dup3");
    expect(call(FCNTL, 50, 1), 0, "dup3.not_closed_by_exec");
    expect(call(LSEEK, fd, 3, 0), 3, "dup3.one_position");
    expect(call(LSEEK, 50, 0, 1), 3, "dup3.for_both");
    expect(call(DUP3, fd, fd, 0), -EINVAL, "dup3.the_same");
    expect(call(DUP3, 99, 51, 0), -EBADF, "dup3.closed");
    expect(call(DUP3, fd, 5000, 0), -EBADF, "dup3.too_high");
    expect(call(FCNTL, fd, 0, 40), 40, "fcntl.from_there");
    expect(call(FCNTL, fd, 0, 5000), -EINVAL, "fcntl.from_too_far");
    expect(call(CLOSE_RANGE, 40, 60, 0), 0, "close_range");
    expect(call(CLOSE, 50), -EBADF, "close_range.closes");
    long count = 0;
    while (call(DUP, fd) >= 0) { count++; }
    expect(call(DUP, fd), -EMFILE, "dup.no_more");
    expect(count > 1000, 1, "dup.a_thousand");
    call(CLOSE_RANGE, 3, -1, 0);
    expect(open("/t/text", O_RDONLY), 3, "close_range.all");
    call(CLOSE, 3);
}

static void maps(void)
{
    long fd = open("/tmp/map", O_CREAT | O_RDWR);
    call(WRITE, fd, "0123456789", 10);
    char *shared = (char *)call(MMAP, 0, 2 * PAGE, PROT_RW, MAP_SHARED, fd, 0);
    char *own = (char *)call(MMAP, 0, PAGE, PROT_RW, MAP_PRIVATE, fd, 0);
    expect(shared[3], '3', "mmap.a_file");
    expect(shared[10], 0, "mmap.zeros_behind_its_end");
    shared[3] = 'x';
    call(PREAD64, fd, text, 10, 0);
    expect(text[3], 'x', "mmap.shared_is_written");
    call(PWRITE64, fd, "y", 1, 4);
    expect(shared[4], 'y', "mmap.shared_sees_writes");
    own[5] = 'z';
    call(PREAD64, fd, text, 10, 0);
    expect(text[5], '5', "mmap.private_is_not_written");
    expect(call(CLOCK_GETTIME, 0, shared + PAGE), -EFAULT,
           "mmap.behind_the_file");
    long child = fork_child();
    if (child == 0) { leave(shared[PAGE]); }
    expect(status_of(child), 7, "mmap.behind_the_file_is_sigbus");
    call(FTRUNCATE, fd, 2 * PAGE);
    shared[PAGE] = 'w';
    call(PREAD64, fd, text, 1, PAGE);
    expect(text[0], 'w', "mmap.grows_with_its_file");
    call(CLOSE, fd);
    expect(shared[4], 'y', "mmap.outlives_its_descriptor");
    call(UNLINKAT, HERE, "/tmp/map", 0);
    expect(shared[4], 'y', "mmap.outlives_its_name");
}

/* Its pages side by side, but in another order than in the file. */
static void turned(void)
{
    enum { PAGES = 4 };
    static char page[PAGE];
    long fd = open("/tmp/map", O_CREAT | O_RDWR);
    for (long i = 0; i < PAGES; i++) {
        memset(page, (int)('a' + i), sizeof page);
        call(WRITE, fd, page, sizeof page);
    }
    char *all = pages(PAGES);
    for (long i = 0; i < PAGES; i++) {
        call(MMAP, all + i * PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd,
             (PAGES - 1 - i) * PAGE);
    }
    for (long i = 0; i < PAGES; i++) {
        expect(all[i * PAGE], 'a' + PAGES - 1 - i, "mmap.in_another_order");
    }
    for (long i = 0; i < PAGES; i++) {
        call(MMAP, all + i * PAGE, PAGE, PROT_READ, MAP_SHARED | MAP_FIXED, fd,
             i * PAGE);
    }
    for (long i = 0; i < PAGES; i++) {
        expect(all[i * PAGE], 'a' + i, "mmap.in_the_file's_order");
    }
    call(MUNMAP, all, PAGES * PAGE);
    call(CLOSE, fd);
    call(UNLINKAT, HERE, "/tmp/map", 0);
}

/* Folders that are removed while somebody is in them. */
static void removed(void)
{
    call(MKDIRAT, HERE, "/tmp/a", 0755);
    call(MKDIRAT, HERE, "/tmp/a/b", 0755);
    call(CHDIR, "/tmp/a/b");
    expect(call(UNLINKAT, HERE, "/tmp/a/b", 0x200), 0, "removed.by_its_path");
    expect(call(UNLINKAT, HERE, "/tmp/a", 0x200), 0, "removed.around_it");
    for (long i = 0; i < 8; i++) { call(CLOSE, open("/tmp/c", O_CREAT)); }
    expect(call(GETCWD, text, 100), -ENOENT, "removed.has_no_path");
    expect(open("x", O_CREAT | O_RDWR), -ENOENT, "removed.gets_no_file");
    expect(call(LINKAT, HERE, "/tmp/c", HERE, "x", 0), -ENOENT,
           "removed.gets_no_link");
    expect(call(RENAMEAT2, HERE, "/tmp/c", HERE, "x", 0), -ENOENT,
           "removed.gets_no_name");
    expect(call(CHDIR, ".."), 0, "removed.knows_its_parent");
    expect(open("x", O_CREAT | O_RDWR), -ENOENT, "removed.parent_is_too");
    expect(call(CHDIR, ".."), 0, "removed.leads_out");
    expect(call(GETCWD, text, 100), 5, "removed.leads_to_one_that_is_there");
    call(UNLINKAT, HERE, "/tmp/c", 0);
    for (long i = 0; i < 3000; i++) {
        call(MKDIRAT, HERE, "deep", 0755);
        call(CHDIR, "deep");
    }
    long inner = open(".", O_RDONLY);
    for (long i = 0; i < 3000; i++) {
        call(CHDIR, "..");
        call(UNLINKAT, HERE, "deep", 0x200);
    }
    expect(call(CLOSE, inner), 0, "removed.all_go_with_the_innermost");
    call(CHDIR, "/");
}

/* Of a write whose bytes are there in part, and of the file's size. */
static void halves(void)
{
    char *p = pages(2);
    long fd = open("/tmp/half", O_CREAT | O_RDWR);
    for (long i = 0; i < PAGE; i++) { p[i] = 'h'; }
    call(MUNMAP, p + PAGE, PAGE);
    long done = call(WRITE, fd, p + PAGE - 8, 16);
    call(FTRUNCATE, fd, PAGE);
    text[0] = 'x';
    expect(call(PREAD64, fd, text, 1, done > 0 ? done : 0), 1, "half.is_there");
    expect(text[0], 0, "half.is_not_seen_behind_the_end");
    expect(call(MMAP, 0, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, -PAGE),
           -EOVERFLOW, "mmap.offset_that_wraps");
    call(CLOSE, fd);
    call(UNLINKAT, HERE, "/tmp/half", 0);
    call(MUNMAP, p, PAGE);
}

void test(void)
{
    contents();
    allocation();
    without_name();
    names();
    paths();
    descriptors();
    maps();
    turned();
    halves();
    removed();
}
