/* Calls about attributes of files beyond those that stat tells: none has any,
 * and none can be given, as where a file system has no room for them. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <files/path.h>
#include <memory/user.h>
#include <processes/process.h>
#include <string.h>

#define NAME_BYTES 256 /* of an attribute, with its end */
#define VALUE_BYTES 65536
#define BY_FILE 256u /* a file's number in place of a path, and PATH_FOLLOW */
enum { CREATE = 1, REPLACE = 2 };

static long find(struct thread *t, uint64_t file, unsigned how)
{
    struct node *node;
    if (how == BY_FILE) {
        return descriptor_opened(t->process->descriptors, (uint32_t)file) ==
                       NULL
                   ? -LINUX_EBADF
                   : 0;
    }
    long result = path_node(t, (uint64_t)LINUX_AT_FDCWD, file, how, &node);
    if (result == 0) { node_drop(node); }
    return result;
}

/* Is it one that there could be?  0, or an error. */
static long check_name(struct thread *t, uint64_t address)
{
    static const char *const kind[] = { "user.", "trusted.", "security." };
    char name[NAME_BYTES];
    long length = user_text(t->space, name, address, sizeof name);
    if (length == -LINUX_EFAULT) { return length; }
    if (length <= 0) { return -LINUX_ERANGE; }
    for (unsigned i = 0; i < 3; i++) {
        if (strncmp(name, kind[i], strlen(kind[i])) == 0) { return 0; }
    }
    return -LINUX_EOPNOTSUPP;
}

static long none(struct thread *t, const uint64_t *a, unsigned how)
{
    return find(t, a[0], how);
}

static long none_of_name(struct thread *t, const uint64_t *a, unsigned how)
{
    long result = find(t, a[0], how);
    if (result == 0) { result = check_name(t, a[1]); }
    return result != 0 ? result : -LINUX_ENODATA;
}

static long refuse(struct thread *t, const uint64_t *a, unsigned how)
{
    static char value[VALUE_BYTES];
    uint32_t flags = (uint32_t)a[4];
    const uint32_t known = CREATE | REPLACE;
    long result = find(t, a[0], how);
    if (result == 0) { result = check_name(t, a[1]); }
    return result != 0                                   ? result
           : flags & ~known                              ? -LINUX_EINVAL
           : a[3] > sizeof value                         ? -LINUX_E2BIG
           : user_read(t->space, value, a[2], a[3]) != 0 ? -LINUX_EFAULT
           : flags & REPLACE                             ? -LINUX_ENODATA
                                                         : -LINUX_EOPNOTSUPP;
}

#define ABOUT(name, does, how)                            \
    long call_##name(struct thread *t, const uint64_t *a) \
    {                                                     \
        return does(t, a, how);                           \
    }

ABOUT(getxattr, none_of_name, PATH_FOLLOW)
ABOUT(lgetxattr, none_of_name, 0)
ABOUT(fgetxattr, none_of_name, BY_FILE)
ABOUT(removexattr, none_of_name, PATH_FOLLOW)
ABOUT(lremovexattr, none_of_name, 0)
ABOUT(fremovexattr, none_of_name, BY_FILE)
ABOUT(setxattr, refuse, PATH_FOLLOW)
ABOUT(lsetxattr, refuse, 0)
ABOUT(fsetxattr, refuse, BY_FILE)
ABOUT(listxattr, none, PATH_FOLLOW)
ABOUT(llistxattr, none, 0)
ABOUT(flistxattr, none, BY_FILE)
