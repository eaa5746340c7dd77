/* Calls that tell of files. */
#include <calls/table.h>
#include <files/descriptors.h>
#include <files/path.h>
#include <files/socket.h>
#include <files/volume.h>
#include <memory/frames.h>
#include <memory/user.h>
#include <processes/process.h>
#include <string.h>
#include <waiting/time.h>

#define DEVICE 1u
#define STATX_RESERVED 0x80000000u
#define KERNE_MAGIC 0x01021994 /* as a tmpfs has */

/* Folders and links are told as tmpfs tells them. */
#define NAME_BYTES 20u  /* in a folder; `.` and `..` have two */
#define LINK_BYTES 127u /* for which a link takes no page */

static uint64_t size_of(const struct node *node)
{
    if (node->kind != NULL) { return 0; }
    switch (node->mode & LINUX_S_KIND) {
    case LINUX_S_FILE: return node->content.size;
    case LINUX_S_LINK: return node->target.length;
    case LINUX_S_FOLDER: return (2 + node->folder.names) * NAME_BYTES;
    default: return 0;
    }
}

/* A folder has one in itself, and one in each folder of its own. */
static uint32_t links_of(const struct node *node)
{
    bool is_there = node->links > 0 || node == tree_root;
    if (node->kind != NULL) { return node->links > 0 ? node->links : 1; }
    return !node_is(node, LINUX_S_FOLDER) ? node->links
           : is_there                     ? 2 + node->folder.folders
                                          : 0;
}

static uint64_t pages_of(const struct node *node, uint64_t size)
{
    bool is_file = node_is(node, LINUX_S_FILE);
    bool is_long = node_is(node, LINUX_S_LINK) && size > LINK_BYTES;
    return is_file || is_long ? (size + KERNE_PAGE - 1) / KERNE_PAGE : 0;
}

static void fill(const struct node *node, struct linux_stat *stat)
{
    uint64_t size = size_of(node);
    *stat = (struct linux_stat){
        .device = DEVICE + node->is_kept,
        .number = node->number,
        .mode = node->mode,
        .links = links_of(node),
        .user = node->user,
        .group = node->group,
        .device_of_device = node->special,
        .size = (int64_t)size,
        .block_size = 4096,
        .blocks = (int64_t)(pages_of(node, size) * 8),
        .accessed = { node->accessed.seconds,
                      (uint64_t)node->accessed.nanoseconds },
        .modified = { node->modified.seconds,
                      (uint64_t)node->modified.nanoseconds },
        .changed = { node->changed.seconds,
                     (uint64_t)node->changed.nanoseconds },
    };
}

/* Of a file without a node: a pipe, mostly. */
static void fill_nameless(const struct file *file, struct linux_stat *stat)
{
    *stat = (struct linux_stat){
        .device = DEVICE,
        .number = (uint64_t)file->own / 64,
        .mode = socket_of(file) != NULL ? LINUX_S_SOCKET | 0777
                                        : LINUX_S_FIFO | 0600,
        .links = 1,
        .block_size = 4096,
    };
}

#define STAT_FLAGS                                                             \
    (LINUX_AT_SYMLINK_NOFOLLOW | LINUX_AT_NO_AUTOMOUNT | LINUX_AT_EMPTY_PATH | \
     LINUX_AT_STATX_SYNC)

static long stat_of(struct thread *t, uint64_t folder, uint64_t path,
                    uint64_t flags, struct linux_stat *ret_stat)
{
    struct node *node;
    unsigned how = flags & LINUX_AT_SYMLINK_NOFOLLOW ? 0 : PATH_FOLLOW;
    if ((uint32_t)flags & ~(uint32_t)STAT_FLAGS) { return -LINUX_EINVAL; }
    if (flags & LINUX_AT_EMPTY_PATH) {
        struct file *file =
            descriptor_file(t->process->descriptors, (uint32_t)folder);
        char first = 0;
        if (path != 0 && user_read(t->space, &first, path, 1) != 0) {
            return -LINUX_EFAULT;
        }
        if (first == '\0' && file != NULL && file->node == NULL) {
            fill_nameless(file, ret_stat);
            return 0;
        }
        how |= PATH_EMPTY;
    }
    long result = path_node(t, folder, path, how, &node);
    if (result != 0) { return result; }
    fill(node, ret_stat);
    node_drop(node);
    return 0;
}

