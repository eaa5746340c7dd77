/* /store: kept make|look|fill|room, known by the first letter. */
#include "bare.h"

enum { STATFS = 43, TRUNCATE = 45, FSYNC = 82, MS_SYNC = 4 };
enum { MANY = 300 };

static char text[64];

static long open(const char *path, long flags)
{
    return call(OPENAT, HERE, path, flags, 0640);
}

/* A page whose bytes tell where it lies. */
static void fill(char *page, long number)
{
    for (long i = 0; i < PAGE; i++) { page[i] = (char)(number * 7 + i / 3); }
}

static long wrong_in(const char *page, long number)
{
    long wrong = 0;
    for (long i = 0; i < PAGE; i++) {
        wrong += page[i] != (char)(number * 7 + i / 3);
    }
    return wrong;
}

static void write_text(const char *path, const char *words)
{
    long fd = open(path, O_CREAT | O_RDWR | O_TRUNC);
    call(WRITE, fd, words, length(words));
    call(CLOSE, fd);
}

static long read_text(const char *path)
{
    for (unsigned i = 0; i < sizeof text; i++) { text[i] = 0; }
    long fd = open(path, O_RDONLY);
    long bytes = call(READ, fd, text, sizeof text - 1);
    call(CLOSE, fd);
    return fd < 0 ? fd : bytes;
}

static char *many_name(long number)
{
    static char name[] = "/store/many/file-000";
    name[17] = (char)('0' + number / 100);
    name[18] = (char)('0' + number / 10 % 10);
    name[19] = (char)('0' + number % 10);
    return name;
}

static void make(void)
{
    char *page = pages(1);
    expect(call(MKDIRAT, HERE, "/store/d", 0750), 0, "kept.folder");
    write_text("/store/d/a", "first");
    write_text("/store/d/removed", "removed");
    expect(call(LINKAT, HERE, "/store/d/a", HERE, "/store/hard", 0), 0,
           "kept.link");
    expect(call(SYMLINKAT, "d/a", HERE, "/store/soft"), 0, "kept.symlink");
    expect(call(LINKAT, HERE, "/t/text", HERE, "/store/x", 0), -EXDEV,
           "kept.link_from_elsewhere");
    expect(call(RENAMEAT2, HERE, "/store/d", HERE, "/tmp/d", 0), -EXDEV,
           "kept.rename_to_elsewhere");
    expect(call(UNLINKAT, HERE, "/store", 0x200), -EBUSY, "kept.rmdir_mount");
    long fd = open("/store/large", O_CREAT | O_RDWR);
    for (long i = 0; i < 600; i++) {
        fill(page, i);
        call(PWRITE64, fd, page, PAGE, i * PAGE);
    }
    expect(call(FTRUNCATE, fd, 599 * PAGE + 100), 0, "kept.truncate");
    expect(call(FSYNC, fd), 0, "kept.fsync");
    char *map =
        (char *)call(MMAP, 0, 2 * PAGE, PROT_RW, MAP_SHARED, fd, 5 * PAGE);
    map[1] = 'm';
    expect(call(MSYNC, map, 2 * PAGE, MS_SYNC), 0, "kept.msync");
    map[PAGE] = 'n'; /* at the end of all */
    call(CLOSE, fd);
    call(MKDIRAT, HERE, "/store/many", 0700);
    for (long i = 0; i < MANY; i++) { write_text(many_name(i), many_name(i)); }
    expect(call(UNLINKAT, HERE, "/store/d/removed", 0), 0, "kept.unlink");
    write_text("/store/d/old", "to be renamed");
    expect(call(RENAMEAT2, HERE, "/store/d/old", HERE, "/store/many/new", 0), 0,
           "kept.rename");
    fd = open("/store/hole", O_CREAT | O_RDWR);
    call(PWRITE64, fd, "end", 3, 3000 * (long)PAGE);
    call(CLOSE, fd);
}

static long count_names(const char *path)
{
    static char names[4096];
    long fd = open(path, O_DIRECTORY), bytes, count = 0;
    while ((bytes = call(GETDENTS64, fd, names, sizeof names)) > 0) {
        for (long at = 0; at < bytes; count++) {
            at += *(unsigned short *)(names + at + 16);
        }
    }
    call(CLOSE, fd);
    return count;
}

