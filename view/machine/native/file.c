#include "file.h"

#include "options.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void *map(const char *path, int mode, int protection, int flags,
                 uint64_t *ret_bytes)
{
    struct stat about;
    int file = open(path, mode | O_CLOEXEC);
    if (file < 0 || fstat(file, &about) != 0) {
        give_up("%s: %s", path, strerror(errno));
    }
    if (about.st_size == 0) { give_up("%s: the file is empty", path); }
    *ret_bytes = (uint64_t)about.st_size;
    void *at = mmap(NULL, (size_t)about.st_size, protection, flags, file, 0);
    if (at == MAP_FAILED) { give_up("%s: %s", path, strerror(errno)); }
    (void)close(file);
    return at;
}

const void *file_read(const char *path, uint64_t *ret_bytes)
{
    return map(path, O_RDONLY, PROT_READ, MAP_PRIVATE, ret_bytes);
}

uint8_t *file_disk(const char *path, bool is_read_only, uint64_t *ret_bytes)
{
    uint8_t *disk =
        is_read_only
            ? map(path, O_RDONLY, PROT_READ, MAP_PRIVATE, ret_bytes)
            : map(path, O_RDWR, PROT_READ | PROT_WRITE, MAP_SHARED, ret_bytes);
    if (*ret_bytes % 512 != 0) {
        give_up("%s: a disk is whole segments of 512 bytes", path);
    }
    return disk;
}