long call_newfstatat(struct thread *t, const uint64_t *a)
{
    struct linux_stat stat;
    long result = stat_of(t, a[0], a[1], a[3], &stat);
    return result != 0 ? result
                       : user_write(t->space, a[2], &stat, sizeof stat);
}

long call_fstat(struct thread *t, const uint64_t *a)
{
    struct linux_stat stat;
    struct file *file =
        descriptor_file(t->process->descriptors, (uint32_t)a[0]);
    if (file == NULL) { return -LINUX_EBADF; }
    if (file->node == NULL) {
        fill_nameless(file, &stat);
    } else {
        fill(file->node, &stat);
    }
    return user_write(t->space, a[1], &stat, sizeof stat);
}

struct statx_time {
    int64_t seconds;
    uint32_t nanoseconds, pad;
};

struct statx {
    uint32_t mask, block_size;
    uint64_t attributes;
    uint32_t links, user, group;
    uint16_t mode, pad;
    uint64_t number, size, blocks, attributes_mask;
    struct statx_time accessed, born, changed, modified;
    uint32_t special_major, special_minor, device_major, device_minor;
    uint64_t spare[14];
};
_Static_assert(sizeof(struct statx) == 256, "size of struct statx");

long call_statx(struct thread *t, const uint64_t *a)
{
    struct linux_stat s;
    if (a[3] & STATX_RESERVED ||
        (a[2] & LINUX_AT_STATX_SYNC) == LINUX_AT_STATX_SYNC) {
        return -LINUX_EINVAL;
    }
    long result = stat_of(t, a[0], a[1], a[2], &s);
    if (result != 0) { return result; }
    struct statx x = {
        .mask = 0x7ff,
        .block_size = 4096,
        .links = s.links,
        .mode = (uint16_t)s.mode,
        .number = s.number,
        .size = (uint64_t)s.size,
        .blocks = (uint64_t)s.blocks,
        .user = s.user,
        .group = s.group,
        .accessed = { s.accessed.seconds, (uint32_t)s.accessed.nanoseconds, 0 },
        .changed = { s.changed.seconds, (uint32_t)s.changed.nanoseconds, 0 },
        .modified = { s.modified.seconds, (uint32_t)s.modified.nanoseconds, 0 },
        .special_major = (uint32_t)(s.device_of_device >> 8),
        .special_minor = s.device_of_device & 0xff,
        .device_minor = (uint32_t)s.device,
    };
    return user_write(t->space, a[4], &x, sizeof x);
}

/* As root everything may be done but to execute what nobody may. */
static long may_access(struct thread *t, const uint64_t *a, unsigned how)
{
    struct node *node;
    if ((uint32_t)a[2] > 7) { return -LINUX_EINVAL; }
    long result = path_node(t, a[0], a[1], how, &node);
    if (result != 0) { return result; }
    if (a[2] & 1 && !node_is(node, LINUX_S_FOLDER) && !(node->mode & 0111)) {
        result = -LINUX_EACCES;
    }
    node_drop(node);
    return result;
}

long call_faccessat(struct thread *t, const uint64_t *a)
{
    return may_access(t, a, PATH_FOLLOW);
}

long call_faccessat2(struct thread *t, const uint64_t *a)
{
    unsigned how;
    long result = path_flags(a[3], LINUX_AT_EACCESS, &how);
    return result != 0 ? result : may_access(t, a, how);
}

/* ---- the whole tree ------------------------------------------------------ */

struct statfs {
    uint64_t type, block_size, blocks, free, available, files, files_free;
    uint64_t id, name_bytes, fragment_size, flags, spare[4];
};

static long tell_tree(struct thread *t, const struct node *node,
                      uint64_t address)
{
    struct statfs s = { .type = KERNE_MAGIC,
                        .block_size = 4096,
                        .blocks = frames_all(),
                        .free = frames_free(),
                        .available = frames_free(),
                        .files = frames_all(),
                        .files_free = frames_free(),
                        .name_bytes = LINUX_NAME_BYTES - 1,
                        .fragment_size = 4096 };
    if (node != NULL && node->is_kept && volume_room(&s.blocks, &s.free)) {
        s.available = s.files_free = s.free;
        s.files = s.blocks;
    }
    return user_write(t->space, address, &s, sizeof s);
}

