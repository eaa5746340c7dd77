/* Files by descriptors, by maps and by names; and how a call refuses. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void *volatile nowhere = (void *)8; /* the compiler knows it not */

static void said(const char *what, long result)
{
    printf("%-22s %ld%s%s\n", what, result, result < 0 ? " " : "",
           result < 0 ? strerror(errno) : "");
}

#define SAY(call) said(#call, (long)(call))

static void descriptors(int file)
{
    char bytes[16] = "";
    said("write", write(file, "0123456789", 10));
    said("seek", lseek(file, -4, SEEK_END));
    said("read", read(file, bytes, 16));
    printf("[%s]\n", bytes);
    said("pread", pread(file, bytes, 3, 1));
    said("at", lseek(file, 0, SEEK_CUR));
    said("pwrite", pwrite(file, "xy", 2, 12));
    struct iovec parts[] = { { "ab", 2 }, { "", 0 }, { "cd", 2 } };
    said("writev", writev(file, parts, 3));
    struct stat status;
    fstat(file, &status);
    said("size", status.st_size);
    said("truncate", ftruncate(file, 5000));
    fstat(file, &status);
    said("size", status.st_size);
    int again = dup(file);
    said("the same place",
         lseek(again, 0, SEEK_CUR) - lseek(file, 0, SEEK_CUR));
    close(again);
    said("closed", write(again, "x", 1));
    said("seek before", lseek(file, -1, SEEK_SET));
    said("flags", fcntl(file, F_GETFL) & (O_ACCMODE | O_APPEND));
    said("bad whence", lseek(file, 0, 99));
    said("null buffer", read(file, NULL, 0));
    said("bad buffer", pread(file, nowhere, 10, 0));
    said("too far", pread(file, bytes, 1, 6000));
}

static void maps(int file)
{
    char *shared =
        mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    char *private =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    shared[100] = 's';
    private[101] = 'p';
    char bytes[2];
    pread(file, bytes, 2, 100);
    printf("shared %d, private %d, tail %d\n", bytes[0] == 's', bytes[1] == 0,
           shared[5001] == 0);
    said("sync", msync(shared, 8192, MS_SYNC));
    said("unmap", munmap(shared, 8192) + munmap(private, 4096));
    said("map beyond", (long)mmap(NULL, 0, PROT_READ, MAP_SHARED, file, 0));
    said("map unaligned",
         (long)mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 5));
}

static void names(void)
{
    char path[PATH_MAX];
    SAY(mkdir("folder", 0755));
    SAY(mkdir("folder", 0755));
    SAY(chdir("folder"));
    printf("%s\n", getcwd(path, sizeof path));
    SAY(symlink("../data", "link"));
    said("readlink", readlink("link", path, sizeof path));
    SAY(access("link", R_OK));
    SAY(rename("link", "other"));
    SAY(link("../data", "hard"));
    SAY(open("hard", O_RDONLY | O_DIRECTORY));
    SAY(open("none", O_RDONLY));
    SAY(open("hard/x", O_RDONLY));
    SAY(open("hard", O_CREAT | O_EXCL | O_RDWR, 0600));
    DIR *folder = opendir(".");
    int count = 0;
    while (readdir(folder) != NULL) { count++; }
    closedir(folder);
    said("entries", count);
    SAY(chmod("hard", 04711));
    struct stat status;
    stat("hard", &status);
    printf("mode %o, links %lu\n", status.st_mode, (long)status.st_nlink);
    SAY(unlink("hard"));
    SAY(unlink("other"));
    SAY(unlink("other"));
    SAY(chdir(".."));
    SAY(unlink("folder"));
    SAY(rmdir("folder"));
    memset(path, 'n', sizeof path);
    path[300] = '\0';
    SAY(open(path, O_RDONLY));
    SAY(open("", O_RDONLY));
    SAY(open(nowhere, O_RDONLY));
}

int main(void)
{
    chdir("/tmp");
    int file = open("data", O_RDWR | O_CREAT | O_TRUNC, 0644);
    descriptors(file);
    maps(file);
    names();
    close(file);
    unlink("data");
    int ends[2];
    SAY(pipe2(ends, O_NONBLOCK));
    char byte;
    said("empty", read(ends[0], &byte, 1));
    SAY(fcntl(ends[1], F_GETPIPE_SZ));
    close(ends[1]);
    said("end", read(ends[0], &byte, 1));
    return 0;
}
