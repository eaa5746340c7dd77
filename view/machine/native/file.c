#define _GNU_SOURCE /* for locks of open files */
#include "file.h"

#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEGMENT 512 /* the last one, if it is not whole, ends in zeros */

/* The bytes that QEMU locks, too: who writes the file, and who lets nobody else
 * do that.  They stay locked as long as the command runs. */
enum { WRITES = 101, LETS_NOBODY_WRITE = 201 };

static struct flock lock_of(short kind, off_t byte)
{
    return (struct flock){
        .l_type = kind,
        .l_whence = SEEK_SET,
        .l_start = byte,
        .l_len = 1,
    };
}

static void lock(const char *path, int file, bool writes)
{
    for (off_t byte = WRITES; byte <= LETS_NOBODY_WRITE; byte += 100) {
        struct flock others = lock_of(F_WRLCK, byte);
        struct flock mine = lock_of(F_RDLCK, byte);
        bool matters = writes || byte == WRITES;
        if (matters && fcntl(file, F_OFD_GETLK, &others) == 0 &&
            others.l_type != F_UNLCK) {
            give_up("%s: another machine uses this disk; two can only read it",
                    path);
        }
        if (writes || byte == LETS_NOBODY_WRITE) {
            (void)fcntl(file, F_OFD_SETLK, &mine);
        }
    }
}

static void *map(const char *path, int mode, int protection, int flags,
                 uint64_t *ret_bytes, int *ret_file)
{
    struct stat about;
    int file = open(path, mode | O_CLOEXEC);
    if (file < 0 || fstat(file, &about) != 0) {
        give_up("%s: %s", path, strerror(errno));
    }
    *ret_bytes = (uint64_t)about.st_size;
    /* Of an empty one there is nothing to be mapped. */
    if (about.st_size == 0) { flags |= MAP_ANONYMOUS; }
    size_t bytes = about.st_size == 0 ? 1 : (size_t)about.st_size;
    void *at = mmap(NULL, bytes, protection, flags, file, 0);
    if (at == MAP_FAILED) { give_up("%s: %s", path, strerror(errno)); }
    *ret_file = file;
    return at;
}

const void *file_read(const char *path, uint64_t *ret_bytes)
{
    int file;
    const void *at =
        map(path, O_RDONLY, PROT_READ, MAP_PRIVATE, ret_bytes, &file);
    (void)close(file);
    return at;
}

uint8_t *file_disk(const char *path, bool is_read_only, uint64_t *ret_bytes)
{
    int file;
    int mode = is_read_only ? O_RDONLY : O_RDWR;
    int protection = is_read_only ? PROT_READ : PROT_READ | PROT_WRITE;
    uint8_t *disk =
        map(path, mode, protection, is_read_only ? MAP_PRIVATE : MAP_SHARED,
            ret_bytes, &file);
    lock(path, file, !is_read_only);
    *ret_bytes = (*ret_bytes + SEGMENT - 1) / SEGMENT * SEGMENT;
    return disk;
}