long call_statfs(struct thread *t, const uint64_t *a)
{
    struct node *node;
    long result =
        path_node(t, (uint64_t)LINUX_AT_FDCWD, a[0], PATH_FOLLOW, &node);
    if (result != 0) { return result; }
    result = tell_tree(t, node, a[1]);
    node_drop(node);
    return result;
}

long call_fstatfs(struct thread *t, const uint64_t *a)
{
    const struct file *file =
        descriptor_file(t->process->descriptors, (uint32_t)a[0]);
    return file == NULL ? -LINUX_EBADF : tell_tree(t, file->node, a[1]);
}

/* Of /store all is written, whichever file is meant. */
long call_fsync(struct thread *t, const uint64_t *a)
{
    const struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[0]);
    if (file == NULL) { return -LINUX_EBADF; }
    if (file->kind != &stored_file && file->kind != &folder_file) {
        return -LINUX_EINVAL;
    }
    return file->node != NULL && file->node->is_kept ? volume_commit() : 0;
}

long call_syncfs(struct thread *t, const uint64_t *a)
{
    const struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[0]);
    if (file == NULL) { return -LINUX_EBADF; }
    return file->node != NULL && file->node->is_kept ? volume_commit() : 0;
}

long call_sync(struct thread *t, const uint64_t *a)
{
    (void)t;
    (void)a;
    (void)volume_commit();
    return 0;
}

/* ---- folders ------------------------------------------------------------- */

struct listed {
    uint64_t number, next;
    uint16_t bytes;
    uint8_t kind;
    char name[LINUX_NAME_BYTES];
};
#define LISTED_BYTES 19 /* before the name */

/* The entry behind a position: `.`, `..`, and then the names; false: none.
 * `*last` is the name before it, if that is known (null: it is not). */
static bool next_listed(struct thread *t, struct node *folder,
                        uint64_t position, const struct name **last,
                        struct listed *ret, uint32_t *mode)
{
    if (position < 2) {
        const struct node *node =
            position == 0 ? folder : folder->folder.parent;
        *ret = (struct listed){ .number = node->number, .next = position + 1 };
        strcpy(ret->name, position == 0 ? "." : "..");
        *mode = node->mode;
        return true;
    }
    const struct name *name =
        *last != NULL ? (*last)->next : folder->folder.first;
    while (name != NULL && name->cookie + 2 <= position) { name = name->next; }
    if (name != NULL) {
        *last = name;
        *ret = (struct listed){ .number = name->node->number,
                                .next = name->cookie + 2 };
        memcpy(ret->name, name->text, name->length + 1u);
        *mode = name->node->mode;
        return true;
    }
    if (folder->kind == NULL || folder->kind->list == NULL) { return false; }
    *ret = (struct listed){ .number = 0 };
    uint64_t base = UINT64_C(1) << 62;
    uint64_t cookie = position >= base ? position - base : 0;
    ret->number = cookie + base;
    if (folder->kind->list(t, folder, &cookie, ret->name, mode) != 0) {
        return false;
    }
    ret->next = base + cookie;
    return true;
}

long call_getdents64(struct thread *t, const uint64_t *a)
{
    struct file *file =
        descriptor_opened(t->process->descriptors, (uint32_t)a[0]);
    uint64_t room = (int32_t)a[2] < 0 ? 0 : (uint32_t)a[2], done = 0;
    struct listed listed;
    const struct name *last = NULL;
    uint32_t mode = 0;
    if (file == NULL) { return -LINUX_EBADF; }
    if (file->kind != &folder_file || !node_is(file->node, LINUX_S_FOLDER)) {
        return -LINUX_ENOTDIR;
    }
    while (next_listed(t, file->node, file->position, &last, &listed, &mode)) {
        uint64_t bytes = (LISTED_BYTES + strlen(listed.name) + 1 + 7) / 8 * 8;
        if (bytes > room - done) {
            return done > 0 ? (long)done : -LINUX_EINVAL;
        }
        listed.bytes = (uint16_t)bytes;
        listed.kind = (uint8_t)(mode >> 12);
        if (user_write(t->space, a[1] + done, &listed, bytes) != 0) {
            return done > 0 ? (long)done : -LINUX_EFAULT;
        }
        file->position = listed.next;
        done += bytes;
    }
    return (long)done;
}
