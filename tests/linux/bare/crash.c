/* For crashes.py: `crash do` does what stands in /t/script, a line each, and
 * says the number of each line that asked for what it had done to be durable;
 * `crash tell` says what there is in /store. */
#include "bare.h"

enum { STATFS = 43, SYNC = 81, FSYNC = 82, FDATASYNC = 83, SYNCFS = 267 };
enum { O_DSYNC = 010000, MS_SYNC = 4, REMOVEDIR = 0x200 };
enum { WORDS = 5, MAPPED = 8, DEPTH = 8 };

static const char *at; /* in the script */
static char words[WORDS][64];
static char *map;

/* ---- do ------------------------------------------------------------------ */

/* The next line's words; those that it has not are empty. */
static void read_words(void)
{
    for (long i = 0; i < WORDS; i++) {
        long bytes = 0;
        while (*at != ' ' && *at != '\n') { words[i][bytes++] = *at++; }
        words[i][bytes] = '\0';
        if (*at == ' ') { at++; }
    }
    at++;
}

static long number_of(const char *word)
{
    long number = 0;
    while (*word != '\0') { number = 10 * number + *word++ - '0'; }
    return number;
}

static long open_for(const char *path, long flags)
{
    return call(OPENAT, HERE, path, O_CREAT | O_RDWR | flags, 0600);
}

/* Pages of which each word tells which line wrote it, and where. */
static long write_pages(long fd, long first, long count, long line)
{
    unsigned *page = (unsigned *)pages(count);
    for (long i = 0; i < count * PAGE / 8; i++) {
        page[2 * i] = (unsigned)line;
        page[2 * i + 1] = (unsigned)(first + i * 8 / PAGE);
    }
    long result = call(PWRITE64, fd, page, count * PAGE, first * PAGE);
    call(MUNMAP, page, count * PAGE);
    return result == count * PAGE ? 0 : result;
}

static long write_bytes(long fd, long offset, long count, long line)
{
    static char bytes[PAGE];
    memset(bytes, (char)line, PAGE);
    long result = call(PWRITE64, fd, bytes, count, offset);
    return result == count ? 0 : result;
}

/* What is mapped stays so. */
static long store_mapped(const char *path, long page, long line)
{
    long fd = open_for(path, 0);
    if (map == 0) {
        map = (char *)call(MMAP, 0, MAPPED * PAGE, PROT_RW, MAP_SHARED, fd, 0);
    }
    call(CLOSE, fd);
    *(volatile long *)(map + page * PAGE) = line;
    return 0;
}

static long sync_by(char how, long fd)
{
    return call(how == 'f' ? FSYNC : how == 'F' ? FDATASYNC : SYNCFS, fd);
}

static long do_with(char what, long fd, long line)
{
    long second = number_of(words[2]), third = number_of(words[3]);
    switch (what) {
    case 'w':
    case 'o': return write_pages(fd, second, third, line);
    case 'b': return write_bytes(fd, second, third, line);
    case 't': return call(FTRUNCATE, fd, second);
    default: return sync_by(what, fd);
    }
}

static long do_line(long line)
{
    const char *path = words[1], *other = words[2];
    switch (words[0][0]) {
    case 'u': return call(UNLINKAT, HERE, path, 0);
    case 'D': return call(UNLINKAT, HERE, path, REMOVEDIR);
    case 'd': return call(MKDIRAT, HERE, path, 0700);
    case 'r': return call(RENAMEAT2, HERE, path, HERE, other, 0);
    case 'l': return call(LINKAT, HERE, path, HERE, other, 0);
    case 's': return call(SYMLINKAT, path, HERE, other);
    case 'm': return store_mapped(path, number_of(other), line);
    case 'M': return call(MSYNC, map, MAPPED * PAGE, MS_SYNC);
    case 'S': return call(SYNC);
    default: break;
    }
    long fd = open_for(path, words[0][0] == 'o' ? O_DSYNC : 0);
    long result = fd < 0 ? fd : do_with(words[0][0], fd, line);
    call(CLOSE, fd);
    return result;
}

static int is_durable(char what)
{
    static const char all[] = "ofFSyM";
    const char *one = all;
    while (*one != '\0' && *one != what) { one++; }
    return *one != '\0';
}

static void do_script(void)
{
    long stat[16], fd = call(OPENAT, HERE, "/t/script", O_RDONLY);
    call(FSTAT, fd, stat);
    at = (const char *)call(MMAP, 0, stat[6], PROT_READ, MAP_PRIVATE, fd, 0);
    const char *end = at + stat[6];
    for (long line = 1; at < end; line++) {
        read_words();
        long result = do_line(line);
        if (result != 0) { print("wrong "); }
        if (result == 0 && !is_durable(words[0][0])) { continue; }
        print_number(line);
        print("\n");
    }
}

/* ---- tell ---------------------------------------------------------------- */

static char path[256] = "/store";

/* CRC-32 of a file, or of a link's target. */
static long sum_of(const char *bytes, long count, unsigned sum)
{
    for (long i = 0; i < count; i++) {
        sum ^= (unsigned char)bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            sum = sum & 1 ? sum >> 1 ^ 0xedb88320 : sum >> 1;
        }
    }
    return sum;
}

static void tell_one(void)
{
    static char bytes[PAGE];
    long stat[16], count, fd;
    unsigned sum = ~0u;
    call(NEWFSTATAT, HERE, path, stat, 0x100);
    unsigned mode = *(unsigned *)(stat + 2), links = ((unsigned *)stat)[5];
    if ((mode & 0170000) == 0100000) {
        fd = call(OPENAT, HERE, path, O_RDONLY);
        while ((count = call(READ, fd, bytes, PAGE)) > 0) {
            sum = (unsigned)sum_of(bytes, count, sum);
        }
        call(CLOSE, fd);
    } else if ((mode & 0170000) == 0120000) {
        count = call(READLINKAT, HERE, path, bytes, PAGE);
        sum = (unsigned)sum_of(bytes, count, sum);
    }
    int is_folder = (mode & 0170000) == 0040000;
    print("= ");
    print(path);
    print(" ");
    print_number(mode);
    print(" ");
    print_number(is_folder ? 0 : links);
    print(" ");
    print_number(is_folder ? 0 : stat[6]);
    print(" ");
    print_number(is_folder ? 0 : ~sum);
    print("\n");
}

/* All that is below the path. */
static void tell_folder(int depth)
{
    static char names[DEPTH][PAGE];
    long bytes, end = length(path), fd = call(OPENAT, HERE, path, O_DIRECTORY);
    if (fd < 0 || depth == DEPTH) { return; }
    while ((bytes = call(GETDENTS64, fd, names[depth], PAGE)) > 0) {
        for (char *entry = names[depth]; entry < names[depth] + bytes;
             entry += *(unsigned short *)(entry + 16)) {
            const char *name = entry + 19;
            if (name[0] == '.') { continue; }
            path[end] = '/';
            memcpy(path + end + 1, name, (unsigned long)length(name) + 1);
            tell_one();
            if (entry[18] == 4) { tell_folder(depth + 1); }
            path[end] = '\0';
        }
    }
    call(CLOSE, fd);
}

/* Pages that are not free. */
static void tell_room(void)
{
    long figures[15];
    call(STATFS, "/store", figures);
    print("room ");
    print_number(figures[2] - figures[3]);
    print("\n");
}

void test(void)
{
    if (argument[1][0] == 'd') { do_script(); }
    if (argument[1][0] == 't') { tell_folder(0); }
    tell_room();
}