static void look(void)
{
    char *page = pages(1);
    long stat[16], wrong = 0;
    expect(read_text("/store/d/a"), 5, "kept.file");
    expect_text(text, "first", "kept.bytes");
    call(NEWFSTATAT, HERE, "/store/hard", stat, 0);
    expect(((unsigned *)stat)[4], 0100640, "kept.mode");
    expect(((unsigned *)stat)[5], 2, "kept.two_names");
    expect(read_text("/store/soft"), 5, "kept.symlink_leads_there");
    expect(read_text("/store/d/removed"), -ENOENT, "kept.was_removed");
    expect(read_text("/store/d/old"), -ENOENT, "kept.was_renamed");
    expect(read_text("/store/many/new"), 13, "kept.has_a_new_name");
    expect(count_names("/store/many"), MANY + 3, "kept.names");
    for (long i = 0; i < MANY; i++) {
        read_text(many_name(i));
        for (long at = 0; at < 21; at++) {
            wrong += text[at] != many_name(i)[at];
        }
    }
    expect(wrong, 0, "kept.many_files");
    long fd = open("/store/large", O_RDWR);
    for (long i = wrong = 0; i < 599; i++) {
        call(PREAD64, fd, page, PAGE, i * PAGE);
        if (i == 5) { expect(page[1], 'm', "kept.mapped"); }
        if (i == 6) { expect(page[0], 'n', "kept.mapped_at_the_end"); }
        if (i != 5 && i != 6) { wrong += wrong_in(page, i); }
    }
    expect(wrong, 0, "kept.large_file");
    expect(call(PREAD64, fd, page, PAGE, 599 * PAGE), 100, "kept.its_end");
    char *map =
        (char *)call(MMAP, 0, PAGE, PROT_READ, MAP_PRIVATE, fd, 100 * PAGE);
    expect(wrong_in(map, 100), 0, "kept.is_mapped");
    call(CLOSE, fd);
    fd = open("/store/hole", O_RDONLY);
    expect(call(PREAD64, fd, page, 8, 2000 * (long)PAGE), 8, "kept.hole");
    expect(page[0], 0, "kept.hole_is_zero");
    expect(call(PREAD64, fd, page, 8, 3000 * (long)PAGE), 3, "kept.behind_it");
    call(CLOSE, fd);
}

static void fill_up(void)
{
    char *page = pages(1);
    long figures[15], fd = open("/store/full", O_CREAT | O_RDWR), all = 0;
    long more = 0, put;
    call(STATFS, "/store", figures);
    expect(figures[3] > 100 && figures[3] < figures[2], 1, "full.statfs");
    while ((put = call(WRITE, fd, page, PAGE)) == PAGE) { all++; }
    expect(put, -ENOSPC, "full.is_refused");
    expect(all > figures[3] / 2, 1, "full.most_was_free");
    expect(call(FSYNC, fd), 0, "full.is_written_all_the_same");
    char *map =
        (char *)call(MMAP, 0, (all + 2) * PAGE, PROT_RW, MAP_SHARED, fd, 0);
    call(FTRUNCATE, fd, (all + 2) * PAGE);
    long child = fork_child();
    if (child == 0) {
        map[(all + 1) * PAGE] = 1;
        leave(0);
    }
    expect(status_of(child), 7, "full.a_mapped_page_is_a_bus_error");
    call(MUNMAP, map, (all + 2) * PAGE);
    call(CLOSE, fd);
    expect(call(UNLINKAT, HERE, "/store/full", 0), 0, "full.is_removed");
    fd = open("/store/again", O_CREAT | O_RDWR | O_TRUNC);
    while (more < all / 2 && call(WRITE, fd, page, PAGE) == PAGE) { more++; }
    expect(more, all / 2, "full.room_comes_back");
    call(CLOSE, fd);
    expect(call(UNLINKAT, HERE, "/store/again", 0), 0, "full.is_empty");
}

/* Frames that are free. */
static void room(void)
{
    long figures[15];
    call(STATFS, "/", figures);
    print_number(figures[3]);
    print("\n");
}

void test(void)
{
    switch (argument[1][0]) {
    case 'm': make(); return;
    case 'l': look(); return;
    case 'f': fill_up(); return;
    default: room(); return;
    }
}
